//! The live socket's frames: one JSON text message each, tagged by `type`.
//!
//! A browser opens `/live`, sends [`ClientFrame::Hello`], and gets [`ServerFrame::Welcome`] and the state of the whole
//! world; then it sends clicks and watches topics, and gets acknowledgements and states. States are whole, not
//! history: a slow receiver skips to the newest. docs/protocol.md describes the whole conversation.

mod topic;
pub use topic::{NoKey, NoKeyError, RawJson, StateFrame, Topic};

mod fields;
mod server_frame;
pub use server_frame::ServerFrame;

use crate::json::quoted;
use crate::{CHANGE_MAX_BYTES, SessionId, Step, World};
use serde::{Deserialize, Serialize};

/// The protocol version of this build.
pub const VERSION: u32 = 5;
/// The oldest version that this build understands, at either end: a page that meets an older or newer end reloads once.
pub const VERSION_MIN: u32 = 5;
/// The largest frame a browser may send, in bytes.
///
/// The longest valid one carries a change of [`CHANGE_MAX_BYTES`]; all others have under 200.
pub const CLIENT_FRAME_MAX_BYTES: usize = CHANGE_MAX_BYTES + 1024;
/// Most clicks of one session that may wait for their acknowledgement.
pub const UNACKNOWLEDGED_MAX: usize = 4096;

/// What a browser sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame of every connection.
    Hello {
        /// The protocol version the page speaks.
        version: u32,
        /// The session, the same across reconnects.
        session: SessionId,
    },
    /// One click.
    ///
    /// A session numbers its clicks from 1 without gaps. After a reconnect it sends again, in order,
    /// what was not acknowledged, under the same numbers: each counts once.
    Click {
        /// The click's number within its session.
        seq: u64,
        /// 1 or −1.
        by: Step,
    },
    /// A change of a document.
    ///
    /// A session numbers its changes of each document from 1, and never gives a number twice. After a reconnect it sends
    /// again, in order, what was not answered, under the same numbers: each counts once.
    Change {
        /// [`Document::NAME`](crate::Document::NAME).
        topic: String,
        /// Which of the topic; empty where it has only one.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        key: String,
        /// The change's number within its session and document.
        seq: u64,
        /// The change.
        change: RawJson,
    },
    /// The page shows something: its state follows at once and at each change. A topic that the server does not know
    /// is ignored.
    Watch {
        /// [`Topic::NAME`].
        topic: String,
        /// Which of the topic; empty where it has only one.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        key: String,
    },
    /// The page no longer shows it.
    Unwatch {
        /// [`Topic::NAME`].
        topic: String,
        /// Which of the topic; empty where it has only one.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        key: String,
    },
}

impl ClientFrame {
    /// The first frame of a session's connection, in this build's version.
    #[must_use]
    pub fn hello(session: SessionId) -> Self {
        Self::Hello {
            version: VERSION,
            session,
        }
    }

    /// The frame that starts to watch one of a topic.
    pub fn watch<T: Topic>(key: &T::Key) -> Self {
        Self::Watch {
            topic: T::NAME.into(),
            key: key.to_string(),
        }
    }
}

/// The topic of the world. Every session gets it after the welcome; nobody needs to watch it.
pub struct WorldTopic;

impl Topic for WorldTopic {
    const NAME: &'static str = "world";
    type Key = NoKey;
    type State = World;
}

/// Why a browser's frame cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// Longer than [`CLIENT_FRAME_MAX_BYTES`].
    #[error("a frame has at most {CLIENT_FRAME_MAX_BYTES} bytes")]
    TooLong,
    /// Not one of the frames above.
    #[error("not a frame of this protocol: {0}")]
    Malformed(#[from] serde_json::Error),
}

