//! Calls one after the other on one connection.

use super::reader::Reader;
use crate::cluster::Place;
use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

/// A connection to the REST API.
#[derive(Debug)]
pub struct Client {
    place: Place,
    stream: TcpStream,
    reader: Reader,
    /// Lines of every request's head, each with its end.
    headers: String,
}

impl Client {
    /// Connects.
    ///
    /// # Errors
    /// Where nobody listens.
    pub async fn connect(place: Place) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(place.address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            place,
            stream,
            reader: Reader::new(),
            headers: String::new(),
        })
    }

    /// Sends that header with every request from now on.
    pub fn set_header(&mut self, name: &str, value: &str) {
        self.headers.push_str(&format!("{name}: {value}\r\n"));
    }

    /// Makes a call and returns the answer's status and its JSON, null where it has none.
    ///
    /// # Errors
    /// Where the connection ends.
    pub async fn call(
        &mut self,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> anyhow::Result<(u16, Value)> {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let status = self.send(method, path, ("application/json", &body)).await?;
        let json = serde_json::from_slice(&self.reader.body()?).unwrap_or_default();
        Ok((status, json))
    }

    /// Sends a form and returns the answer's status and headers.
    ///
    /// # Errors
    /// Where the connection ends.
    pub async fn submit(
        &mut self,
        path: &str,
        form: &str,
    ) -> anyhow::Result<(u16, Vec<(String, String)>)> {
        let kind = "application/x-www-form-urlencoded";
        let status = self.send("POST", path, (kind, form)).await?;
        Ok((status, self.reader.headers()))
    }

    async fn send(
        &mut self,
        method: &str,
        path: &str,
        (kind, body): (&str, &str),
    ) -> anyhow::Result<u16> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{}\r\n{body}",
            self.place.address,
            body.len(),
            self.headers
        );
        self.stream.write_all(request.as_bytes()).await?;
        self.reader.read(&mut self.stream).await
    }
}
