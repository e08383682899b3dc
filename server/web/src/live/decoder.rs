//! Reads a browser's WebSocket frames (RFC 6455, section 5). While nothing comes it keeps no memory.

use super::frames::End;
use bytes::Bytes;
use protocol::live::{CLIENT_FRAME_MAX_BYTES, ClientFrame};
use std::io::Cursor;
use std::ops::Range;
use tokio_tungstenite::tungstenite::protocol::frame::FrameHeader;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Control, Data, OpCode};

/// The longest payload of a control frame (RFC 6455, section 5.5).
const CONTROL_MAX_BYTES: usize = 125;

/// What a browser sent.
pub(super) enum Heard {
    /// A message of our protocol.
    Frame(ClientFrame),
    /// What is to be answered with a pong of the same bytes.
    Ping(Bytes),
    /// The answer to a ping.
    Pong,
    /// The browser closes the socket.
    Close,
}

/// Puts a browser's messages together from its bytes.
#[derive(Default)]
pub(super) struct Decoder {
    /// Bytes that came, from the first that is of no whole frame.
    bytes: Vec<u8>,
    /// How many of them are done with.
    done: usize,
    /// The fragments so far of a message in several.
    fragments: Option<Vec<u8>>,
}

impl Decoder {
    /// Takes bytes that came.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next thing that came in whole.
    ///
    /// # Errors
    /// A close where the browser broke the rules.
    pub(super) fn next(&mut self) -> Result<Option<Heard>, End> {
        loop {
            let Some((header, payload)) = self.next_frame()? else {
                self.bytes.drain(..std::mem::take(&mut self.done));
                if self.bytes.is_empty() {
                    self.bytes = Vec::new();
                }
                return Ok(None);
            };
            self.done = payload.end;
            let payload = &self.bytes[payload];
            return Ok(Some(match header.opcode {
                OpCode::Control(Control::Ping) => Heard::Ping(Bytes::copy_from_slice(payload)),
                OpCode::Control(Control::Pong) => Heard::Pong,
                OpCode::Control(_) => Heard::Close,
                OpCode::Data(Data::Continue) => {
                    let Some(mut text) = self.fragments.take() else {
                        return Err(End::malformed("a message begins with its first frame"));
                    };
                    if text.len() + payload.len() > CLIENT_FRAME_MAX_BYTES {
                        return Err(too_long());
                    }
                    text.extend_from_slice(payload);
                    if !header.is_final {
                        self.fragments = Some(text);
                        continue;
                    }
                    Heard::Frame(read(&text)?)
                }
                OpCode::Data(_) if self.fragments.is_some() => {
                    return Err(End::malformed("a message ends before the next begins"));
                }
                OpCode::Data(_) if !header.is_final => {
                    self.fragments = Some(payload.to_vec());
                    continue;
                }
                OpCode::Data(_) => Heard::Frame(read(payload)?),
            }));
        }
    }

    /// The next frame that is here in whole, and where its payload is, unmasked.
    fn next_frame(&mut self) -> Result<Option<(FrameHeader, Range<usize>)>, End> {
        let mut cursor = Cursor::new(&self.bytes[self.done..]);
        let parsed = FrameHeader::parse(&mut cursor).map_err(End::malformed)?;
        let Some((header, length)) = parsed else {
            return Ok(None);
        };
        let start = self.done + usize::try_from(cursor.position()).unwrap_or(usize::MAX);
        if header.rsv1 || header.rsv2 || header.rsv3 {
            return Err(End::malformed("no extension is in use"));
        }
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        match header.opcode {
            OpCode::Control(_) if !header.is_final || length > CONTROL_MAX_BYTES => {
                return Err(End::malformed("control frames are short and whole"));
            }
            OpCode::Data(Data::Binary) => return Err(End::malformed("frames are text")),
            OpCode::Data(_) if length > CLIENT_FRAME_MAX_BYTES => return Err(too_long()),
            _ => {}
        }
        let Some(mask) = header.mask else {
            return Err(End::malformed("a browser masks what it sends"));
        };
        let payload = start..start + length;
        let Some(masked) = self.bytes.get_mut(payload.clone()) else {
            return Ok(None);
        };
        for (byte, mask) in masked.iter_mut().zip(mask.into_iter().cycle()) {
            *byte ^= mask;
        }
        Ok(Some((header, payload)))
    }
}

fn too_long() -> End {
    End::malformed(format!(
        "a message has {CLIENT_FRAME_MAX_BYTES} bytes at most"
    ))
}