impl ClientFrame {
    /// The frame as JSON: what serde_json writes too, of which a browser would otherwise need no part.
    #[must_use]
    pub fn encode(&self) -> String {
        let named = |name, topic: &str, key: &str, rest: &str| {
            let key = match key {
                "" => String::new(),
                key => format!(r#","key":{}"#, quoted(key)),
            };
            format!(
                r#"{{"type":"{name}","topic":{}{key}{rest}}}"#,
                quoted(topic)
            )
        };
        match self {
            Self::Hello { version, session } => format!(
                r#"{{"type":"hello","version":{version},"session":{}}}"#,
                quoted(session.as_str())
            ),
            Self::Click { seq, by } => {
                format!(r#"{{"type":"click","seq":{seq},"by":{}}}"#, i64::from(*by))
            }
            Self::Change {
                topic,
                key,
                seq,
                change,
            } => {
                let rest = format!(r#","seq":{seq},"change":{}"#, change.as_str());
                named("change", topic, key, &rest)
            }
            Self::Watch { topic, key } => named("watch", topic, key, ""),
            Self::Unwatch { topic, key } => named("unwatch", topic, key, ""),
        }
    }

    /// Reads a frame.
    ///
    /// # Errors
    /// [`FrameError`] where it is too long or not of this protocol; close the socket with
    /// [`close::MALFORMED`] then.
    pub fn decode(text: &str) -> Result<Self, FrameError> {
        if text.len() > CLIENT_FRAME_MAX_BYTES {
            return Err(FrameError::TooLong);
        }
        Ok(serde_json::from_str(text)?)
    }
}

/// WebSocket close codes (RFC 6455, section 7.4): 44xx mean stop, all others reconnect.
pub mod close {
    /// The instance shuts down: reconnect, after a random delay, wherever you are sent.
    pub const RESTART: u16 = 1012;
    /// A frame could not be used: a fault of the page, which reconnecting does not mend.
    pub const MALFORMED: u16 = 4400;
    /// The page is too old: load it anew.
    pub const RELOAD: u16 = 4426;
    /// Nothing was heard from the browser in time.
    pub const SILENT: u16 = 4508;

    /// The visitor was forgotten, here or everywhere: load the page anew, as whoever the cookie says by then.
    pub const FORGOTTEN: u16 = 4509;

    /// Whether a browser should reconnect after this code.
    #[must_use]
    pub fn reconnects(code: u16) -> bool {
        !(4400..4500).contains(&code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DrawTopic, PartyCode, PartyTopic};
    use proptest::prelude::*;

    #[test]
    fn client_frames_read_as_documented() {
        let hello =
            ClientFrame::decode(r#"{"type":"hello","version":1,"session":"0123456789abcdef"}"#);
        let click = ClientFrame::decode(r#"{"type":"click","seq":3,"by":-1,"later":"field"}"#);

        assert!(matches!(
            hello.unwrap(),
            ClientFrame::Hello { version: 1, .. }
        ));
        assert_eq!(
            click.unwrap(),
            ClientFrame::Click {
                seq: 3,
                by: Step::Down
            }
        );
    }

    #[test]
    fn watching_names_a_topic_and_its_key_if_it_has_one() {
        let party = ClientFrame::watch::<PartyTopic>(&PartyCode::parse("457495738").unwrap());
        let draw = ClientFrame::watch::<DrawTopic>(&NoKey);

        let json = |frame| serde_json::to_string(frame).unwrap();
        assert_eq!(
            json(&party),
            r#"{"type":"watch","topic":"party","key":"457495738"}"#
        );
        assert_eq!(json(&draw), r#"{"type":"watch","topic":"draw"}"#);
        assert_eq!(ClientFrame::decode(&json(&draw)).unwrap(), draw);
    }

    #[test]
    fn only_stop_codes_stop() {
        assert!(close::reconnects(close::RESTART));
        assert!(close::reconnects(close::SILENT));
        assert!(close::reconnects(1006));
        assert!(!close::reconnects(close::MALFORMED));
        assert!(!close::reconnects(close::RELOAD));
    }

    proptest! {
        #[test]
        fn frames_are_written_as_serde_json_writes_them(
            seq in any::<u64>(), id in "[a-zA-Z0-9_-]{16,64}", topic in "[ -~]{0,9}", key in "[ -~]{0,9}"
        ) {
            let frames = [
                ClientFrame::hello(SessionId::parse(&id).unwrap()),
                ClientFrame::Click { seq, by: Step::Down },
                ClientFrame::Watch { topic: topic.clone(), key: key.clone() },
                ClientFrame::Unwatch { topic: topic.clone(), key: key.clone() },
                ClientFrame::Change { topic, key, seq, change: RawJson::of(&(seq, &id)).unwrap() },
            ];

            for frame in frames {
                prop_assert_eq!(frame.encode(), serde_json::to_string(&frame).unwrap());
                prop_assert_eq!(ClientFrame::decode(&frame.encode()).unwrap(), frame);
            }
        }

        #[test]
        fn no_text_makes_the_decoder_panic(text in "\\PC{0,300}") {
            let _outcome = ClientFrame::decode(&text);
        }

        #[test]
        fn clicks_round_trip(seq in any::<u64>(), up in any::<bool>()) {
            let frame = ClientFrame::Click { seq, by: if up { Step::Up } else { Step::Down } };

            let json = serde_json::to_string(&frame).unwrap();

            prop_assert_eq!(ClientFrame::decode(&json).unwrap(), frame);
        }
    }
}
