//! Compressed copies beside the files, so that no server compresses them for each browser.

use crate::files;
use anyhow::Context;
use compression_codecs::brotli::params::EncoderParams;
use compression_codecs::core::Level;
use compression_codecs::core::util::{PartialBuffer, WriteBuffer};
use compression_codecs::{BrotliEncoder, EncodeV2};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Room for what the encoder has ready at once.
const STEP_BYTES: usize = 64 * 1024;

/// Compresses every file of the site: by gzip, and where it shall be small by Brotli, which takes ten times as long.
pub(crate) fn all(site: &Path, small: bool) -> anyhow::Result<()> {
    files::each(files::all(site)?, |file| {
        one(file, small).with_context(|| format!("{file:?}"))
    })
}

fn one(file: &Path, small: bool) -> anyhow::Result<()> {
    let bytes = fs::read(file)?;
    let name = file.display();
    let mut gzip = GzEncoder::new(vec![], Compression::default());
    gzip.write_all(&bytes)?;
    fs::write(format!("{name}.gz"), gzip.finish()?)?;
    if small {
        fs::write(format!("{name}.br"), brotli(&bytes)?)?;
    }
    Ok(())
}

/// By the encoder that the server has too, which is compiled once for both.
fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let best = EncoderParams::default().quality(Level::Best);
    let mut encoder = BrotliEncoder::new(best.size_hint(bytes.len()));
    let mut left = PartialBuffer::new(bytes);
    let mut room = vec![0; STEP_BYTES];
    let mut compressed = vec![];
    loop {
        let mut step = WriteBuffer::new_initialized(&mut room);
        let ended = if left.unwritten().is_empty() {
            encoder.finish(&mut step)?
        } else {
            encoder.encode(&mut left, &mut step)?;
            false
        };
        compressed.extend_from_slice(step.written());
        if ended {
            return Ok(compressed);
        }
    }
}
