//! Opens a socket: the upgrade, the hello and its answer, and the close.

use super::decoder::{Decoder, Heard};
use super::frames::{End, encode, restart};
use super::session::LiveSession;
use super::socket::{LiveSocket, PING_EVERY, SEND_TIMEOUT, pong, write_within};
use super::wire::{Handshake, Wire};
use crate::access::Caller;
use crate::client_address::ClientAddress;
use crate::connections::Busy;
use crate::error::HttpError;
use crate::rate::Connection;
use crate::state::AppState;
use crate::visitor_cookie;
use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use bytes::Bytes;
use edge::{Message, PersonId};
use protocol::SessionId;
use protocol::live::{ClientFrame, ServerFrame, VERSION, VERSION_MIN, close as codes};
use std::time::Duration;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tracing::debug;

/// How long a browser may take to say hello.
const HELLO_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a browser may take to close its end, once we have closed ours.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// The longest reason a close frame holds (RFC 6455, section 5.5).
const REASON_MAX_BYTES: usize = 123;

/// Answers `/live` with a socket.
pub(crate) async fn connect(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    caller: Caller,
    (headers, busy): (HeaderMap, Option<Extension<Busy>>),
    handshake: Handshake,
) -> Result<Response, HttpError> {
    if !state.serves() {
        return Err(HttpError::not_ready());
    }
    let connection = state
        .addresses
        .connect(address)
        .ok_or_else(too_many_connections)?;
    let person = match caller {
        Caller::Page => visitor_cookie::read(&headers, &*state.keys()?),
        Caller::Program => None,
    };
    let answer = handshake.answer();
    let tasks = state.tasks.clone();
    // Boxed, as all that is over once the socket waits: the room is given back.
    let opening = Box::pin(open(handshake, state, person, connection));
    tasks.spawn(async move {
        let Some(mut socket) = opening.await else {
            return;
        };
        // An HTTP/2 connection goes on while one of its streams is a socket.
        let _busy = busy.filter(|_| socket.is_stream());
        if let End::Close(code, reason) = socket.run().await {
            // Without the reason, which may quote what was heard.
            debug!(code, "Closed a socket");
            Box::pin(socket.close(code, reason)).await;
        }
    });
    Ok(answer)
}

fn too_many_connections() -> HttpError {
    HttpError::new(429, "too-many-connections", "Too many connections")
        .with_detail("Close some tabs, or try again later.")
}

/// Opens a socket for whoever says hello.
async fn open(
    handshake: Handshake,
    state: AppState,
    person: Option<PersonId>,
    connection: Connection,
) -> Option<Box<LiveSocket>> {
    let mut decoder = Decoder::default();
    let opening = timeout(HELLO_TIMEOUT, handshake.open(&mut decoder));
    let mut wire = opening.await.ok()??;
    let id = match hello((&mut wire, &mut decoder), &state).await {
        Ok(id) => id,
        Err(End::Close(code, reason)) => {
            debug!(code, "Closed a socket before its hello");
            close((wire, decoder), Vec::new(), code, &reason).await;
            return None;
        }
        Err(End::Gone) => return None,
    };
    let address = connection.address().clone();
    let person = match person {
        Some(person) => person,
        None => visitor_cookie::of_session(&id, state.known_keys().as_deref()),
    };
    let live = LiveSession::open(&state, &id, person, address);
    let socket = LiveSocket::new((wire, decoder), live, connection);
    Some(Box::new(socket))
}

/// Closes a socket, and gives the browser time to read why.
pub(super) async fn close(
    (mut wire, mut decoder): (Wire, Decoder),
    mut rest: Vec<Bytes>,
    code: u16,
    reason: &str,
) {
    let reason = &reason[..reason.floor_char_boundary(REASON_MAX_BYTES)];
    let close = Frame::close(Some(CloseFrame {
        code: code.into(),
        reason: reason.into(),
    }));
    let mut bytes = Vec::new();
    if close.format(&mut bytes).is_ok() {
        rest.push(bytes.into());
    }
    let closing = async {
        // A browser that is gone does not need to be told.
        if wire.write(&rest).await.is_ok() {
            // Until its own close: what it sent before would otherwise reset the connection, and a reset
            // can overtake the reason.
            loop {
                match hear(&mut wire, &mut decoder).await {
                    Ok(Heard::Close) | Err(End::Gone) => break,
                    Ok(_) => {}
                    // Nothing that follows can be read.
                    Err(End::Close(..)) => decoder = Decoder::default(),
                }
            }
        }
    };
    let _closed = timeout(CLOSE_TIMEOUT, closing).await;
}

/// The next thing that a browser sends.
async fn hear(wire: &mut Wire, decoder: &mut Decoder) -> Result<Heard, End> {
    loop {
        if let Some(heard) = decoder.next()? {
            return Ok(heard);
        }
        if wire.read(decoder).await? == 0 {
            return Err(End::Gone);
        }
    }
}

/// Hears the hello and answers it; whose session it is.
async fn hello(
    (wire, decoder): (&mut Wire, &mut Decoder),
    state: &AppState,
) -> Result<SessionId, End> {
    let silent = |_| End::Close(codes::SILENT, "No hello came".into());
    let first = timeout(HELLO_TIMEOUT, first_frame(wire, decoder));
    let heard = state.stopping.run_until_cancelled(first).await;
    let frame = heard.ok_or_else(restart)?.map_err(silent)??;
    match answer(frame, state)? {
        Hello::Welcome(session, welcome) => {
            write_within(SEND_TIMEOUT, wire, &[welcome.into_frame()]).await?;
            Ok(session)
        }
        Hello::Reload(reload) => {
            write_within(SEND_TIMEOUT, wire, &[reload.into_frame()]).await?;
            Err(End::Close(
                codes::RELOAD,
                "This page is too old; load it anew".into(),
            ))
        }
    }
}

/// The first frame of our protocol.
async fn first_frame(wire: &mut Wire, decoder: &mut Decoder) -> Result<ClientFrame, End> {
    loop {
        match hear(wire, decoder).await? {
            Heard::Frame(frame) => return Ok(frame),
            Heard::Ping(bytes) => wire.write(&[pong(bytes)]).await?,
            Heard::Pong => {}
            Heard::Close => return Err(End::Gone),
        }
    }
}

/// How a hello is answered.
pub(super) enum Hello {
    /// The session, and the frame that welcomes it.
    Welcome(SessionId, Message),
    /// The frame for a page that is too old.
    Reload(Message),
}

/// Reads a hello.
pub(super) fn welcome(text: &str, state: &AppState) -> Result<Hello, End> {
    answer(ClientFrame::decode(text).map_err(End::malformed)?, state)
}

fn answer(frame: ClientFrame, state: &AppState) -> Result<Hello, End> {
    let ClientFrame::Hello { version, session } = frame else {
        return Err(End::malformed("the first frame is a hello"));
    };
    if version < VERSION_MIN {
        return Ok(Hello::Reload(encode(&ServerFrame::Reload {
            version: VERSION,
        })?));
    }
    let welcome = encode(&ServerFrame::Welcome {
        version: version.min(VERSION),
        region: state.engine.place().code.clone(),
        instance: state.engine.instance().to_owned(),
        beat_ms: PING_EVERY.as_millis() as u64,
        history: state.engine.mirror().history(),
    })?;
    Ok(Hello::Welcome(session, welcome))
}
