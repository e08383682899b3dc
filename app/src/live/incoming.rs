//! Server frames as a browser reads them.
//!
//! [`ServerFrame`]'s own reader keeps a whole frame in a buffer of its own kind until it knows the type; the
//! code of that is a sixth of what a browser would download. All frames together have few fields, so this one
//! reads them flat and sorts them out afterwards. The tests hold the two readers together.

use protocol::live::{ServerFrame, WorldFrame};
use protocol::{Chat, DrawNews, Mailbox, Party, PartyCode, Problem, Region, RegionCode};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

/// Reads a frame; nothing where it is of no use to the page.
///
/// Each page has its own reader, so that those that show no party or mailbox need no code to read one.
pub(crate) type Decode = fn(&str) -> Option<ServerFrame>;

/// The fields of all frames, with those of parties and of what else a page shows as the page reads them.
#[derive(Deserialize)]
struct Fields<Code, Of, Part> {
    r#type: String,
    #[serde(default)]
    version: u32,
    region: Option<RegionCode>,
    instance: Option<String>,
    #[serde(default)]
    seq: u64,
    #[serde(default)]
    epoch: u64,
    #[serde(default)]
    rev: u64,
    #[serde(default)]
    age_ms: u64,
    #[serde(default)]
    full: bool,
    regions: Option<Vec<Region>>,
    problem: Option<Problem>,
    party_code: Option<Code>,
    party: Option<Of>,
    /// No page shows two of these, and no frame has two.
    #[serde(alias = "chat", alias = "draw")]
    mailbox: Option<Part>,
}

/// What only some pages read: a party's code, the party, and a mailbox, what is said in a room, or the draw.
type Own<Code, Of, Part> = (Option<Code>, Option<Of>, Option<Part>);

/// The reader of a page that shows no party and no mailbox.
pub(crate) fn decode_world(text: &str) -> Option<ServerFrame> {
    decode_with(text, |_: Own<IgnoredAny, IgnoredAny, IgnoredAny>| None)
}

/// The reader of a page that shows a party.
pub(crate) fn decode_party(text: &str) -> Option<ServerFrame> {
    decode_with(text, |(code, party, chat): Own<PartyCode, Party, Chat>| {
        let party_code = code?;
        Some(match chat {
            Some(chat) => ServerFrame::Chat { party_code, chat },
            None => ServerFrame::Party { party_code, party },
        })
    })
}

/// The reader of a page that shows a mailbox.
pub(crate) fn decode_mail(text: &str) -> Option<ServerFrame> {
    decode_with(
        text,
        |(_, _, mailbox): Own<IgnoredAny, IgnoredAny, Mailbox>| {
            let mailbox = mailbox?;
            Some(ServerFrame::Mail { mailbox })
        },
    )
}

/// The reader of the page that shows the draw.
pub(crate) fn decode_draw(text: &str) -> Option<ServerFrame> {
    decode_with(
        text,
        |(_, _, draw): Own<IgnoredAny, IgnoredAny, DrawNews>| {
            let draw = draw?;
            Some(ServerFrame::Draw { draw })
        },
    )
}

fn decode_with<Code: DeserializeOwned, Of: DeserializeOwned, Part: DeserializeOwned>(
    text: &str,
    tell: fn(Own<Code, Of, Part>) -> Option<ServerFrame>,
) -> Option<ServerFrame> {
    let fields: Fields<Code, Of, Part> = serde_json::from_str(text).ok()?;
    Some(match fields.r#type.as_str() {
        "welcome" => ServerFrame::Welcome {
            version: fields.version,
            region: fields.region?,
            instance: fields.instance?,
        },
        "world" => ServerFrame::World(WorldFrame {
            epoch: fields.epoch,
            rev: fields.rev,
            age_ms: fields.age_ms,
            full: fields.full,
            regions: fields.regions?,
        }),
        "ack" => ServerFrame::Ack {
            seq: fields.seq,
            epoch: fields.epoch,
            rev: fields.rev,
        },
        "refused" => ServerFrame::Refused {
            seq: fields.seq,
            problem: fields.problem?,
        },
        "party" => return tell((fields.party_code, fields.party, None)),
        "chat" | "mail" | "draw" => return tell((fields.party_code, None, Some(fields.mailbox?))),
        "reload" => ServerFrame::Reload {
            version: fields.version,
        },
        _ => ServerFrame::Unknown,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::samples::making;
    use crate::live::tests::samples::{code, frame, party};
    use crate::mail::samples::{came, mailbox};
    use crate::party::chat::samples::chat;

    #[test]
    fn both_readers_read_the_same() {
        let frames = [
            ServerFrame::Welcome {
                version: 1,
                region: code("fra"),
                instance: "fra-1".into(),
            },
            ServerFrame::World(frame(2, 7, true, &[("fra", 3), ("ord", -4)])),
            ServerFrame::World(WorldFrame {
                age_ms: 9,
                ..frame(2, 8, false, &[])
            }),
            ServerFrame::Ack {
                seq: 4,
                epoch: 2,
                rev: 9,
            },
            ServerFrame::Refused {
                seq: 5,
                problem: Problem::new(429, "too-many-clicks", "Too many clicks"),
            },
            ServerFrame::Party {
                party_code: party(3, &[]).party_code,
                party: Some(party(3, &["Ann", "Bo"])),
            },
            ServerFrame::Party {
                party_code: party(3, &[]).party_code,
                party: None,
            },
            ServerFrame::Chat {
                party_code: party(3, &[]).party_code,
                chat: chat(&[(7, 1, "hello \u{202e}")], Some(6)),
            },
            ServerFrame::Chat {
                party_code: party(3, &[]).party_code,
                chat: chat(&[], None),
            },
            ServerFrame::Mail {
                mailbox: mailbox(3, 1, &[came(3, "fra-finch", "hello \u{202e}")]),
            },
            ServerFrame::Draw {
                draw: making(7, 40),
            },
            ServerFrame::Reload { version: 2 },
        ];

        for frame in frames {
            let json = serde_json::to_string(&frame).unwrap();
            let is_party = matches!(frame, ServerFrame::Party { .. } | ServerFrame::Chat { .. });
            let is_mail = matches!(frame, ServerFrame::Mail { .. });
            let is_draw = matches!(frame, ServerFrame::Draw { .. });
            // A page is told nothing of what it does not show.
            for (decode, reads) in [
                (decode_world as Decode, !is_party && !is_mail && !is_draw),
                (decode_party, !is_mail && !is_draw),
                (decode_mail, !is_party && !is_draw),
                (decode_draw, !is_party && !is_mail),
            ] {
                assert_eq!(decode(&json).as_ref(), reads.then_some(&frame), "{json}");
            }
        }
    }

    #[test]
    fn frames_of_a_newer_server_are_unknown() {
        assert_eq!(
            decode_party(r#"{"type":"confetti","colour":"dusk"}"#),
            Some(ServerFrame::Unknown)
        );
        assert_eq!(
            decode_party(r#"{"type":"ack","seq":1,"epoch":1,"rev":2,"mood":[1]}"#),
            Some(ServerFrame::Ack {
                seq: 1,
                epoch: 1,
                rev: 2
            })
        );
    }

    #[test]
    fn what_is_no_frame_is_nothing() {
        for text in [
            "",
            "[]",
            "{}",
            r#"{"type":"world"}"#,
            r#"{"type":"ack","seq":"x"}"#,
            r#"{"type":"chat","party_code":"457495738"}"#,
        ] {
            assert_eq!(decode_party(text), None, "{text}");
        }
    }
}
