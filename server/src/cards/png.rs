//! From a drawing to a PNG.

use super::typeface::Typeface;
use anyhow::Context;
use app::{CARD_HEIGHT, CARD_WIDTH};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// Draws a card. It takes a core some hundredths of a second: nothing for a thread that serves others.
///
/// # Errors
/// Where the SVG is none.
pub(super) fn png(svg: &str, typeface: &Typeface) -> anyhow::Result<Vec<u8>> {
    let options = Options {
        fontdb: typeface.fonts.clone(),
        font_family: typeface.family.clone(),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options)?;
    let mut pixels = Pixmap::new(CARD_WIDTH, CARD_HEIGHT).context("a card has no size")?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    Ok(pixels.encode_png()?)
}
