//! WebSocket frames (RFC 6455) as a client writes and reads them.

use anyhow::ensure;
use protocol::SessionId;
use protocol::live::{ClientFrame, VERSION};
use std::io::Write;

/// A text message.
pub const TEXT: u8 = 1;
/// The end.
pub const CLOSE: u8 = 8;
/// A question whether we live.
pub const PING: u8 = 9;
/// The answer to it.
const PONG: u8 = 10;
/// The final-fragment bit, and the mask bit of the byte after it.
const HIGH_BIT: u8 = 0x80;
/// A mask of zeros: valid, and it leaves the payload as it is.
const MASK: [u8; 4] = [0; 4];

/// A frame that was read.
#[derive(Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// What it is.
    pub opcode: u8,
    /// What it carries.
    pub payload: &'a [u8],
}

/// Cuts what is read into frames; it holds only what is incomplete.
#[derive(Debug, Default)]
pub struct Decoder {
    pending: Vec<u8>,
}

impl Decoder {
    /// Takes what was read, and hands on every frame that is complete.
    ///
    /// # Errors
    /// Where a frame is a fragment, which no server here sends.
    pub fn feed(&mut self, chunk: &[u8], mut take: impl FnMut(Frame<'_>)) -> anyhow::Result<()> {
        if self.pending.is_empty() {
            let used = cut(chunk, &mut take)?;
            self.pending.extend_from_slice(&chunk[used..]);
        } else {
            self.pending.extend_from_slice(chunk);
            let used = cut(&self.pending, &mut take)?;
            self.pending.drain(..used);
        }
        if self.pending.is_empty() {
            // Ten thousand sessions would otherwise keep ten thousand buffers.
            self.pending = Vec::new();
        }
        Ok(())
    }
}

/// Hands on the complete frames and says how many bytes they have.
fn cut(bytes: &[u8], take: &mut impl FnMut(Frame<'_>)) -> anyhow::Result<usize> {
    let mut used = 0;
    while let [first, second, rest @ ..] = &bytes[used..] {
        ensure!(first & HIGH_BIT != 0, "the server sent a fragment");
        let (length, rest) = match (second, rest) {
            (126, [a, b, rest @ ..]) => (u64::from(u16::from_be_bytes([*a, *b])), rest),
            (127, [a, b, c, d, e, f, g, h, rest @ ..]) => {
                (u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]), rest)
            }
            (126 | 127, _) => break,
            (length, rest) => (u64::from(*length), rest),
        };
        let Some(payload) = rest.get(..usize::try_from(length)?) else {
            break;
        };
        take(Frame {
            opcode: first & 0x0f,
            payload,
        });
        used = bytes.len() - rest.len() + payload.len();
    }
    Ok(used)
}

/// Writes the first frame of a connection.
///
/// # Errors
/// Never in practice: the frame is plain data.
pub fn hello(out: &mut Vec<u8>, session: SessionId) -> anyhow::Result<()> {
    let hello = ClientFrame::Hello {
        version: VERSION,
        session,
    };
    frame(out, TEXT, &serde_json::to_vec(&hello)?);
    Ok(())
}

/// Writes one click.
pub fn click(out: &mut Vec<u8>, seq: u64, by: i64) {
    let header = out.len();
    out.extend_from_slice(&[HIGH_BIT | TEXT, HIGH_BIT]);
    out.extend_from_slice(&MASK);
    // Writing to a vector cannot fail.
    let _written = write!(out, r#"{{"type":"click","seq":{seq},"by":{by}}}"#);
    let length = out.len() - header - 6;
    out[header + 1] |= u8::try_from(length).unwrap_or(125).min(125);
}

/// Writes the answer to a ping.
pub fn pong(out: &mut Vec<u8>, payload: &[u8]) {
    frame(out, PONG, &payload[..payload.len().min(125)]);
}

fn frame(out: &mut Vec<u8>, opcode: u8, payload: &[u8]) {
    out.push(HIGH_BIT | opcode);
    match u8::try_from(payload.len()) {
        Ok(short @ ..126) => out.push(HIGH_BIT | short),
        _ => {
            out.push(HIGH_BIT | 126);
            out.extend_from_slice(
                &u16::try_from(payload.len())
                    .unwrap_or(u16::MAX)
                    .to_be_bytes(),
            );
        }
    }
    out.extend_from_slice(&MASK);
    out.extend_from_slice(payload);
}

/// The number after a key such as `"rev":`, in a JSON text whose keys come early.
pub fn number_after(json: &[u8], key: &[u8]) -> Option<u64> {
    let at = json.windows(key.len()).position(|window| window == key)?;
    let digits = json[at + key.len()..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit());
    let mut some = false;
    let number = digits.fold(0_u64, |number, digit| {
        some = true;
        number
            .wrapping_mul(10)
            .wrapping_add(u64::from(digit - b'0'))
    });
    some.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Step;

    /// The payload of a short masked frame.
    fn text(frame: &[u8]) -> &str {
        assert_eq!(frame[0], HIGH_BIT | TEXT);
        assert_eq!(usize::from(frame[1] & 0x7f), frame.len() - 6);
        std::str::from_utf8(&frame[6..]).unwrap()
    }

    #[test]
    fn what_is_written_is_the_protocol() {
        let (mut hello_out, mut click_out) = (Vec::new(), Vec::new());
        let session = SessionId::parse("0123456789abcdef").unwrap();

        hello(&mut hello_out, session.clone()).unwrap();
        click(&mut click_out, u64::MAX, -1);

        let hello = ClientFrame::Hello {
            version: VERSION,
            session,
        };
        assert_eq!(ClientFrame::decode(text(&hello_out)).unwrap(), hello);
        let click = ClientFrame::Click {
            seq: u64::MAX,
            by: Step::Down,
        };
        assert_eq!(ClientFrame::decode(text(&click_out)).unwrap(), click);
    }

    #[test]
    fn frames_are_found_wherever_reads_end() {
        let mut bytes = vec![0x81, 2, b'h', b'i', 0x89, 0, 0x81, 126, 1, 0];
        bytes.extend([b'x'; 256]);
        for cut in 0..bytes.len() {
            let (mut decoder, mut seen) = (Decoder::default(), Vec::new());

            for part in [&bytes[..cut], &bytes[cut..]] {
                decoder
                    .feed(part, |frame| seen.push((frame.opcode, frame.payload.len())))
                    .unwrap();
            }

            assert_eq!(seen, [(TEXT, 2), (PING, 0), (TEXT, 256)], "cut at {cut}");
        }
    }

    #[test]
    fn numbers_are_read_in_place() {
        let json = br#"{"type":"world","epoch":1,"rev":204,"age_ms":0}"#;

        assert_eq!(number_after(json, b"\"rev\":"), Some(204));
        assert_eq!(number_after(json, b"\"seq\":"), None);
    }
}
