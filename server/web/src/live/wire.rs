//! The bytes of a socket: a TCP connection of its own, or a stream of an HTTP/2 connection.

use super::decoder::Decoder;
use crate::connections::{Place, Stream};
use crate::error::HttpError;
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::extract::ws::WebSocketUpgrade;
use axum::http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, UPGRADE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, Version};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use edge::Sink;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto::upgrade::downcast;
use std::future::poll_fn;
use std::io::{self, ErrorKind, IoSlice};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// How much is read at once: on the stack, so that a socket that waits needs no room for it.
const READ_BYTES: usize = 4 << 10;
/// The most parts that are written at once.
const PARTS_MAX: usize = 32;

/// A request to become a socket, checked.
pub(crate) struct Handshake {
    upgrade: OnUpgrade,
    /// What a server that understands WebSocket answers (RFC 6455, section 4.2.2); not over HTTP/2.
    accept: Option<HeaderValue>,
}

impl<S: Send + Sync> FromRequestParts<S> for Handshake {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let upgrade = parts.extensions.get::<OnUpgrade>().cloned();
        // Checks all headers. Its socket is not ours: it hides the connection's.
        let checked = WebSocketUpgrade::from_request_parts(parts, state).await;
        let _checked = checked.map_err(|rejection| match rejection.into_response() {
            // A request that asks for no socket.
            bare if bare.status() == StatusCode::BAD_REQUEST => no_socket().into_response(),
            other => other,
        })?;
        let key = parts.headers.get(SEC_WEBSOCKET_KEY);
        let key = key.filter(|_| parts.version <= Version::HTTP_11);
        let accept = key.map(|key| derive_accept_key(key.as_bytes()));
        Ok(Self {
            upgrade: upgrade.ok_or_else(|| HttpError::internal().into_response())?,
            accept: accept.and_then(|accept| accept.try_into().ok()),
        })
    }
}

fn no_socket() -> HttpError {
    HttpError::new(
        400,
        "about:blank",
        "This address accepts only WebSocket connections",
    )
    .with_detail("Open a WebSocket, or send frames by POST.")
    .shown_as("Pages use it by themselves: start from the home page.")
}

/// A socket's bytes.
pub(super) enum Wire {
    /// A connection of its own.
    Own {
        socket: Arc<TcpSink>,
        /// Counted while it is open.
        _place: Box<Place>,
    },
    /// A stream among others.
    Stream(Box<TokioIo<Upgraded>>),
}

impl Handshake {
    /// The answer, after which [`open`](Self::open) opens the socket.
    pub(super) fn answer(&self) -> Response {
        let mut response = Response::new(Body::empty());
        // Over HTTP/2 the method alone says it (RFC 8441, section 5).
        if let Some(accept) = self.accept.clone() {
            *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
            let headers = response.headers_mut();
            headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
            headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
            headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
        }
        response
    }

    /// Waits until the answer is sent; the socket, and what came on it already is in the decoder.
    pub(super) async fn open(self, decoder: &mut Decoder) -> Option<Wire> {
        let upgraded = self.upgrade.await.ok()?;
        Some(match downcast::<TokioIo<Stream>>(upgraded) {
            Ok(parts) => {
                decoder.feed(&parts.read_buf);
                let (socket, place) = parts.io.into_inner().into_parts();
                Wire::Own {
                    socket: Arc::new(TcpSink(socket)),
                    _place: Box::new(place),
                }
            }
            Err(upgraded) => Wire::Stream(Box::new(TokioIo::new(upgraded))),
        })
    }
}

impl Wire {
    /// Where the engine may write by itself.
    pub(super) fn sink(&self) -> Option<Arc<dyn Sink>> {
        match self {
            Self::Own { socket, .. } => Some(socket.clone()),
            Self::Stream(_) => None,
        }
    }

    /// Waits for more of what the browser sends; its length, 0 at the end. One that never stops keeps nobody waiting: what
    /// tokio polls has a budget.
    pub(super) fn poll_read(
        &mut self,
        context: &mut Context<'_>,
        decoder: &mut Decoder,
    ) -> Poll<io::Result<usize>> {
        let mut bytes = [MaybeUninit::uninit(); READ_BYTES];
        let mut buffer = ReadBuf::uninit(&mut bytes);
        let polled = match self {
            Self::Own { socket, .. } => loop {
                ready!(socket.0.poll_read_ready(context))?;
                match socket.0.try_read_buf(&mut buffer) {
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    read => break read.map(|_| ()),
                }
            },
            Self::Stream(stream) => ready!(Pin::new(stream).poll_read(context, &mut buffer)),
        };
        decoder.feed(buffer.filled());
        Poll::Ready(polled.map(|()| buffer.filled().len()))
    }

    /// See [`poll_read`](Self::poll_read).
    pub(super) async fn read(&mut self, decoder: &mut Decoder) -> io::Result<usize> {
        poll_fn(|context| self.poll_read(context, decoder)).await
    }

    /// Writes all of these.
    pub(super) async fn write(&mut self, parts: &[Bytes]) -> io::Result<()> {
        match self {
            Self::Own { socket, .. } => {
                for part in parts {
                    let mut written = 0;
                    while written < part.len() {
                        match socket.0.try_write(&part[written..]) {
                            Ok(0) => return Err(ErrorKind::WriteZero.into()),
                            Ok(more) => written += more,
                            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                                socket.0.writable().await?;
                            }
                            Err(error) => return Err(error),
                        }
                    }
                }
                Ok(())
            }
            Self::Stream(stream) => {
                for part in parts {
                    stream.write_all(part).await?;
                }
                stream.flush().await
            }
        }
    }
}

/// A connection that the engine writes to.
pub(super) struct TcpSink(TcpStream);

impl Sink for TcpSink {
    fn try_write(&self, parts: &[Bytes]) -> io::Result<usize> {
        if let [part] = parts {
            return self.0.try_write(part);
        }
        let mut slices = [IoSlice::new(&[]); PARTS_MAX];
        let some = slices.iter_mut().zip(parts);
        let count = some
            .map(|(slice, part)| *slice = IoSlice::new(part))
            .count();
        self.0.try_write_vectored(&slices[..count])
    }
}
