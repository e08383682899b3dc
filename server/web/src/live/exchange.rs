//! The live state without a socket: `POST /live`, for pages whose sockets something blocks.
//!
//! One request carries the frames that a page would send through a socket, and its answer those that it would get: one a
//! line, as JSON (`application/x-ndjson`). Each begins with the hello, has the clicks that are not acknowledged yet and the
//! changes that are not answered, and lists all that the page watches. The answer is complete once all of it is answered, or after a while.

use super::frames::{End, encode};
use super::gathering::Missing;
use super::handshake::{Hello, welcome};
use super::session::LiveSession;
use crate::access::Caller;
use crate::client_address::ClientAddress;
use crate::error::HttpError;
use crate::state::AppState;
use crate::visitor_cookie;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName};
use axum::response::IntoResponse;
use protocol::CHANGES_WAITING_MAX;
use protocol::live::{CLIENT_FRAME_MAX_BYTES, ClientFrame, UNACKNOWLEDGED_MAX};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout_at};

/// The largest body: all clicks of a session that may wait, of at most 53 bytes each, what it watches, and as many of the
/// largest changes as may wait of one document.
pub(crate) const EXCHANGE_MAX_BYTES: usize =
    64 * UNACKNOWLEDGED_MAX + CHANGES_WAITING_MAX * CLIENT_FRAME_MAX_BYTES;
/// How long an answer waits for states and acknowledgements; the next one has what was late.
const GATHER: Duration = Duration::from_secs(2);
/// How long a page counts as there after an exchange: until it is late with the next one. In steps: a server that stood
/// still has not waited, and lets the page come back.
const LINGER_STEPS: u32 = 5;
const LINGER_STEP: Duration = Duration::from_secs(2);
/// Says why the page has no socket, where the server knows.
const SOCKET: HeaderName = HeaderName::from_static("live-socket");

/// Answers `POST /live`.
pub(crate) async fn exchange(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    caller: Caller,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<impl IntoResponse, HttpError> {
    if !state.serves() {
        return Err(HttpError::not_ready());
    }
    let has_room = state.addresses.connect(address).is_some();
    let address = state.addresses.of(address);
    address.exchanges.take_one().map_err(too_many)?;
    let keys = state.keys()?;
    let person = match caller {
        Caller::Page => visitor_cookie::read(&headers, &keys),
        Caller::Program => None,
    };
    let body = body?;
    let mut lines = std::str::from_utf8(&body)
        .map_err(|error| HttpError::bad_body(error.to_string()))?
        .lines();
    let frames = match welcome(lines.next().unwrap_or_default(), &state).map_err(refused)? {
        Hello::Reload(reload) => vec![reload.payload()],
        Hello::Welcome(id, welcome) => {
            let person = person.unwrap_or_else(|| visitor_cookie::of_session(&id, Some(&keys)));
            let mut live = LiveSession::open(&state, &id, person, address);
            let mut frames = vec![welcome.payload()];
            answer(&mut live, lines, &mut frames)
                .await
                .map_err(refused)?;
            linger(&state, live);
            frames
        }
    };
    let lines = frames.iter().flat_map(|frame| [frame.as_ref(), b"\n"]);
    let answer = lines.collect::<Vec<_>>().concat();
    let socket = if has_room {
        "open"
    } else {
        "too-many-connections"
    };
    let headers = [
        (CONTENT_TYPE, "application/x-ndjson"),
        (CACHE_CONTROL, "no-store"),
        (SOCKET, socket),
    ];
    Ok((headers, answer))
}

/// Takes the page's frames, and gathers what answers them.
async fn answer(
    live: &mut LiveSession,
    lines: std::str::Lines<'_>,
    frames: &mut Vec<Bytes>,
) -> Result<(), End> {
    let mut missing = Missing::default();
    let deadline = Instant::now() + GATHER;
    for line in lines {
        let frame = ClientFrame::decode(line).map_err(End::malformed)?;
        if !matches!(&frame, ClientFrame::Watch { topic, .. } if !live.session.is_told(topic)) {
            missing.expect(&frame, |topic| live.session.is_document(topic));
        }
        // Watching may ask Redis, which may hang; clicks and changes come first and do not.
        let Ok(heard) = timeout_at(deadline, live.hear(frame)).await else {
            break;
        };
        if let Some(frame) = heard? {
            let json = encode(&frame)?.payload();
            missing.note(&json);
            frames.push(json);
        }
    }
    while !missing.is_empty()
        && let Ok(json) = timeout_at(deadline, live.next()).await
    {
        let json = json?;
        missing.note(&json);
        frames.push(json);
    }
    Ok(())
}

/// Keeps a page's session until the page is late with its next exchange: whoever reads is present.
fn linger(state: &AppState, live: LiveSession) {
    let session = live.into_session();
    state.tasks.spawn(async move {
        let lingering = async {
            for _ in 0..LINGER_STEPS {
                sleep(LINGER_STEP).await;
            }
        };
        tokio::select! {
            () = session.over() => {}
            () = lingering => {}
        }
        drop(session);
    });
}

fn too_many(seconds: u32) -> HttpError {
    let reason = "Too many pages are open without a socket.";
    HttpError::too_many("too-many-exchanges", "Too many requests", seconds, reason)
}

/// A socket would be closed for that reason.
fn refused(end: End) -> HttpError {
    match end {
        End::Close(_, reason) => HttpError::bad_body(reason),
        End::Gone => HttpError::internal(),
    }
}
