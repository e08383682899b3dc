//! What carries frames between a page and its server: a socket, or requests where none opens.

use super::socket::Socket;
use futures::future::LocalBoxFuture;
use protocol::live::{ClientFrame, ServerFrame};

/// Like the code of a socket that closed: the server does not know that it has this address (its status is 403).
pub(super) const FORBIDDEN: u16 = 4403;

/// Why a page has no socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barrier {
    /// Not known: no socket was tried yet since the server answers requests.
    Unknown,
    /// Its network has too many connections.
    TooMany,
    /// Something on the way blocks sockets.
    Blocked,
}

/// How requests end.
pub(super) enum Outcome {
    /// A socket is open now, and this welcomed the page.
    Opened(Socket, ServerFrame),
    /// Like a socket that closed, by this code.
    Lost(u16),
}

/// Requests that carry frames: their code is loaded where it is needed.
pub(super) trait Wire {
    /// Takes a frame for the next request, for which no click waits.
    fn send(&mut self, frame: &ClientFrame);
    /// The next frame, or how the requests end. Safe to cancel.
    fn receive(&mut self) -> LocalBoxFuture<'_, Result<ServerFrame, Outcome>>;
    /// Why there is no socket.
    fn barrier(&self) -> Barrier;
}

/// What carries the frames.
pub(super) enum Line {
    Socket(Socket),
    Exchange(Box<dyn Wire>),
}

impl Line {
    /// Sends a frame, as [`Socket::send`] does.
    pub(super) fn send(&mut self, frame: &ClientFrame) {
        match self {
            Self::Socket(socket) => socket.send(frame),
            Self::Exchange(exchange) => exchange.send(frame),
        }
    }

    /// What keeps the page from having a socket.
    pub(super) fn barrier(&self) -> Option<Barrier> {
        match self {
            Self::Socket(_) => None,
            Self::Exchange(exchange) => Some(exchange.barrier()),
        }
    }

    /// The next frame, or the code of its end. Safe to cancel.
    pub(super) async fn receive(&mut self) -> Result<ServerFrame, u16> {
        let outcome = match self {
            Self::Socket(socket) => return socket.receive().await,
            Self::Exchange(exchange) => exchange.receive().await,
        };
        outcome.or_else(|outcome| match outcome {
            Outcome::Opened(socket, welcome) => {
                *self = Self::Socket(socket);
                Ok(welcome)
            }
            Outcome::Lost(code) => Err(code),
        })
    }
}
