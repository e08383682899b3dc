//! Server frames as a browser reads them.
//!
//! [`ServerFrame`]'s own reader keeps a whole frame in a buffer of its own kind until it knows the type; the
//! code of that is a sixth of what a browser would download. All frames together have few fields, so this one
//! reads them flat and sorts them out afterwards. The tests hold the two readers together.

use protocol::live::{ServerFrame, WorldFrame};
use protocol::{Party, PartyCode, Problem, Region, RegionCode};
use serde::Deserialize;

/// The fields of all frames.
#[derive(Deserialize)]
struct Fields {
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
    party_code: Option<PartyCode>,
    party: Option<Party>,
}

/// Reads a frame; nothing where it is of no use to this page.
pub(super) fn decode(text: &str) -> Option<ServerFrame> {
    let Fields {
        r#type,
        version,
        region,
        instance,
        seq,
        epoch,
        rev,
        age_ms,
        full,
        regions,
        problem,
        party_code,
        party,
    } = serde_json::from_str(text).ok()?;
    Some(match r#type.as_str() {
        "welcome" => ServerFrame::Welcome {
            version,
            region: region?,
            instance: instance?,
        },
        "world" => ServerFrame::World(WorldFrame {
            epoch,
            rev,
            age_ms,
            full,
            regions: regions?,
        }),
        "ack" => ServerFrame::Ack { seq, epoch, rev },
        "refused" => ServerFrame::Refused {
            seq,
            problem: problem?,
        },
        "party" => ServerFrame::Party {
            party_code: party_code?,
            party,
        },
        "reload" => ServerFrame::Reload { version },
        _ => ServerFrame::Unknown,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::tests::samples::{code, frame, party};

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
            ServerFrame::Reload { version: 2 },
        ];

        for frame in frames {
            let json = serde_json::to_string(&frame).unwrap();
            assert_eq!(decode(&json), Some(frame), "{json}");
        }
    }

    #[test]
    fn frames_of_a_newer_server_are_unknown() {
        assert_eq!(
            decode(r#"{"type":"confetti","colour":"dusk"}"#),
            Some(ServerFrame::Unknown)
        );
        assert_eq!(
            decode(r#"{"type":"ack","seq":1,"epoch":1,"rev":2,"mood":[1]}"#),
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
        ] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
