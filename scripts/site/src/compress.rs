//! Compressed copies beside the files, so that no server compresses them for each browser.

use crate::files;
use anyhow::Context;
use brotli::BrotliCompress;
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;
use std::path::Path;

/// Compresses every file of the site.
pub(crate) fn all(site: &Path) -> anyhow::Result<()> {
    files::each(files::all(site)?, |file| {
        one(file).with_context(|| format!("{file:?}"))
    })
}

fn one(file: &Path) -> anyhow::Result<()> {
    let bytes = fs::read(file)?;
    let name = file.display();
    let mut gzip = GzEncoder::new(vec![], Compression::best());
    gzip.write_all(&bytes)?;
    fs::write(format!("{name}.gz"), gzip.finish()?)?;
    let mut brotli = vec![];
    BrotliCompress(
        &mut bytes.as_slice(),
        &mut brotli,
        &BrotliEncoderParams::default(),
    )?;
    fs::write(format!("{name}.br"), brotli)?;
    Ok(())
}
