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
        })
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
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.place.address,
            body.len()
        );
        self.stream.write_all(request.as_bytes()).await?;
        let status = self.reader.read(&mut self.stream).await?;
        let json = serde_json::from_slice(&self.reader.body()?).unwrap_or_default();
        Ok((status, json))
    }
}
