//! A WebSocket client that costs the load's core next to nothing per frame.
//!
//! Servers that are measured here bring millions of frames a second: a general client takes longer to read them than
//! some servers to write them, and would be what is measured. This one looks at frames where they were read, in a buffer
//! that all sessions share, and expects what servers send: unmasked frames, each text in one, no extensions.

use crate::cluster::origin;
use anyhow::{anyhow, bail, ensure};
use std::cell::RefCell;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;

/// The most that is read at a time; also the largest frame, and the largest head of the answer to a handshake.
const BUFFER_BYTES: usize = 256 * 1024;
/// What a server is asked for. Its answer to this key is not checked: it is a server that bench has started.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
/// The first byte of a whole frame, by its kind.
const TEXT: u8 = 0x81;
const CLOSE: u8 = 0x88;
const PING: u8 = 0x89;
const PONG: u8 = 0x8a;
/// The bit that marks frames from clients.
const MASKED: u8 = 0x80;
/// Lengths up to this one fit into a frame's second byte; then come lengths of two bytes, and of eight.
const SHORT_MAX: usize = 125;
const TWO_BYTES: u8 = 126;
const EIGHT_BYTES: u8 = 127;

thread_local! {
    /// Where all sessions read: between two reads a session keeps only the beginning of a frame.
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; BUFFER_BYTES]);
}

/// An open WebSocket.
#[derive(Debug)]
pub struct Wire {
    stream: TcpStream,
    /// The beginning of a frame whose end has not come yet.
    rest: Vec<u8>,
    /// What will be written.
    output: Vec<u8>,
}

impl Wire {
    /// Connects to a path, as a page of that server would.
    pub async fn connect(address: SocketAddr, path: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        // Closing by reset frees the port at once: runs follow each other faster than TIME_WAIT ends.
        stream.set_zero_linger()?;
        let mut wire = Self {
            stream,
            rest: Vec::new(),
            output: Vec::new(),
        };
        let handshake = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n\r\n",
            origin(address)
        );
        wire.stream.write_all(handshake.as_bytes()).await?;
        let mut is_open = false;
        while !is_open {
            wire.fill(|bytes| {
                let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
                    return Ok(0);
                };
                let head = String::from_utf8_lossy(&bytes[..end]);
                ensure!(head.starts_with("HTTP/1.1 101 "), "no socket: {head}");
                is_open = true;
                Ok(end + 4)
            })
            .await?;
        }
        Ok(wire)
    }

    /// Adds a text to what [`Wire::flush`] writes.
    pub fn feed(&mut self, text: &str) -> anyhow::Result<()> {
        self.feed_frame(TEXT, text.as_bytes())
    }

    /// Writes everything, in as few packets as possible.
    pub async fn flush(&mut self) -> anyhow::Result<()> {
        self.stream.write_all(&self.output).await?;
        self.output.clear();
        Ok(())
    }

    /// Waits for texts, and hands over all that are there. Whoever stops waiting loses nothing.
    pub async fn read(
        &mut self,
        mut text: impl FnMut(&str) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut pings = Vec::new();
        self.fill(|bytes| {
            let mut at = 0;
            while let Some((kind, start, end)) = frame(&bytes[at..])? {
                let payload = &bytes[at + start..at + end];
                match kind {
                    TEXT => text(std::str::from_utf8(payload)?)?,
                    PING => pings.push(payload.to_vec()),
                    CLOSE => bail!("the server closed the session: {:?}", closing(payload)),
                    PONG => {}
                    other => bail!("the server sent a frame of kind {other:#x}"),
                }
                at += end;
            }
            Ok(at)
        })
        .await?;
        pings
            .iter()
            .try_for_each(|ping| self.feed_frame(PONG, ping))
    }

    /// Adds a frame to what will be written. Its mask is zero, which leaves the payload as it is.
    fn feed_frame(&mut self, kind: u8, payload: &[u8]) -> anyhow::Result<()> {
        match u8::try_from(payload.len()) {
            Ok(length) if payload.len() <= SHORT_MAX => {
                self.output.extend([kind, MASKED | length]);
            }
            _ => {
                let length = u16::try_from(payload.len())?;
                self.output.extend([kind, MASKED | TWO_BYTES]);
                self.output.extend(length.to_be_bytes());
            }
        }
        self.output.extend([0; 4]);
        self.output.extend(payload);
        Ok(())
    }

    /// Reads what is there, after what was kept of the last time; `take` says how much of it it has used.
    async fn fill(
        &mut self,
        mut take: impl FnMut(&[u8]) -> anyhow::Result<usize>,
    ) -> anyhow::Result<()> {
        poll_fn(|context| self.poll_fill(context, &mut take)).await
    }

    fn poll_fill(
        &mut self,
        context: &mut Context<'_>,
        take: &mut impl FnMut(&[u8]) -> anyhow::Result<usize>,
    ) -> Poll<anyhow::Result<()>> {
        BUFFER.with_borrow_mut(|buffer| {
            let kept = self.rest.len();
            let mut free = ReadBuf::new(&mut buffer[kept..]);
            ready!(Pin::new(&mut self.stream).poll_read(context, &mut free))?;
            let count = free.filled().len();
            if count == 0 {
                return Poll::Ready(Err(anyhow!("the server closed the connection")));
            }
            buffer[..kept].copy_from_slice(&self.rest);
            let taken = take(&buffer[..kept + count])?;
            self.rest.clear();
            self.rest.extend_from_slice(&buffer[taken..kept + count]);
            Poll::Ready(Ok(()))
        })
    }
}

/// The first frame's kind, and where its payload starts and ends; `None` while it is incomplete.
fn frame(bytes: &[u8]) -> anyhow::Result<Option<(u8, usize, usize)>> {
    let (Some(&kind), Some(&short)) = (bytes.first(), bytes.get(1)) else {
        return Ok(None);
    };
    let (start, length) = match short {
        TWO_BYTES => match bytes.get(2..4) {
            Some(&[a, b]) => (4, usize::from(u16::from_be_bytes([a, b]))),
            _ => return Ok(None),
        },
        EIGHT_BYTES => match bytes.get(2..10).map(<[u8; 8]>::try_from) {
            Some(Ok(length)) => (10, usize::try_from(u64::from_be_bytes(length))?),
            _ => return Ok(None),
        },
        short => (2, usize::from(short)),
    };
    let end = start + length;
    Ok((end <= bytes.len()).then_some((kind, start, end)))
}

/// The code and the reason that a server closes with.
fn closing(payload: &[u8]) -> (u16, String) {
    match payload {
        [a, b, reason @ ..] => (
            u16::from_be_bytes([*a, *b]),
            String::from_utf8_lossy(reason).into_owned(),
        ),
        _ => (0, String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_found_where_they_begin_and_end() {
        let long = [&[TEXT, TWO_BYTES, 0x01, 0x00][..], &[b'x'; 256]].concat();

        for (bytes, found) in [
            (&[][..], None),
            (&[TEXT][..], None),
            (&[TEXT, 2, b'a'][..], None),
            (&[TEXT, 2, b'a', b'b', TEXT][..], Some((TEXT, 2, 4))),
            (&[PING, 0][..], Some((PING, 2, 2))),
            (&long[..3], None),
            (&long[..259], None),
            (&long[..], Some((TEXT, 4, 260))),
        ] {
            assert_eq!(frame(bytes).unwrap(), found, "{bytes:?}");
        }
        assert_eq!(
            closing(&[0x03, 0xf4, b'b', b'y', b'e']),
            (1012, "bye".into())
        );
    }
}
