//! Sends frames, and says why a socket ends.

use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use protocol::live::{ServerFrame, close};
use std::time::Duration;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite;

/// How long a frame may wait for a slow browser's buffer.
pub(super) const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// Why a socket ends.
pub(super) enum End {
    /// The browser closed it or is gone.
    Gone,
    /// We close it, with a code and a reason.
    Close(u16, String),
}

impl End {
    pub(super) fn malformed(reason: impl ToString) -> Self {
        Self::Close(close::MALFORMED, reason.to_string())
    }

    /// Whether the browser broke the rules, or just the connection broke.
    pub(super) fn of(error: axum::Error) -> Self {
        use tungstenite::Error::{Capacity, Protocol, Utf8};
        use tungstenite::error::ProtocolError::ResetWithoutClosingHandshake;
        match error.into_inner().downcast_ref() {
            Some(Protocol(ResetWithoutClosingHandshake)) => Self::Gone,
            Some(error @ (Capacity(_) | Protocol(_) | Utf8(_))) => Self::malformed(error),
            _ => Self::Gone,
        }
    }
}

pub(super) fn restart() -> End {
    End::Close(
        close::RESTART,
        "This server restarts; another takes over".into(),
    )
}

pub(super) fn forgotten() -> End {
    End::Close(close::FORGOTTEN, "The visitor was forgotten".into())
}

pub(super) fn internal() -> End {
    End::Close(1011, "Something went wrong on our side".into())
}

pub(super) fn encode(frame: &ServerFrame) -> Result<Utf8Bytes, End> {
    let json = serde_json::to_string(frame).map_err(|_| internal())?;
    Ok(json.into())
}

/// Sends a frame, to a browser that takes it in time.
pub(super) async fn send_within(
    patience: Duration,
    socket: &mut WebSocket,
    message: Message,
) -> Result<(), End> {
    match timeout(patience, socket.send(message)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(End::Gone),
    }
}