fn read(text: &[u8]) -> Result<ClientFrame, End> {
    let text = std::str::from_utf8(text).map_err(|_| End::malformed("text is UTF-8"))?;
    ClientFrame::decode(text).map_err(End::malformed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio_tungstenite::tungstenite::protocol::frame::Frame;

    /// A frame as a browser sends it.
    fn frame(text: &[u8], opcode: OpCode, is_final: bool) -> Vec<u8> {
        let header = FrameHeader {
            is_final,
            opcode,
            mask: Some([1, 2, 3, 4]),
            ..FrameHeader::default()
        };
        let mut bytes = Vec::new();
        let frame = Frame::from_payload(header, text.to_vec().into());
        frame.format(&mut bytes).unwrap();
        bytes
    }

    fn text(text: &str) -> Vec<u8> {
        frame(text.as_bytes(), OpCode::Data(Data::Text), true)
    }

    /// What is heard of these bytes, however they are cut; or why the socket ends.
    fn hear(bytes: &[u8]) -> String {
        let all = |size| {
            let mut decoder = Decoder::default();
            let mut heard = Vec::new();
            for some in bytes.chunks(size) {
                decoder.feed(some);
                loop {
                    match decoder.next() {
                        Ok(None) => break,
                        Ok(Some(Heard::Frame(frame))) => heard.push(format!("{frame:?}")),
                        Ok(Some(Heard::Ping(bytes))) => heard.push(format!("ping {bytes:?}")),
                        Ok(Some(Heard::Pong)) => heard.push("pong".into()),
                        Ok(Some(Heard::Close)) => heard.push("close".into()),
                        Err(End::Close(_, reason)) => return reason,
                        Err(End::Gone) => return "gone".into(),
                    }
                }
            }
            assert_eq!(decoder.bytes.capacity(), 0, "idle, it keeps nothing");
            heard.join(", ")
        };
        let whole = all(bytes.len());
        assert_eq!(all(1), whole);
        assert_eq!(all(7), whole);
        whole
    }

    #[test]
    fn messages_are_read_however_they_are_cut() {
        let click = r#"{"type":"click","seq":1,"by":1}"#;
        let one = hear(&text(click));
        assert!(one.starts_with("Click"), "{one}");
        let twice = [text(click), text(click)].concat();
        assert_eq!(hear(&twice), format!("{one}, {one}"));

        let (begin, end) = click.as_bytes().split_at(9);
        let fragments = [
            frame(begin, OpCode::Data(Data::Text), false),
            frame(b"hi", OpCode::Control(Control::Ping), true),
            frame(b"", OpCode::Data(Data::Continue), false),
            frame(end, OpCode::Data(Data::Continue), true),
            frame(b"", OpCode::Control(Control::Pong), true),
            frame(b"\x03\xe8", OpCode::Control(Control::Close), true),
        ];
        let heard = hear(&fragments.concat());
        assert_eq!(heard, format!("ping b\"hi\", {one}, pong, close"));
    }

    #[test]
    fn whoever_breaks_the_rules_is_told_which() {
        let long = vec![b' '; CLIENT_FRAME_MAX_BYTES + 1];
        let half = vec![b' '; CLIENT_FRAME_MAX_BYTES / 2 + 1];
        let mut bare = Vec::new();
        Frame::message("{}", OpCode::Data(Data::Text), true)
            .format(&mut bare)
            .unwrap();
        let mut compressed = text("{}");
        compressed[0] |= 0x40;
        let first = frame(&half, OpCode::Data(Data::Text), false);
        for (bytes, reason) in [
            (bare, "masks"),
            (compressed, "extension"),
            (frame(&long, OpCode::Data(Data::Text), true), "at most"),
            (
                [
                    first.clone(),
                    frame(&half, OpCode::Data(Data::Continue), true),
                ]
                .concat(),
                "at most",
            ),
            ([first, text("{}")].concat(), "ends before"),
            (
                frame(b"", OpCode::Data(Data::Continue), true),
                "begins with",
            ),
            (frame(b"x", OpCode::Data(Data::Binary), true), "text"),
            (frame(b"\xff", OpCode::Data(Data::Text), true), "UTF-8"),
            (
                frame(&[0; 126], OpCode::Control(Control::Ping), true),
                "short",
            ),
            (frame(b"", OpCode::Control(Control::Ping), false), "short"),
            (vec![0x83, 0x80, 0, 0, 0, 0], "opcode"),
            (
                vec![
                    0x81, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0,
                ],
                "at most",
            ),
        ] {
            let heard = hear(&bytes);
            assert!(heard.contains(reason), "{heard}, not {reason}");
        }
    }
}
