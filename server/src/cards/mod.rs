//! The pictures that are shown where a page is shared, drawn from its state.
//!
//! A feature draws what is its own as SVG, by [`Drawing`] and [`Typeface`], inside the sky of all cards. [`Cards`] turns that
//! into a PNG on a thread of its own and keeps it, by what it shows: while a page's state is the same, so is its card, whoever
//! asks, and many who ask at once have it drawn once.

mod typeface;
use typeface::Typeface;
mod palette;
pub(crate) use palette::{ACCENT, INK, INK_SOFT};
mod drawing;
pub(crate) use drawing::{Drawing, MARGIN, Words};
mod png;
mod store;
pub(crate) use store::Cards;
mod document;
pub(crate) use document::of_documents;

use web::HttpError;

/// The name in the path of a card's file, such as `457495738.png`.
pub(crate) fn stem(file: &str) -> Result<&str, HttpError> {
    file.strip_suffix(".png").ok_or_else(no_card)
}

/// No page has that card.
fn no_card() -> HttpError {
    HttpError::new(404, "unknown-card", "There is no such picture")
}

/// Draws a card, and checks that it is one: for tests. With `CARDS` set, it is put into that folder, to be looked at.
#[cfg(test)]
pub(crate) fn drawn(
    name: &str,
    draw: impl FnOnce(Drawing) -> std::sync::Arc<str>,
) -> (String, Vec<u8>) {
    let typeface = Typeface::new().unwrap();
    let svg = draw(Drawing::new(&typeface));
    let png = png::png(&svg, &typeface).unwrap();
    assert_eq!(png[16..24], [0, 0, 4, 0xb0, 0, 0, 2, 0x76], "1200 by 630");
    if let Some(folder) = std::env::var_os("CARDS") {
        let file = format!("{name}-{}.png", svg.len());
        std::fs::write(std::path::Path::new(&folder).join(file), &png).unwrap();
    }
    (svg.to_string(), png)
}
