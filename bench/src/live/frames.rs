//! The protocol's frames, as far as bench sends and reads them.

use protocol::live::{ClientFrame, VERSION};
use protocol::{MailAddress, SessionId, Step};
use serde::Deserialize;
use tokio_tungstenite::tungstenite::Message;

/// Part of every frame that carries a mailbox.
pub const MAILBOX: &str = r#""type":"mail""#;

/// What a server frame says, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// The world at this revision.
    World {
        /// The revision.
        rev: u64,
    },
    /// All clicks up to `seq` are counted as of revision `rev`.
    Ack {
        /// The newest acknowledged click.
        seq: u64,
        /// The revision.
        rev: u64,
    },
    /// The server ends the session's work: it refused a click or asks for a reload.
    Rejected,
    /// Anything else.
    Other,
}

/// The fields that [`Received`] is made of; serde skips all others without decoding them.
#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(default)]
    seq: u64,
    #[serde(default)]
    rev: u64,
}

/// Reads a server frame.
pub fn read(text: &str) -> serde_json::Result<Received> {
    let Fields { kind, seq, rev } = serde_json::from_str(text)?;
    Ok(match kind {
        "world" => Received::World { rev },
        "ack" => Received::Ack { seq, rev },
        "refused" | "reload" => Received::Rejected,
        _ => Received::Other,
    })
}

/// The first frame of a connection, with a random session id.
pub fn hello() -> anyhow::Result<Message> {
    let session = SessionId::parse(&format!("{:016x}", rand::random::<u64>()))?;
    let version = VERSION;
    message(&ClientFrame::Hello { version, session })
}

/// One click.
pub fn click(seq: u64, by: Step) -> anyhow::Result<Message> {
    message(&ClientFrame::Click { seq, by })
}

/// Asks for a mailbox, now and at each change.
pub fn watch_mailbox(address: &str) -> anyhow::Result<Message> {
    let address = MailAddress::parse(address)?;
    message(&ClientFrame::Mail { address })
}

fn message(frame: &ClientFrame) -> anyhow::Result<Message> {
    Ok(Message::text(serde_json::to_string(frame)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::live::{ServerFrame, WorldFrame};

    fn read_frame(frame: &ServerFrame) -> Received {
        read(&serde_json::to_string(frame).unwrap()).unwrap()
    }

    #[test]
    fn server_frames_are_read_as_the_protocol_writes_them() {
        let world = WorldFrame {
            epoch: 1,
            rev: 204,
            age_ms: 0,
            full: true,
            regions: Vec::new(),
        };
        let ack = ServerFrame::Ack {
            seq: 7,
            epoch: 1,
            rev: 205,
        };

        assert_eq!(
            read_frame(&ServerFrame::World(world)),
            Received::World { rev: 204 }
        );
        assert_eq!(read_frame(&ack), Received::Ack { seq: 7, rev: 205 });
        let reload = ServerFrame::Reload { version: 9 };
        assert_eq!(read_frame(&reload), Received::Rejected);
        assert_eq!(read(r#"{"type":"new"}"#).unwrap(), Received::Other);
        assert!(read("{}").is_err());
    }
}
