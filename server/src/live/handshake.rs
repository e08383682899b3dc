//! Opens a socket: the upgrade, the hello and its answer, and the close.

use super::frames::{End, SEND_TIMEOUT, encode, restart, send_within};
use super::session::LiveSession;
use super::socket::{LiveSocket, PING_EVERY};
use crate::access::Caller;
use crate::client_address::ClientAddress;
use crate::connections::Busy;
use crate::error::HttpError;
use crate::rate::Connection;
use crate::state::AppState;
use crate::visitor_cookie;
use axum::Extension;
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::http::HeaderMap;
use axum::response::Response;
use edge::PersonId;
use protocol::SessionId;
use protocol::live::{
    CLIENT_FRAME_MAX_BYTES, ClientFrame, ServerFrame, VERSION, VERSION_MIN, close,
};
use std::time::Duration;
use tokio::time::timeout;
use tracing::debug;

/// How long a browser may take to say hello.
const HELLO_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a browser may take to close its end, once we have closed ours.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);
/// What a socket reads at once. Most never send more than a hello; a larger buffer is memory that idles.
const READ_BUFFER_BYTES: usize = 512;
/// The longest reason a close frame holds (RFC 6455, section 5.5).
const REASON_MAX_BYTES: usize = 123;

/// Answers `/live` with a socket.
pub(crate) async fn connect(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    caller: Caller,
    (headers, busy): (HeaderMap, Option<Extension<Busy>>),
    upgrade: WebSocketUpgrade,
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
    let upgrade = upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        // Every frame is written at once: nothing gathers.
        .write_buffer_size(0)
        .max_message_size(CLIENT_FRAME_MAX_BYTES)
        .max_frame_size(CLIENT_FRAME_MAX_BYTES);
    Ok(upgrade.on_upgrade(move |socket| {
        let tasks = state.tasks.clone();
        tasks.track_future(async move {
            serve(socket, state, person, connection).await;
            // An HTTP/2 connection goes on while one of its streams is a socket.
            drop(busy);
        })
    }))
}

fn too_many_connections() -> HttpError {
    HttpError::new(429, "too-many-connections", "Too many connections")
        .with_detail("Close some tabs, or try again later.")
}

async fn serve(
    mut socket: WebSocket,
    state: AppState,
    person: Option<PersonId>,
    connection: Connection,
) {
    let end = match hello(&mut socket, &state).await {
        Ok(id) => {
            let address = connection.address().clone();
            let person = match person {
                Some(person) => person,
                None => visitor_cookie::of_session(&id, state.known_keys().as_deref()),
            };
            let live = LiveSession::open(&state, &id, person, address);
            LiveSocket::new(&mut socket, live, connection).run().await
        }
        Err(end) => end,
    };
    if let End::Close(code, reason) = end {
        // Without the reason, which may quote what was heard.
        debug!(code, "Closed a socket");
        close_with(socket, code, &reason).await;
    }
}

/// Closes a socket, and gives the browser time to read why.
async fn close_with(mut socket: WebSocket, code: u16, reason: &str) {
    let reason = Utf8Bytes::from(&reason[..reason.floor_char_boundary(REASON_MAX_BYTES)]);
    let frame = Message::Close(Some(CloseFrame { code, reason }));
    let closing = async {
        // A browser that is gone does not need to be told.
        if socket.send(frame).await.is_ok() {
            // Until its own close: what it sent before would otherwise reset the connection, and a reset
            // can overtake the reason.
            while let Some(Ok(_)) = socket.recv().await {}
        }
    };
    let _closed = timeout(CLOSE_TIMEOUT, closing).await;
}

/// Hears the hello and answers it; whose session it is.
async fn hello(socket: &mut WebSocket, state: &AppState) -> Result<SessionId, End> {
    let silent = |_| End::Close(close::SILENT, "No hello came".into());
    let heard = state
        .stopping
        .run_until_cancelled(timeout(HELLO_TIMEOUT, first_text(socket)))
        .await;
    let text = heard.ok_or_else(restart)?.map_err(silent)??;
    match welcome(&text, state)? {
        Hello::Welcome(session, welcome) => {
            send_within(SEND_TIMEOUT, socket, Message::Text(welcome)).await?;
            Ok(session)
        }
        Hello::Reload(reload) => {
            send_within(SEND_TIMEOUT, socket, Message::Text(reload)).await?;
            Err(End::Close(
                close::RELOAD,
                "This page is too old; load it anew".into(),
            ))
        }
    }
}

/// How a hello is answered.
pub(super) enum Hello {
    /// The session, and the frame that welcomes it.
    Welcome(SessionId, Utf8Bytes),
    /// The frame for a page that is too old.
    Reload(Utf8Bytes),
}

/// Reads a hello.
pub(super) fn welcome(text: &str, state: &AppState) -> Result<Hello, End> {
    let ClientFrame::Hello { version, session } =
        ClientFrame::decode(text).map_err(End::malformed)?
    else {
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

/// The first frame that is not the socket library's own.
async fn first_text(socket: &mut WebSocket) -> Result<Utf8Bytes, End> {
    loop {
        match socket.recv().await {
            Some(Ok(Message::Text(text))) => return Ok(text),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Binary(_))) => return Err(End::malformed("frames are text")),
            Some(Err(error)) => return Err(End::of(error)),
            Some(Ok(Message::Close(_))) | None => return Err(End::Gone),
        }
    }
}
