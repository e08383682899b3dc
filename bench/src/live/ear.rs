//! The reading side of a session, from the handshake on.

use super::session::Session;
use super::wire::Decoder;
use crate::cluster::Place;
use anyhow::{Context, ensure};
use futures::FutureExt;
use protocol::SessionId;
use std::cell::RefCell;
use std::future::poll_fn;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};
use tokio::net::tcp::OwnedReadHalf;
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::sleep;

/// Room for the answer to a handshake.
const HANDSHAKE_MAX_BYTES: usize = 4096;

/// The shortest time between the reads of a session that dozes, in milliseconds.
const DOZE_MIN_MS: u16 = 200;
/// How much longer it may be.
const DOZE_SPREAD_MS: u16 = 200;

/// What one read of any session fills; nothing in it outlives the read.
pub type Scratch = Rc<RefCell<Vec<u8>>>;

/// Who opens a session, and where.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// Which of the crowd's places.
    pub index: usize,
    /// Where that is.
    pub place: Place,
    /// The address it comes from: one address has ports for some 28 000 only.
    pub source: Ipv4Addr,
    /// Its id.
    pub id: SessionId,
}

/// The reading side of a session.
#[derive(Debug)]
pub struct Ear {
    session: Rc<Session>,
    socket: OwnedReadHalf,
    decoder: Decoder,
    scratch: Scratch,
}

impl Ear {
    /// Opens a socket, says hello, and hears the first world.
    pub async fn open(ticket: Ticket, scratch: Scratch) -> anyhow::Result<(Self, Rc<Session>)> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from((ticket.source, 0)))?;
        let mut stream = socket.connect(ticket.place.address).await?;
        stream.set_nodelay(true)?;
        // Closing by reset leaves no port waiting; runs follow each other faster than ports come back.
        stream.set_zero_linger()?;
        let early = shake_hands(&mut stream, ticket.place)
            .await
            .context("opening /live")?;
        let (read, write) = stream.into_split();
        let session = Rc::new(Session::new(ticket.index, write));
        let mut ear = Self {
            session: Rc::clone(&session),
            socket: read,
            decoder: Decoder::default(),
            scratch,
        };
        ear.decoder.feed(&early, |frame| session.take(&frame))?;
        session.greet(ticket.id).await?;
        while session.frames() == 0 {
            ear.turn().await?;
            ensure!(
                session.ended().is_none(),
                "the session ended at once: {:?}",
                session.ended()
            );
        }
        Ok((ear, session))
    }

    /// Listens until the socket ends.
    pub async fn listen(mut self) {
        while self.session.ended().is_none() {
            let outcome = if self.session.dozes() {
                self.doze().await
            } else {
                self.turn().await
            };
            if let Err(error) = outcome {
                self.session.end(error.to_string());
            }
        }
    }

    /// Lets some time pass, and reads what has come.
    async fn doze(&mut self) -> anyhow::Result<()> {
        // Each has a time of its own, so that they do not all wake at once.
        let spread_ms = self.socket.local_addr()?.port() % DOZE_SPREAD_MS;
        sleep(Duration::from_millis(u64::from(DOZE_MIN_MS + spread_ms))).await;
        // Dropping an unfinished turn loses nothing: it reads at once or not at all.
        self.turn().now_or_never().unwrap_or(Ok(()))
    }

    /// Reads once, and answers what needs an answer.
    async fn turn(&mut self) -> anyhow::Result<()> {
        poll_fn(|context| {
            let mut scratch = self.scratch.borrow_mut();
            let mut buffer = ReadBuf::new(&mut scratch);
            ready!(Pin::new(&mut self.socket).poll_read(context, &mut buffer))?;
            if buffer.filled().is_empty() {
                return Poll::Ready(Err(anyhow::anyhow!("the server closed the socket")));
            }
            Poll::Ready(
                self.decoder
                    .feed(buffer.filled(), |frame| self.session.take(&frame)),
            )
        })
        .await?;
        Ok(self.session.flush().await?)
    }
}

/// Upgrades the connection; returns what came after the answer.
async fn shake_hands(stream: &mut TcpStream, place: Place) -> anyhow::Result<Vec<u8>> {
    let request = format!(
        "GET /live HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        place.address,
        place.origin(),
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::with_capacity(HANDSHAKE_MAX_BYTES);
    loop {
        ensure!(
            stream.read_buf(&mut answer).await? > 0,
            "closed during the handshake"
        );
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = end {
            let line = String::from_utf8_lossy(&answer[..answer.len().min(32)]).into_owned();
            ensure!(
                answer.starts_with(b"HTTP/1.1 101"),
                "the answer is {line:?}"
            );
            return Ok(answer.split_off(end + 4));
        }
    }
}
