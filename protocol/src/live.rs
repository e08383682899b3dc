//! The live socket's frames: one JSON text message each, tagged by `type`.
//!
//! A browser opens `/live`, says [`ClientFrame::Hello`], and gets [`ServerFrame::Welcome`] and the whole
//! world; then clicks go up, acknowledgements and world frames come down. World frames carry state, not
//! history: whoever is slow skips to the newest. docs/protocol.md tells the whole conversation.

use crate::{
    Chat, DrawNews, MailAddress, Mailbox, Party, PartyCode, Problem, Region, RegionCode, SessionId,
    Step,
};
use serde::{Deserialize, Serialize};

/// The protocol's version that this build speaks.
pub const VERSION: u32 = 4;
/// The first version that has [`ClientFrame::Party`].
pub const VERSION_WITH_PARTIES: u32 = 2;
/// The first version that has [`ClientFrame::Mail`].
pub const VERSION_WITH_MAIL: u32 = 3;
/// The first version that has [`ClientFrame::Draw`].
pub const VERSION_WITH_DRAW: u32 = 4;
/// The oldest version that this build still understands, at either end.
pub const VERSION_MIN: u32 = 1;
/// The largest frame a browser may send, in bytes.
///
/// The longest valid one, a `hello`, has under 200.
pub const CLIENT_FRAME_MAX_BYTES: usize = 1024;
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
    /// The page shows parties; since [`VERSION_WITH_PARTIES`].
    ///
    /// Where it names one, [`ServerFrame::Party`] tells of it. A later frame takes the place of an earlier one.
    Party {
        /// The party that the page shows; none where it shows no particular one.
        party_code: Option<PartyCode>,
    },
    /// The page shows a mailbox of the person whose cookie came with the socket; since [`VERSION_WITH_MAIL`].
    ///
    /// [`ServerFrame::Mail`] tells of it. A later frame takes the place of an earlier one.
    Mail {
        /// Which.
        address: MailAddress,
    },
    /// The page shows the draw; since [`VERSION_WITH_DRAW`].
    ///
    /// [`ServerFrame::Draw`] tells of it.
    Draw,
}

/// What a server sends.
///
/// A browser ignores frames of a type it does not know, so that older pages work with newer servers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The answer to `hello`; a full [`ServerFrame::World`] follows.
    Welcome {
        /// The version both ends speak from here: the smaller of theirs.
        version: u32,
        /// The region that serves this session, where its clicks count.
        region: RegionCode,
        /// The serving instance.
        instance: String,
    },
    /// Regions' numbers at a revision.
    World(WorldFrame),
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
    /// The party that the page shows, whole: first as an answer to [`ClientFrame::Party`], then at each change.
    Party {
        /// Its code.
        party_code: PartyCode,
        /// How it is; none once it has ended, or where there is none of that code.
        party: Option<Party>,
    },
    /// What is said in the room of the party that the page shows: first as an answer to [`ClientFrame::Party`],
    /// then at each change.
    Chat {
        /// The party.
        party_code: PartyCode,
        /// Its newest lines.
        chat: Chat,
    },
    /// The mailbox that the page shows: first as an answer to [`ClientFrame::Mail`], then at each change.
    Mail {
        /// Its newest letters, and what else is news.
        mailbox: Mailbox,
    },
    /// The draw: first as an answer to [`ClientFrame::Draw`], then at each change.
    Draw {
        /// The running round, and what is known of the next.
        draw: DrawNews,
    },
    /// The page is too old for this server: load it anew, once.
    Reload {
        /// The server's version.
        version: u32,
    },
    /// A type from a newer server.
    #[serde(other)]
    Unknown,
}

/// Regions' numbers at a revision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WorldFrame {
    /// See [`crate::World::epoch`].
    pub epoch: u64,
    /// See [`crate::World::rev`].
    pub rev: u64,
    /// See [`crate::World::age_ms`].
    pub age_ms: u64,
    /// Whether `regions` are all that are shown; else just those that changed since the frame before.
    pub full: bool,
    /// The regions, ordered by code, each with all its numbers.
    pub regions: Vec<Region>,
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

    /// Whether a browser should reconnect after this code.
    #[must_use]
    pub fn reconnects(code: u16) -> bool {
        !(4400..4500).contains(&code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn the_draw_is_asked_for_by_a_type_alone() {
        let json = serde_json::to_string(&ClientFrame::Draw).unwrap();

        assert_eq!(json, r#"{"type":"draw"}"#);
        let newer = ClientFrame::decode(r#"{"later":"field","type":"draw"}"#);
        assert_eq!(newer.unwrap(), ClientFrame::Draw);
    }

    #[test]
    fn server_frames_survive_the_wire() {
        let frames = [
            ServerFrame::Ack {
                seq: 4,
                epoch: 2,
                rev: 9,
            },
            ServerFrame::Refused {
                seq: 5,
                problem: Problem::new(429, "too-many-clicks", "Too many"),
            },
            ServerFrame::Reload { version: 2 },
            ServerFrame::World(WorldFrame {
                epoch: 1,
                rev: 2,
                age_ms: 0,
                full: true,
                regions: vec![],
            }),
        ];

        for frame in frames {
            let json = serde_json::to_string(&frame).unwrap();
            assert_eq!(
                serde_json::from_str::<ServerFrame>(&json).unwrap(),
                frame,
                "{json}"
            );
        }
    }

    #[test]
    fn frames_of_a_newer_server_are_unknown_not_errors() {
        let frame = serde_json::from_str::<ServerFrame>(r#"{"type":"confetti","colour":"dusk"}"#);

        assert_eq!(frame.unwrap(), ServerFrame::Unknown);
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
