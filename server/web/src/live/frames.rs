//! Encodes frames, and says why a socket ends.

use edge::Message;
use protocol::live::{ServerFrame, close};

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
}

impl From<std::io::Error> for End {
    fn from(_: std::io::Error) -> Self {
        Self::Gone
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

pub(super) fn encode(frame: &ServerFrame) -> Result<Message, End> {
    let json = serde_json::to_vec(frame).map_err(|_| internal())?;
    Ok(Message::text(&json))
}
