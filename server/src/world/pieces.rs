//! A page in the pieces between its nonces, so that each answer can have a nonce of its own.
//!
//! The pieces are compressed once, each on its own. Between them a nonce stands uncompressed, in a stored
//! block (RFC 1951, section 3.2.4); the whole is one member of a gzip file (RFC 1952). So an answer costs
//! copies and a checksum, not a compression.

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use std::io::Write;

/// A gzip member's head: deflate, no name, no time, unknown system (RFC 1952, section 2.3).
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
/// An empty last stored block.
const LAST_BLOCK: [u8; 5] = [1, 0, 0, 0xff, 0xff];
/// The bytes of a stored block's own head, and of a member's checksum and length.
const OVERHEAD_BYTES: usize = 16;

/// See the module.
pub(crate) struct Pieces {
    plain: Vec<Vec<u8>>,
    /// Each ends on a byte's end and refers to nothing before itself.
    deflated: Vec<Vec<u8>>,
}

impl Pieces {
    /// Cuts a page at its nonce; an empty one stands nowhere.
    pub(crate) fn of(page: &str, nonce: &str) -> Self {
        let plain: Vec<Vec<u8>> = match nonce.is_empty() {
            true => vec![page.into()],
            false => page.split(nonce).map(Into::into).collect(),
        };
        let deflated = plain.iter().map(|piece| deflate(piece)).collect();
        Self { plain, deflated }
    }

    /// The page with that nonce.
    pub(crate) fn plain(&self, nonce: &str) -> Vec<u8> {
        let mut page = with_room(&self.plain, nonce);
        for (at, piece) in self.plain.iter().enumerate() {
            if at > 0 {
                page.extend_from_slice(nonce.as_bytes());
            }
            page.extend_from_slice(piece);
        }
        page
    }

    /// The page with that nonce, compressed.
    pub(crate) fn gzip(&self, nonce: &str) -> Vec<u8> {
        let mut file = with_room(&self.deflated, nonce);
        let mut checksum = Crc::new();
        file.extend_from_slice(&HEAD);
        for (at, (plain, deflated)) in self.plain.iter().zip(&self.deflated).enumerate() {
            if at > 0 {
                store(nonce, &mut file);
                checksum.update(nonce.as_bytes());
            }
            file.extend_from_slice(deflated);
            checksum.update(plain);
        }
        file.extend_from_slice(&LAST_BLOCK);
        file.extend_from_slice(&checksum.sum().to_le_bytes());
        file.extend_from_slice(&checksum.amount().to_le_bytes());
        file
    }
}

fn with_room(pieces: &[Vec<u8>], nonce: &str) -> Vec<u8> {
    let size: usize = pieces.iter().map(Vec::len).sum();
    Vec::with_capacity(size + (pieces.len() + 1) * (nonce.len() + OVERHEAD_BYTES))
}

/// Compresses a piece up to a byte's end, without an end of its own.
fn deflate(piece: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail.
    let _written = encoder.write_all(piece).and_then(|()| encoder.flush());
    std::mem::take(encoder.get_mut())
}

/// A stored block that is not the last.
fn store(text: &str, file: &mut Vec<u8>) {
    // A nonce is short: the block holds 65 535 bytes.
    let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
    let text = &text.as_bytes()[..length.into()];
    file.push(0);
    file.extend_from_slice(&length.to_le_bytes());
    file.extend_from_slice(&(!length).to_le_bytes());
    file.extend_from_slice(text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn unzip(file: &[u8]) -> String {
        let mut text = String::new();
        flate2::read::GzDecoder::new(file)
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    #[test]
    fn every_place_of_the_nonce_gets_the_answers_own() {
        let page = format!(
            "<script nonce=OLD>{}</script><link nonce=OLD>",
            "repeat ".repeat(500)
        );

        let pieces = Pieces::of(&page, "OLD");

        for nonce in ["first", "second-and-longer"] {
            let expected = page.replace("OLD", nonce);
            assert_eq!(String::from_utf8(pieces.plain(nonce)).unwrap(), expected);
            assert_eq!(unzip(&pieces.gzip(nonce)), expected);
        }
        assert!(pieces.gzip("nonce").len() < page.len() / 10);
    }

    #[test]
    fn pages_without_a_nonce_and_empty_pieces_are_whole() {
        for (page, nonce) in [
            ("plain", ""),
            ("", "N"),
            ("N", "N"),
            ("NN", "N"),
            ("aNNb", "N"),
        ] {
            let pieces = Pieces::of(page, nonce);

            let expected = if nonce.is_empty() {
                page.to_owned()
            } else {
                page.replace(nonce, "x")
            };
            assert_eq!(unzip(&pieces.gzip("x")), expected, "{page:?}");
        }
    }
}
