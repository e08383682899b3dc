//! What goes out over a socket, as the bytes that a WebSocket carries.

use bytes::{BufMut, Bytes, BytesMut};

/// The last frame of a message, of text (RFC 6455, section 5.2).
const TEXT: u8 = 0x81;
/// The longest head of a frame from a server, which masks nothing.
const HEAD_MAX: usize = 10;

/// A text message to a browser: the WebSocket frame, encoded once for all who get it. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    bytes: Bytes,
    /// The length of the frame's head.
    head: u8,
}

impl Message {
    /// Encodes a text.
    #[must_use]
    pub fn text(text: &[u8]) -> Self {
        let mut bytes = BytesMut::with_capacity(HEAD_MAX + text.len());
        bytes.put_u8(TEXT);
        match (u8::try_from(text.len()), u16::try_from(text.len())) {
            (Ok(length @ ..126), _) => bytes.put_u8(length),
            (_, Ok(length)) => {
                bytes.put_u8(126);
                bytes.put_u16(length);
            }
            _ => {
                bytes.put_u8(127);
                bytes.put_u64(text.len() as u64);
            }
        }
        let head = bytes.len() as u8;
        bytes.put_slice(text);
        Self {
            bytes: bytes.freeze(),
            head,
        }
    }

    /// The WebSocket frame.
    #[must_use]
    pub fn frame(&self) -> &Bytes {
        &self.bytes
    }

    /// The WebSocket frame alone.
    #[must_use]
    pub fn into_frame(self) -> Bytes {
        self.bytes
    }

    /// The text.
    #[must_use]
    pub fn payload(&self) -> Bytes {
        self.bytes.slice(usize::from(self.head)..)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_says_how_long_the_text_is() {
        for (length, head) in [
            (0, &[0x81, 0][..]),
            (125, &[0x81, 125]),
            (126, &[0x81, 126, 0, 126]),
            (65_535, &[0x81, 126, 0xff, 0xff]),
            (65_536, &[0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ] {
            let text = vec![b'x'; length];
            let message = Message::text(&text);

            assert_eq!(message.frame()[..head.len()], *head);
            assert_eq!(message.payload(), text);
            assert_eq!(message.frame().len(), head.len() + length);
        }
    }
}
