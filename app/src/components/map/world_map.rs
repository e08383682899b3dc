//! The land, the lights and their labels.

use super::labels::{Wish, place_labels};
use super::light::{Glow, RING, light, radius};
use super::projection::{HEIGHT, Point, WIDTH, place};
use leptos::prelude::*;
use live::bound::text;
use live::format::{counted, tenths};
use live::{RegionRow, each_region};
use std::fmt::Write;

/// How labels are placed on wide screens and on narrow ones.
///
/// The style draws letters and lights no larger than this, so that they fit where they were placed.
const WIDE: Scale = Scale {
    screen: "wide",
    letter_height: 15.0,
    lights: 1.1,
};
const NARROW: Scale = Scale {
    screen: "narrow",
    letter_height: 34.0,
    lights: 1.8,
};

/// How large things are on a kind of screen.
#[derive(Clone, Copy)]
struct Scale {
    /// For the style, which shows one scale's labels.
    screen: &'static str,
    /// The letters' height in the map's units.
    letter_height: f64,
    /// The factor of the lights' size.
    lights: f64,
}

/// The world map.
///
/// To a screen reader it is one picture: the table has the same numbers.
#[component]
pub(crate) fn WorldMap<Over: IntoView + 'static>(
    /// The regions, ordered by code.
    rows: Memo<Vec<RegionRow>>,
    /// What the picture shows, in a sentence.
    caption: &'static str,
    /// What is drawn over the land, under the lights.
    over: Over,
) -> impl IntoView {
    let view_box = format!("0 0 {} {}", tenths(WIDTH), tenths(HEIGHT));
    view! {
        <figure class="world-map">
            <div class="world-map__frame">
                <div class="world-map__land"></div>
                <svg
                    class="world-map__lights"
                    viewBox=view_box
                    role="img"
                    aria-label=text(move || rows.with(|rows| words(rows)))
                >
                    <Glow id="glow" />
                    {over}
                    {each_region(rows, light)}
                    <Labels rows scale=WIDE />
                    <Labels rows scale=NARROW />
                </svg>
            </div>
            <figcaption class="world-map__caption">{caption}</figcaption>
        </figure>
    }
}

/// The codes of the regions, where there is room.
#[component]
fn Labels(
    /// The regions, ordered by code.
    rows: Memo<Vec<RegionRow>>,
    /// For which screens.
    scale: Scale,
) -> impl IntoView {
    let labels = Memo::new(move |_| rows.with(|rows| labels(rows, scale)));
    view! { <g class="world-map__labels" data-screen=scale.screen inner_html=text(move || labels.get())></g> }
}

/// The labels as SVG. A code is of letters: nothing in it needs an escape.
fn labels(rows: &[RegionRow], scale: Scale) -> String {
    // The visitor's own comes first; the rest keep their order, and with it their places.
    let (mut order, others): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.is_here);
    order.extend(others);
    let wish = |row: &&RegionRow| Wish {
        light: place(row.lat, row.lng),
        radius: radius(row.people) * scale.lights * if row.is_here { RING } else { 1.0 },
        letters: row.code.as_str().len(),
    };
    let wishes: Vec<_> = order.iter().map(wish).collect();
    let places = place_labels(&wishes, scale.letter_height);
    let mut svg = String::new();
    for (row, place) in order.into_iter().zip(places) {
        let Some(Point { x, y }) = place else {
            continue;
        };
        let (x, y, code) = (tenths(x), tenths(y), &row.code);
        let here = if row.is_here { r#" data-here="""# } else { "" };
        // Writing to a string cannot fail.
        let _written = write!(
            svg,
            r#"<text class="world-map__label" x="{x}" y="{y}"{here}>{code}</text>"#
        );
    }
    svg
}

fn words(rows: &[RegionRow]) -> String {
    let here = rows
        .iter()
        .find(|row| row.is_here)
        .map(|row| format!(" You are served from {}.", row.city));
    format!(
        "World map with {}.{}",
        counted(rows.len(), "region", "regions"),
        here.unwrap_or_default()
    )
}
