//! Reads one response after the other from a connection.

use anyhow::{Context, bail, ensure};
use tokio::io::{AsyncRead, AsyncReadExt};

/// Room for a page; a larger response makes it grow.
const BUFFER_BYTES: usize = 256 * 1024;

/// The status of an answer that has no body.
const NO_CONTENT: &[u8] = b"204";

/// Reads responses; it reuses one buffer, which holds the newest.
#[derive(Debug)]
pub struct Reader {
    buffer: Vec<u8>,
    head_len: usize,
    chunked: bool,
}

/// How a body ends.
enum Framing {
    /// At that offset of the buffer.
    At(usize),
    /// With an empty chunk; the offset is where the next chunk's header begins.
    Chunked(usize),
}

impl Reader {
    /// An empty one.
    pub fn new() -> Self {
        Self {
            buffer: Vec::with_capacity(BUFFER_BYTES),
            head_len: 0,
            chunked: false,
        }
    }

    /// Reads the next response to its end and returns its status.
    ///
    /// # Errors
    /// Where the connection ends early or the response has no length.
    pub async fn read(&mut self, stream: &mut (impl AsyncRead + Unpin)) -> anyhow::Result<u16> {
        self.buffer.clear();
        self.head_len = loop {
            self.fill(stream).await?;
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                break at + 4;
            }
        };
        let mut framing = self.framing()?;
        while !self.ends(&mut framing)? {
            self.fill(stream).await?;
        }
        let status = self
            .buffer
            .get(9..12)
            .and_then(|text| std::str::from_utf8(text).ok());
        status
            .and_then(|text| text.parse().ok())
            .context("no status line")
    }

    /// The newest response's headers.
    pub fn headers(&self) -> Vec<(String, String)> {
        let head = String::from_utf8_lossy(&self.buffer[..self.head_len]);
        let pairs = head.lines().skip(1).filter_map(|line| line.split_once(':'));
        pairs
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect()
    }

    /// The newest response's body, without its chunks' headers.
    ///
    /// # Errors
    /// Where its chunks are malformed.
    pub fn body(&self) -> anyhow::Result<Vec<u8>> {
        if !self.chunked {
            return Ok(self.buffer[self.head_len..].to_vec());
        }
        let (mut body, mut at) = (Vec::new(), self.head_len);
        while let Some((start, size @ 1..)) = chunk_header(&self.buffer, at)? {
            body.extend_from_slice(&self.buffer[start..start + size]);
            at = start + size + 2;
        }
        Ok(body)
    }

    async fn fill(&mut self, stream: &mut (impl AsyncRead + Unpin)) -> anyhow::Result<()> {
        ensure!(
            stream.read_buf(&mut self.buffer).await? > 0,
            "the server closed the connection"
        );
        Ok(())
    }

    fn framing(&mut self) -> anyhow::Result<Framing> {
        self.chunked = false;
        // RFC 9112, section 6.3: such an answer ends with its head.
        if self.buffer.get(9..12) == Some(NO_CONTENT) {
            return Ok(Framing::At(self.head_len));
        }
        for line in self.buffer[..self.head_len].split(|&byte| byte == b'\n') {
            if let Some(value) = header(line, "content-length:") {
                return Ok(Framing::At(self.head_len + value.parse::<usize>()?));
            }
            if header(line, "transfer-encoding:").is_some() {
                self.chunked = true;
                return Ok(Framing::Chunked(self.head_len));
            }
        }
        bail!("a response without a length")
    }

    /// Whether the buffer holds all of the response.
    fn ends(&self, framing: &mut Framing) -> anyhow::Result<bool> {
        loop {
            match framing {
                Framing::At(end) => return Ok(self.buffer.len() >= *end),
                Framing::Chunked(at) => match chunk_header(&self.buffer, *at)? {
                    None => return Ok(false),
                    // No server here sends trailers: an empty line follows.
                    Some((start, 0)) => *framing = Framing::At(start + 2),
                    Some((start, size)) => *at = start + size + 2,
                },
            }
        }
    }
}

/// Where the chunk's data begins whose header is at that offset, and its size; `None` if not yet here.
fn chunk_header(buffer: &[u8], at: usize) -> anyhow::Result<Option<(usize, usize)>> {
    let Some(rest) = buffer.get(at..) else {
        return Ok(None);
    };
    let Some(end) = find(rest, b"\r\n") else {
        return Ok(None);
    };
    let digits = rest[..end]
        .split(|&byte| byte == b';')
        .next()
        .unwrap_or_default();
    let size = usize::from_str_radix(std::str::from_utf8(digits)?.trim(), 16)?;
    Ok(Some((at + end + 2, size)))
}

fn header<'a>(line: &'a [u8], name: &str) -> Option<&'a str> {
    let (start, value) = line.split_at_checked(name.len())?;
    start
        .eq_ignore_ascii_case(name.as_bytes())
        .then(|| std::str::from_utf8(value).ok())
        .flatten()
        .map(str::trim)
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_response_with_a_length_is_read_to_its_end() {
        let mut stream: &[u8] = b"HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\nX-A: b\r\n\r\nabc";
        let mut reader = Reader::new();

        assert_eq!(reader.read(&mut stream).await.unwrap(), 404);
        assert_eq!(reader.body().unwrap(), b"abc");
        assert!(reader.headers().contains(&("x-a".into(), "b".into())));
    }

    #[tokio::test]
    async fn an_answer_without_content_ends_with_its_head() {
        let mut stream: &[u8] = b"HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n";
        let mut reader = Reader::new();

        assert_eq!(reader.read(&mut stream).await.unwrap(), 204);
        assert!(reader.body().unwrap().is_empty());
    }

    #[tokio::test]
    async fn chunks_are_joined_wherever_they_are_cut() {
        let response = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n";
        for cut in 1..response.len() {
            let mut stream =
                tokio::io::join(&response[..cut], tokio::io::empty()).chain(&response[cut..]);
            let mut reader = Reader::new();

            assert_eq!(reader.read(&mut stream).await.unwrap(), 200, "cut at {cut}");
            assert_eq!(reader.body().unwrap(), b"abc0123456789");
        }
    }

    #[tokio::test]
    async fn an_early_end_is_an_error() {
        let mut stream: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc";

        assert!(Reader::new().read(&mut stream).await.is_err());
    }
}
