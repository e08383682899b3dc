//! One connection's socket: frames in and out, and how it ended.

use futures::future::poll_fn;
use futures::{Sink, SinkExt, StreamExt};
use gloo_net::websocket::{Message, State, WebSocketError, futures::WebSocket};
use protocol::live::{ClientFrame, ServerFrame};
use std::pin::Pin;

/// The code of a socket that closed without one (RFC 6455, section 7.4.1).
pub(super) const ABNORMAL: u16 = 1006;

/// A socket that may not be open yet.
pub(super) struct Socket(WebSocket);

impl Socket {
    /// Begins to connect; nothing where the browser forbids it.
    pub(super) fn connect(url: &str) -> Option<Self> {
        WebSocket::open(url).ok().map(Self)
    }

    /// Waits until it is open, or will never be.
    pub(super) async fn opened(&mut self) -> bool {
        let ready = poll_fn(|context| Pin::new(&mut self.0).poll_ready(context)).await;
        ready.is_ok() && self.is_open()
    }

    /// Sends a frame, or nothing at all on a socket that is closing: what matters is sent again later.
    pub(super) async fn send(&mut self, frame: &ClientFrame) {
        if self.is_open() {
            // A failure shows as the socket's end right after.
            let _sent = self.0.send(Message::Text(frame.encode())).await;
        }
    }

    /// The next frame, or the code the socket was closed with.
    pub(super) async fn receive(&mut self) -> Result<ServerFrame, u16> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => {
                    if let Some(frame) = ServerFrame::decode(&text) {
                        return Ok(frame);
                    }
                }
                Some(Ok(Message::Bytes(_)) | Err(WebSocketError::ConnectionError)) => {}
                Some(Err(WebSocketError::ConnectionClose(close))) => return Err(close.code),
                Some(Err(_)) | None => return Err(ABNORMAL),
            }
        }
    }

    fn is_open(&self) -> bool {
        matches!(self.0.state(), State::Open)
    }
}
