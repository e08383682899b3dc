//! Draws the icons that the web app manifest names, from `public/favicon.svg`: `cargo run -p server --example icons`.
//!
//! A launcher cuts its own shape out of a maskable icon, and a telephone rounds the corners of its own: these two fill the
//! square, and the first keeps its birds within the circle that no shape cuts into.

use anyhow::Context;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use std::path::Path;

/// The corners of the site's icon, and its birds.
const CORNERS: &str = r#" rx="18""#;
const BIRDS: &str = r##"<g fill="#fff3d6">"##;
/// The birds, moved together.
const FEWER: &str =
    r##"<g fill="#fff3d6" transform="translate(32 32) scale(.8) translate(-33 -32)">"##;

fn main() -> anyhow::Result<()> {
    let public = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public");
    let icon = std::fs::read_to_string(public.join("favicon.svg"))?;
    anyhow::ensure!(
        icon.contains(CORNERS) && icon.contains(BIRDS),
        "the icon has changed"
    );
    let square = icon.replace(CORNERS, "");
    let maskable = square.replace(BIRDS, FEWER);
    for (name, svg, size) in [
        ("icon-192.png", &icon, 192),
        ("icon-512.png", &icon, 512),
        ("icon-maskable-512.png", &maskable, 512),
        ("apple-touch-icon.png", &square, 180),
    ] {
        let tree = Tree::from_str(svg, &Options::default())?;
        let mut pixels = Pixmap::new(size, size).context("an icon has no size")?;
        let scale = size as f32 / tree.size().width();
        resvg::render(
            &tree,
            Transform::from_scale(scale, scale),
            &mut pixels.as_mut(),
        );
        pixels.save_png(public.join(name))?;
    }
    Ok(())
}
