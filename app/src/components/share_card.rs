//! Sharing what has a link.

use leptos::prelude::*;

/// The link, to copy, which share.js does, and to scan.
#[component]
pub(crate) fn ShareCard(
    /// The card's title.
    #[prop(into)]
    title: String,
    /// What the link leads to.
    #[prop(into)]
    label: String,
    /// The link.
    link: String,
) -> impl IntoView {
    view! {
        <section class="share-card" aria-labelledby="share-title" data-testid="share">
            <h2 class="card__title" id="share-title">{title}</h2>
            <QrCode link=link.clone() />
            <div class="field">
                <label class="field__label" for="share-link">{label}</label>
                <input class="field__input" id="share-link" readonly value=link data-testid="share-link" />
            </div>
            <button class="button" type="button" data-kind="quiet" data-copy="share-link" data-testid="copy">
                "Copy link"
            </button>
            <p class="share-card__note" id="share-link-note" role="status" data-testid="copy-note" translate="no"></p>
        </section>
    }
}

/// White around a code, in its own squares: what the standard asks for (ISO/IEC 18004, section 6.3.8).
#[cfg(feature = "ssr")]
const QUIET: usize = 4;

/// A QR code, drawn by the server: a browser takes over the picture that is there.
#[component]
fn QrCode(link: String) -> impl IntoView {
    let (view_box, squares) = draw(&link);
    let label = format!("QR code of {link}");
    view! {
        <svg class="qr-code" id="qr-code" viewBox=view_box role="img" aria-label=label data-testid="qr-code">
            <rect class="qr-code__paper" width="100%" height="100%" />
            <path class="qr-code__ink" d=squares />
        </svg>
    }
}

/// The frame with the white around it, and all dark squares, row by row.
#[cfg(feature = "ssr")]
fn draw(link: &str) -> (String, String) {
    use std::fmt::Write;
    // A link that is too long for a code, which no configured address makes, has an empty one.
    let (width, colors) = qrcode::QrCode::new(link)
        .map(|code| (code.width(), code.to_colors()))
        .unwrap_or_default();
    let mut squares = String::new();
    for (row, colors) in colors.chunks(width.max(1)).enumerate() {
        let mut column = 0;
        for run in colors.chunk_by(|one, other| one == other) {
            if run[0] == qrcode::Color::Dark {
                let (left, top, length) = (column + QUIET, row + QUIET, run.len());
                // Writing to a string cannot fail.
                let _written = write!(squares, "M{left} {top}h{length}v1h-{length}z");
            }
            column += run.len();
        }
    }
    let side = width + 2 * QUIET;
    (format!("0 0 {side} {side}"), squares)
}

/// What the server drew.
#[cfg(not(feature = "ssr"))]
fn draw(_link: &str) -> (String, String) {
    let drawn = |selector: &str, attribute: &str| {
        let element = document().query_selector(selector).ok().flatten();
        element.and_then(|element| element.get_attribute(attribute))
    };
    (
        drawn("#qr-code", "viewBox").unwrap_or_default(),
        drawn("#qr-code path", "d").unwrap_or_default(),
    )
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_drawn_with_white_around_it() {
        let (view_box, squares) = draw("https://fra.murmuration.example/party/457495738");

        // Version 3 holds 42 bytes at the medium level, version 4 has 33 squares a side.
        assert_eq!(view_box, "0 0 41 41");
        // The first finder pattern's upper edge.
        assert!(squares.starts_with("M4 4h7v1h-7z"), "{squares}");
    }
}
