//! One request on a connection of its own.

use super::reader::Reader;
use crate::cluster::Place;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A whole response.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, as encoded as it came.
    pub body: Vec<u8>,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Fetches a path.
///
/// # Errors
/// Where there is no answer in 10 s.
pub async fn get(place: Place, path: &str, headers: &[(&str, &str)]) -> anyhow::Result<Answer> {
    timeout(PATIENCE, async {
        let mut stream = TcpStream::connect(place.address).await?;
        stream.write_all(&request(place, path, headers)).await?;
        let mut reader = Reader::new();
        let status = reader.read(&mut stream).await?;
        Ok(Answer {
            status,
            headers: reader.headers(),
            body: reader.body()?,
        })
    })
    .await?
}

/// The bytes of a GET request.
pub fn request(place: Place, path: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut text = format!(
        "GET {path} HTTP/1.1\r\nHost: {}\r\nAccept: text/html, */*\r\n",
        place.address
    );
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.into_bytes()
}
