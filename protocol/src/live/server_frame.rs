//! What a server sends.

use super::fields::Fields;
use super::{RawJson, StateFrame};
use crate::{Problem, RegionCode};
use serde::Serialize;

/// What a server sends.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The answer to `hello`; the state of the world follows.
    Welcome {
        /// The version both ends speak from here: the smaller of theirs.
        version: u32,
        /// The region that serves this session, where its clicks count.
        region: RegionCode,
        /// The serving instance.
        instance: String,
        /// How often at least one frame comes, in milliseconds; 0 from a server that does not promise that.
        beat_ms: u64,
        /// The world's clicks at the last [`HISTORY_SAMPLES`](crate::HISTORY_SAMPLES) steps, oldest first: what a page that
        /// was away has missed of them.
        history: Vec<i64>,
    },
    /// The state of something that the session watches.
    State(StateFrame),
    /// Every click of this session up to `seq` has been counted.
    Ack {
        /// The newest settled click.
        seq: u64,
        /// The epoch of `rev`.
        epoch: u64,
        /// The revision from which on the world includes them.
        rev: u64,
    },
    /// A click and all that were sent after it were not and will not be counted. The next one has its
    /// number again.
    Refused {
        /// The first refused click.
        seq: u64,
        /// Why, and what to do.
        problem: Problem,
    },
    /// What a document holds of this session's person: sent to who watches it, and as the answer to changes.
    Own {
        /// [`Document::NAME`](crate::Document::NAME).
        topic: String,
        /// The key; empty where the topic has none.
        #[serde(skip_serializing_if = "String::is_empty")]
        key: String,
        /// The document's revision that it belongs to.
        rev: u64,
        /// Every change of this session up to this number is part of that revision; 0 where none was asked for.
        #[serde(skip_serializing_if = "is_zero")]
        seq: u64,
        /// [`Document::Own`](crate::Document::Own).
        own: RawJson,
    },
    /// A change of a document was refused. Those that were sent after it are decided for themselves, and its number is not used
    /// again.
    RefusedChange {
        /// [`Document::NAME`](crate::Document::NAME).
        topic: String,
        /// The key; empty where the topic has none.
        #[serde(skip_serializing_if = "String::is_empty")]
        key: String,
        /// The refused change.
        seq: u64,
        /// Why, and what to do.
        problem: Problem,
    },
    /// The session does not watch this: no state of it will come.
    Unwatched {
        /// [`super::Topic::NAME`].
        topic: String,
        /// The key; empty where the topic has none.
        #[serde(skip_serializing_if = "String::is_empty")]
        key: String,
        /// Why, and what to do.
        problem: Problem,
    },
    /// The page is too old for this server: reload it, once.
    Reload {
        /// The server's version.
        version: u32,
    },
    /// The connection lives. Sent when there was nothing else to send: browsers hide a socket's own pings from scripts.
    Beat,
    /// A type from a newer server: ignore it.
    Unknown,
}

/// Whether a number is left out.
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl ServerFrame {
    /// Reads a frame; `None` where it is not one.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        let fields = Fields::read(text)?;
        let key = fields.key;
        Some(match fields.r#type?.as_str() {
            "welcome" => Self::Welcome {
                version: fields.version,
                region: fields.region?,
                instance: fields.instance?,
                beat_ms: fields.beat_ms,
                history: fields.history,
            },
            "state" => Self::State(StateFrame {
                topic: fields.topic?,
                key,
                state: fields.state?,
            }),
            "ack" => Self::Ack {
                seq: fields.seq,
                epoch: fields.epoch,
                rev: fields.rev,
            },
            "own" => Self::Own {
                topic: fields.topic?,
                key,
                rev: fields.rev,
                seq: fields.seq,
                own: fields.own?,
            },
            "refused_change" => Self::RefusedChange {
                topic: fields.topic?,
                key,
                seq: fields.seq,
                problem: fields.problem?,
            },
            "refused" => Self::Refused {
                seq: fields.seq,
                problem: fields.problem?,
            },
            "unwatched" => Self::Unwatched {
                topic: fields.topic?,
                key,
                problem: fields.problem?,
            },
            "reload" => Self::Reload {
                version: fields.version,
            },
            "beat" => Self::Beat,
            _ => Self::Unknown,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::{NoKey, WorldTopic};
    use crate::{PartyCode, PartyTopic, World};

    fn world() -> World {
        World {
            epoch: 1,
            rev: 2,
            age_ms: 0,
            full: true,
            regions: vec![],
        }
    }

    #[test]
    fn frames_survive_the_wire() {
        let code = PartyCode::parse("457495738").unwrap();
        let problem = Problem::new(429, "too-many-clicks", "Too many clicks");
        let frames = [
            ServerFrame::Welcome {
                version: 5,
                region: RegionCode::parse("fra").unwrap(),
                instance: "fra-1".into(),
                beat_ms: 4_000,
                history: Vec::new(),
            },
            ServerFrame::State(StateFrame::of::<WorldTopic>(&NoKey, &world()).unwrap()),
            ServerFrame::State(StateFrame::of::<PartyTopic>(&code, &None).unwrap()),
            ServerFrame::Ack {
                seq: 4,
                epoch: 2,
                rev: 9,
            },
            ServerFrame::Refused {
                seq: 5,
                problem: problem.clone(),
            },
            ServerFrame::Own {
                topic: "poll".into(),
                key: "k7m2q9xwtb".into(),
                rev: 8,
                seq: 2,
                own: RawJson::of(&[1]).unwrap(),
            },
            ServerFrame::RefusedChange {
                topic: "poll".into(),
                key: String::new(),
                seq: 3,
                problem: problem.clone(),
            },
            ServerFrame::Unwatched {
                topic: "party".into(),
                key: code.to_string(),
                problem,
            },
            ServerFrame::Reload { version: 6 },
            ServerFrame::Beat,
        ];

        for frame in frames {
            let json = serde_json::to_string(&frame).unwrap();
            assert_eq!(ServerFrame::decode(&json), Some(frame), "{json}");
        }
    }

    #[test]
    fn a_state_frame_is_flat() {
        let frame = StateFrame::of::<WorldTopic>(&NoKey, &world()).unwrap();

        let json = serde_json::to_string(&ServerFrame::State(frame)).unwrap();

        let expected = r#"{"type":"state","topic":"world","state":{"epoch":1,"rev":2,"age_ms":0,"full":true,"regions":[]}}"#;
        assert_eq!(json, expected);
    }

    #[test]
    fn frames_of_a_newer_server_are_unknown() {
        let newer = ServerFrame::decode(r#"{"type":"confetti","colour":"dusk"}"#);
        let with_more =
            ServerFrame::decode(r#"{"type":"ack","seq":1,"epoch":1,"rev":2,"mood":[1]}"#);

        assert_eq!(newer, Some(ServerFrame::Unknown));
        let expected = ServerFrame::Ack {
            seq: 1,
            epoch: 1,
            rev: 2,
        };
        assert_eq!(with_more, Some(expected));
    }

    #[test]
    fn what_is_not_a_frame_is_none() {
        for text in [
            "",
            "[]",
            "{}",
            r#"{"type":"state","topic":"world"}"#,
            r#"{"type":"ack","seq":"x"}"#,
            r#"{"type":"unwatched","topic":"party"}"#,
        ] {
            assert_eq!(ServerFrame::decode(text), None, "{text}");
        }
    }
}
