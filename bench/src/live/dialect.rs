//! What sessions say and hear, by the kind of server: our live protocol, or Socket.IO's.

use super::frames::{self, Received};
use protocol::Step;
use std::fmt::Write;

/// How a session speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// The live protocol, as docs/protocol.md has it.
    #[default]
    Live,
    /// Socket.IO over Engine.IO, on a WebSocket from the start: events, and acknowledgements that name a number.
    SocketIo,
}

/// What a server told a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told<'a> {
    /// Numbers of the world.
    World(Shown),
    /// All clicks up to a number are counted, from a revision on.
    Acknowledged { seq: u64, rev: u64 },
    /// Something that wants this answer.
    Asked(&'static str),
    /// Something that no session here expects.
    Refused(&'a str),
    /// Something else.
    Other,
}

/// What a world frame shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Its revision; 0 from servers that have none.
    pub rev: u64,
    /// The clicks of each of [`REGIONS`], as far as the frame has them.
    pub clicks: [Option<i64>; REGIONS.len()],
}

/// The regions whose clicks sessions follow.
pub const REGIONS: [&str; 2] = ["ord", "fra"];
/// How a world frame begins.
const LIVE_WORLD: &str = r#"{"type":"state","topic":"world""#;
const SOCKET_IO_WORLD: &str = r#"42["world","#;

impl Dialect {
    /// Where its socket is.
    pub fn path(self) -> &'static str {
        match self {
            Self::Live => "/live",
            Self::SocketIo => "/socket.io/?EIO=4&transport=websocket",
        }
    }

    /// What a client says first.
    pub fn hello(self) -> anyhow::Result<String> {
        Ok(match self {
            Self::Live => frames::hello()?.into_text()?.to_string(),
            Self::SocketIo => "40".to_owned(),
        })
    }

    /// Writes a click.
    pub fn click(self, seq: u64, by: Step, text: &mut String) -> anyhow::Result<()> {
        text.clear();
        let by = if by == Step::Up { 1 } else { -1 };
        match self {
            Self::Live => write!(text, r#"{{"type":"click","seq":{seq},"by":{by}}}"#)?,
            Self::SocketIo => write!(text, r#"42{seq}["click",{{"by":{by}}}]"#)?,
        }
        Ok(())
    }

    /// Reads what a server sent.
    pub fn read(self, text: &str) -> anyhow::Result<Told<'_>> {
        match self {
            Self::Live if text.starts_with(LIVE_WORLD) => Ok(Told::World(Shown::read(text))),
            Self::Live => {
                let received: Received<'_> = serde_json::from_str(text)?;
                Ok(match received.kind {
                    "ack" => Told::Acknowledged {
                        seq: received.seq,
                        rev: received.rev,
                    },
                    "refused" | "reload" => Told::Refused(text),
                    _ => Told::Other,
                })
            }
            Self::SocketIo if text.starts_with(SOCKET_IO_WORLD) => {
                Ok(Told::World(Shown::read(text)))
            }
            Self::SocketIo => Ok(match text.split_at_checked(2) {
                Some(("43", rest)) => Told::Acknowledged {
                    seq: number(rest).unwrap_or(0).unsigned_abs(),
                    rev: 0,
                },
                Some(("41" | "44", _)) => Told::Refused(text),
                // The ping of Engine.IO, and its pong.
                None if text == "2" => Told::Asked("3"),
                _ => Told::Other,
            }),
        }
    }
}

impl Shown {
    /// Looks for the numbers in a world frame. Reading it as JSON would take the load longer than all else.
    fn read(text: &str) -> Self {
        let mut shown = Self {
            rev: field(text, r#""rev":"#).map_or(0, i64::unsigned_abs),
            ..Self::default()
        };
        for region in text.split(r#""code":""#).skip(1) {
            let index = REGIONS.iter().position(|code| region.starts_with(code));
            if let Some(index) = index {
                shown.clicks[index] = field(region, r#""clicks":"#);
            }
        }
        shown
    }
}

/// The number that follows a name.
fn field(text: &str, name: &str) -> Option<i64> {
    number(&text[text.find(name)? + name.len()..])
}

/// The number that a text begins with.
fn number(text: &str) -> Option<i64> {
    let is_part = |byte: &u8| byte.is_ascii_digit() || *byte == b'-';
    let length = text.bytes().take_while(|byte| is_part(byte)).count();
    text[..length].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::live::{ClientFrame, NoKey, ServerFrame, StateFrame, WorldTopic};
    use protocol::{Region, RegionCode, World};

    #[test]
    fn frames_of_the_live_protocol_are_read_and_written_as_it_has_them() {
        let region = |code: &str, clicks| Region {
            code: RegionCode::parse(code).unwrap(),
            city: "Frankfurt am Main".into(),
            lat: 50.03,
            lng: 8.57,
            clicks,
            people: 3,
            connections: 4,
            instances: 1,
            reached_ms: None,
            reached_rev: None,
        };
        let world = World {
            epoch: 1,
            rev: 204,
            age_ms: 0,
            full: true,
            regions: vec![region("fra", 12), region("ord", -7), region("syd", 5)],
        };
        let world = StateFrame::of::<WorldTopic>(&NoKey, &world).unwrap();
        let ack = ServerFrame::Ack {
            seq: 7,
            epoch: 1,
            rev: 205,
        };
        let text = |frame| serde_json::to_string(&frame).unwrap();
        let (world, ack) = (text(ServerFrame::State(world)), text(ack));
        let reload = text(ServerFrame::Reload { version: 9 });
        let mut click = String::new();
        Dialect::Live.click(3, Step::Down, &mut click).unwrap();

        let shown = Shown {
            rev: 204,
            clicks: [Some(-7), Some(12)],
        };
        let read = |text| Dialect::Live.read(text).unwrap();
        assert_eq!(read(&world), Told::World(shown));
        assert_eq!(read(&ack), Told::Acknowledged { seq: 7, rev: 205 });
        assert_eq!(read(&reload), Told::Refused(&reload));
        assert_eq!(read(r#"{"type":"new"}"#), Told::Other);
        assert!(Dialect::Live.read("{}").is_err());
        let frame = ClientFrame::Click {
            seq: 3,
            by: Step::Down,
        };
        assert_eq!(click, serde_json::to_string(&frame).unwrap());
    }

    #[test]
    fn socket_io_is_read_as_it_is_sent() {
        let shown = Shown {
            rev: 0,
            clicks: [None, Some(31)],
        };

        for (text, told) in [
            (r#"0{"sid":"x","pingInterval":25000}"#, Told::Other),
            (r#"40{"sid":"y"}"#, Told::Other),
            ("2", Told::Asked("3")),
            (
                r#"42["world",{"full":false,"regions":[{"code":"fra","clicks":31}]}]"#,
                Told::World(shown),
            ),
            ("4312[]", Told::Acknowledged { seq: 12, rev: 0 }),
            ("41", Told::Refused("41")),
        ] {
            assert_eq!(Dialect::SocketIo.read(text).unwrap(), told, "{text}");
        }
    }
}
