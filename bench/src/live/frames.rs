//! The protocol's frames, as far as bench sends and reads them.

use protocol::live::{ClientFrame, VERSION};
use protocol::{MailAddress, MailboxTopic, SessionId, Step};
use serde::Deserialize;
use tokio_tungstenite::tungstenite::Message;

/// Part of every frame that carries a mailbox.
pub const MAILBOX: &str = r#""topic":"mailbox""#;
/// A small world frame.
pub const WORLD: &str = r#"{"type":"state","topic":"world","state":{"rev":1}}"#;

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
    /// The server refuses a click or asks for a reload.
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
    #[serde(default)]
    topic: &'a str,
    #[serde(default)]
    state: State,
}

/// The part of a world's state that matters here.
#[derive(Default, Deserialize)]
struct State {
    rev: u64,
}

/// Reads a server frame.
pub fn read(text: &str) -> serde_json::Result<Received> {
    let fields: Fields<'_> = serde_json::from_str(text)?;
    let Fields { seq, rev, .. } = fields;
    Ok(match (fields.kind, fields.topic) {
        ("state", "world") => Received::World {
            rev: fields.state.rev,
        },
        ("ack", _) => Received::Ack { seq, rev },
        ("refused" | "reload", _) => Received::Rejected,
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

/// Watches a mailbox.
pub fn watch_mailbox(address: &str) -> anyhow::Result<Message> {
    let address = MailAddress::parse(address)?;
    message(&ClientFrame::watch::<MailboxTopic>(&address))
}

fn message(frame: &ClientFrame) -> anyhow::Result<Message> {
    Ok(Message::text(serde_json::to_string(frame)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::live::{NoKey, ServerFrame, StateFrame, WorldTopic};

    #[test]
    fn server_frames_are_read_as_the_protocol_writes_them() {
        let world = protocol::World {
            epoch: 1,
            rev: 204,
            age_ms: 0,
            full: true,
            regions: Vec::new(),
        };
        let world = StateFrame::of::<WorldTopic>(&NoKey, &world).unwrap();
        let ack = ServerFrame::Ack {
            seq: 7,
            epoch: 1,
            rev: 205,
        };
        let reload = ServerFrame::Reload { version: 9 };

        let text = |frame| serde_json::to_string(&frame).unwrap();
        for (text, received) in [
            (
                text(ServerFrame::State(world)),
                Received::World { rev: 204 },
            ),
            (text(ack), Received::Ack { seq: 7, rev: 205 }),
            (text(reload), Received::Rejected),
            (WORLD.into(), Received::World { rev: 1 }),
            (r#"{"type":"new"}"#.into(), Received::Other),
        ] {
            assert_eq!(read(&text).unwrap(), received);
        }
        assert!(read("{}").is_err());
    }
}
