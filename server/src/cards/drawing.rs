//! What all cards have in common, and how a feature draws on one.

use super::Typeface;
use super::palette::{FLOCK, HAZE, INK, LAND, LIGHT_ASLEEP, LIGHT_CORE, LIGHT_GLOW, SKY};
use app::map::{self, CORE, GLOW};
use app::{CARD_HEIGHT, CARD_WIDTH};
use live::format::tenths;
use std::fmt::Write;
use std::sync::Arc;

/// Between the edge of a card and its words.
pub(crate) const MARGIN: f64 = 72.0;

/// The pages' own pictures. `scripts/map` draws them under other names: then these are to be changed.
const LAND_FILE: &str = include_str!("../../../public/land-aecad41137.svg");
const FLOCK_FILE: &str = include_str!("../../../public/flock-4ef5e0dc36.svg");
const ICON_FILE: &str = include_str!("../../../public/favicon.svg");
/// The land is drawn in units of half a map's unit, so that whole numbers suffice.
const LAND_GRID: f64 = 2.0;

/// How words look.
#[derive(Clone, Copy)]
pub(crate) struct Words {
    /// The letters' size.
    pub(crate) size: f64,
    /// Their colour.
    pub(crate) colour: &'static str,
    /// How much wider than usual they stand, in their size.
    pub(crate) spacing: f64,
    /// Whether the place is the middle of the line, and not its beginning.
    pub(crate) is_centred: bool,
}

impl Words {
    /// Words of that size and colour, a little closer than the typeface has them, from the left.
    pub(crate) fn new(size: f64, colour: &'static str) -> Self {
        Self {
            size,
            colour,
            spacing: -0.01,
            is_centred: false,
        }
    }
}

/// A card that is being drawn: an SVG in which no text can be anything else.
pub(crate) struct Drawing<'a> {
    typeface: &'a Typeface,
    svg: String,
}

impl<'a> Drawing<'a> {
    /// The sky with its birds, and whose card it is.
    pub(super) fn new(typeface: &'a Typeface) -> Self {
        let mut drawing = Self {
            typeface,
            svg: sky(),
        };
        let icon = inside(ICON_FILE);
        drawing.add(format_args!(
            r#"<g transform="translate({MARGIN} 56) scale(0.875)">{icon}</g>"#
        ));
        let brand = Words::new(34.0, INK);
        drawing.line("Murmuration", (MARGIN + 74.0, 96.0), brand);
        drawing
    }

    /// Draws a text in lines of at most that width, the first on a line at that height, and in at most so many.
    /// Returns how many it took: none where the typeface lacks its letters.
    pub(crate) fn text(
        &mut self,
        text: &str,
        (x, y): (f64, f64),
        words: Words,
        (width, most): (f64, usize),
    ) -> usize {
        let lines = self.typeface.lines(text, words.size, (width, most));
        let lines = lines.unwrap_or_default();
        for (at, line) in lines.iter().enumerate() {
            self.line(line, (x, y + at as f64 * words.size * 1.2), words);
        }
        lines.len()
    }

    /// How many lines of that width a text takes: none where the typeface lacks its letters.
    pub(crate) fn lines(&self, text: &str, size: f64, width: f64) -> usize {
        let lines = self.typeface.lines(text, size, (width, usize::MAX));
        lines.unwrap_or_default().len()
    }

    /// Draws the land, that many times as large as the map, its upper left corner there.
    pub(crate) fn land(&mut self, (x, y): (f64, f64), scale: f64, opacity: f64) {
        let scale = scale / LAND_GRID;
        let land = inside(LAND_FILE);
        self.add(format_args!(
            r##"<g transform="translate({x} {y}) scale({scale})" fill="url(#land)" opacity="{opacity}">{land}</g>"##
        ));
    }

    /// Draws a light of that radius, which shines or does not.
    pub(crate) fn light(&mut self, (x, y): (f64, f64), radius: f64, shines: bool) {
        let [x, y, core, glow] = [x, y, radius * CORE, radius * GLOW].map(tenths);
        let colour = match shines {
            true => {
                self.add(format_args!(
                    r##"<circle cx="{x}" cy="{y}" r="{glow}" fill="url(#glow)"/>"##
                ));
                LIGHT_CORE
            }
            false => LIGHT_ASLEEP,
        };
        self.add(format_args!(
            r#"<circle cx="{x}" cy="{y}" r="{core}" fill="{colour}"/>"#
        ));
    }

    /// The SVG.
    pub(crate) fn finish(mut self) -> Arc<str> {
        self.svg.push_str("</svg>");
        self.svg.into()
    }

    fn line(&mut self, line: &str, (x, y): (f64, f64), words: Words) {
        let Words { size, colour, .. } = words;
        let anchor = if words.is_centred { "middle" } else { "start" };
        let [x, y, spacing] = [x, y, size * words.spacing].map(tenths);
        let line = escaped(line);
        self.add(format_args!(
            r#"<text x="{x}" y="{y}" font-size="{size}" letter-spacing="{spacing}" text-anchor="{anchor}" fill="{colour}">{line}</text>"#
        ));
    }

    fn add(&mut self, element: std::fmt::Arguments) {
        // Writing to a string cannot fail.
        let _written = self.svg.write_fmt(element);
    }
}

/// The beginning of every card: what later parts refer to, and what is behind them.
fn sky() -> String {
    let [high, middle, low, horizon] = SKY;
    let [north, south] = LAND;
    let flock = inside(FLOCK_FILE);
    let (land_top, land_bottom) = (map::HEIGHT * LAND_GRID * 0.2, map::HEIGHT * LAND_GRID * 0.9);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{CARD_WIDTH}" height="{CARD_HEIGHT}" font-weight="600">
<defs>
<linearGradient id="sky" x2="0" y2="1"><stop stop-color="{high}"/><stop offset=".4" stop-color="{middle}"/><stop offset=".78" stop-color="{low}"/><stop offset="1" stop-color="{horizon}"/></linearGradient>
<radialGradient id="haze"><stop stop-color="{HAZE}" stop-opacity=".3"/><stop offset="1" stop-color="{HAZE}" stop-opacity="0"/></radialGradient>
<linearGradient id="land" gradientUnits="userSpaceOnUse" x2="0" y1="{land_top}" y2="{land_bottom}"><stop stop-color="{north}"/><stop offset="1" stop-color="{south}"/></linearGradient>
<radialGradient id="glow"><stop offset=".1" stop-color="{LIGHT_GLOW}" stop-opacity=".75"/><stop offset=".5" stop-color="{LIGHT_GLOW}" stop-opacity=".2"/><stop offset="1" stop-color="{LIGHT_GLOW}" stop-opacity="0"/></radialGradient>
</defs>
<rect width="{CARD_WIDTH}" height="{CARD_HEIGHT}" fill="url(#sky)"/>
<ellipse cx="600" cy="640" rx="760" ry="220" fill="url(#haze)"/>
<g transform="translate(560 -90)" fill="none" stroke="{FLOCK}" stroke-linecap="round" opacity=".3">{flock}</g>"##
    )
}

/// What is inside the outermost element of an SVG file.
fn inside(file: &str) -> &str {
    let file = file.trim_end();
    let file = file.strip_suffix("</svg>").unwrap_or(file);
    file.split_once('>').map_or("", |(_, inside)| inside)
}

/// A text that no XML is read in.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            letter => safe.push(letter),
        }
    }
    safe
}
