//! The protocol's frames, as far as bench sends and reads them.

use protocol::live::ClientFrame;
use protocol::{MailAddress, MailboxTopic, SessionId, Step};
use serde::Deserialize;
use tokio_tungstenite::tungstenite::Message;

/// Part of every frame that carries a mailbox.
pub const MAILBOX: &str = r#""topic":"mailbox""#;
/// A small world frame.
pub const WORLD: &str = r#"{"type":"state","topic":"world","state":{"rev":1}}"#;

/// A server frame, as far as it matters here; serde skips all other fields without decoding them.
#[derive(Debug, Deserialize)]
pub struct Received<'a> {
    #[serde(rename = "type")]
    pub kind: &'a str,
    /// The newest acknowledged click, or the first refused one.
    #[serde(default)]
    pub seq: u64,
    /// The revision that counts all clicks up to `seq`.
    #[serde(default)]
    pub rev: u64,
    #[serde(default)]
    pub topic: &'a str,
    #[serde(default)]
    pub state: State,
}

/// The part of a world's state that matters here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct State {
    pub epoch: u64,
    pub rev: u64,
}

/// The first frame of a connection, with a random session id.
pub fn hello() -> anyhow::Result<Message> {
    hello_again(&random_session()?)
}

/// The first frame of a session's connection, the first or a later one.
pub fn hello_again(session: &SessionId) -> anyhow::Result<Message> {
    message(&ClientFrame::hello(session.clone()))
}

pub fn random_session() -> anyhow::Result<SessionId> {
    Ok(SessionId::parse(&format!(
        "{:016x}",
        rand::random::<u64>()
    ))?)
}

pub fn click(seq: u64, by: Step) -> anyhow::Result<Message> {
    message(&ClientFrame::Click { seq, by })
}

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
        let received = |text: &str| {
            let frame = serde_json::from_str::<Received<'_>>(text).unwrap();
            let owned = [frame.kind, frame.topic].map(str::to_owned);
            (owned.join(" "), frame.seq, frame.rev, frame.state.rev)
        };
        for (text, kind, seq, rev, world_rev) in [
            (text(ServerFrame::State(world)), "state world", 0, 0, 204),
            (text(ack), "ack ", 7, 205, 0),
            (text(reload), "reload ", 0, 0, 0),
            (WORLD.into(), "state world", 0, 0, 1),
            (r#"{"type":"new"}"#.into(), "new ", 0, 0, 0),
        ] {
            assert_eq!(received(&text), (kind.into(), seq, rev, world_rev));
        }
        assert!(serde_json::from_str::<Received<'_>>("{}").is_err());
    }
}
