//! The letters of the cards: how wide they are, and which there are.
//!
//! `font/inter.otf` is Inter Display Semi Bold (Debian's `fonts-inter`; its licence lies beside it) with the letters of the
//! Latin, Greek and Cyrillic scripts: `pyftsubset InterDisplay-SemiBold.otf --no-hinting --layout-features=kern,ccmp,locl`
//! `--unicodes=20-7E,A0-AC,AE-24F,370-3FF,400-52F,1E00-1EFF,2010-2027,2030-205E,20A0-20BF,2122,2190-2193,2212,2248,2260,2264,2265`.
//! None of them is invisible, turns the direction of a text, or stacks upon others.

use anyhow::Context;
use resvg::usvg::fontdb::Database;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};
use std::sync::Arc;

/// The font.
const INTER: &[u8] = include_bytes!("font/inter.otf");
/// What stands for the rest of a text.
const REST: char = '…';

/// The letters of the cards.
pub(super) struct Typeface {
    font: FontRef<'static>,
    /// The same, for what draws them.
    pub(super) fonts: Arc<Database>,
    /// By which name it is drawn.
    pub(super) family: String,
}

impl Typeface {
    /// # Errors
    /// Where the font is none.
    pub(super) fn new() -> anyhow::Result<Self> {
        let mut fonts = Database::new();
        fonts.load_font_data(INTER.to_vec());
        let family = fonts.faces().next().and_then(|face| face.families.first());
        Ok(Self {
            font: FontRef::new(INTER).context("the cards' font")?,
            family: family.context("the cards' font has no name")?.0.clone(),
            fonts: Arc::new(fonts),
        })
    }

    /// A text in lines of at most that width, and in at most so many, the last of which says if there is more.
    ///
    /// Nothing for a text with letters that the font lacks: a part of it would be another text. Signs that it lacks, such as
    /// emoji, are left out.
    pub(super) fn lines(
        &self,
        text: &str,
        size: f64,
        (width, most): (f64, usize),
    ) -> Option<Vec<String>> {
        let text = self.drawable(text)?;
        let mut rest = text.as_str();
        let mut lines = Vec::new();
        while !rest.is_empty() {
            let fitting = self.fitting(rest, size, width);
            if fitting.len() == rest.len() {
                lines.push(rest.to_owned());
                break;
            }
            if lines.len() + 1 >= most {
                let fitting = self.fitting(rest, size, width - self.width(REST, size));
                lines.push(format!("{}{REST}", fitting.trim_end()));
                break;
            }
            let (line, after) = match fitting.rfind(' ') {
                _ if rest[fitting.len()..].starts_with(' ') => rest.split_at(fitting.len()),
                Some(space) => rest.split_at(space),
                // A word that is longer than a line.
                None => rest.split_at(fitting.len()),
            };
            lines.push(line.trim_end().to_owned());
            rest = after.trim_start();
        }
        Some(lines)
    }

    /// The text of the letters there are, on one line.
    fn drawable(&self, text: &str) -> Option<String> {
        let has = |letter: char| self.font.charmap().map(letter).is_some();
        if text
            .chars()
            .any(|letter| letter.is_alphanumeric() && !has(letter))
        {
            return None;
        }
        let seen: String = text
            .chars()
            .filter(|letter| letter.is_whitespace() || has(*letter))
            .collect();
        let words: Vec<_> = seen.split_whitespace().collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// As much of the beginning as is no wider, and at least a letter.
    fn fitting<'a>(&self, text: &'a str, size: f64, width: f64) -> &'a str {
        let mut taken = 0.0;
        let end = text.char_indices().skip_while(|(at, letter)| {
            taken += self.width(*letter, size);
            *at == 0 || taken <= width
        });
        let end = end.map(|(at, _)| at).next();
        &text[..end.unwrap_or(text.len())]
    }

    fn width(&self, letter: char, size: f64) -> f64 {
        let metrics = self
            .font
            .glyph_metrics(Size::new(size as f32), LocationRef::default());
        let glyph = self.font.charmap().map(letter);
        let width = glyph.and_then(|glyph| metrics.advance_width(glyph));
        width.map_or(0.0, f64::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Option<Vec<String>> {
        Typeface::new().unwrap().lines(text, 60.0, (1000.0, 3))
    }

    #[test]
    fn a_text_is_broken_between_words() {
        let text = "When do we fly south, and who brings the thermos with the good tea?";

        let lines = lines(text).unwrap();

        assert_eq!(lines.join(" "), text);
        assert!(lines.len() > 1);
    }

    #[test]
    fn a_text_is_never_longer_than_its_lines() {
        for text in [
            "W".repeat(200),
            "W ".repeat(100),
            "Wi ".repeat(66),
            "x".into(),
        ] {
            let typeface = Typeface::new().unwrap();
            for line in lines(&text).unwrap() {
                let width: f64 = line
                    .chars()
                    .map(|letter| typeface.width(letter, 60.0))
                    .sum();
                assert!(width <= 1000.0, "{line}");
            }
            let lines = lines(&text).unwrap();
            assert!(lines.len() <= 3);
            let ends = lines.last().unwrap().ends_with(REST);
            assert_eq!(ends, text.len() > 1, "{text}");
        }
    }

    #[test]
    fn what_has_no_letters_here_is_left_out() {
        let one = |text: &str| lines(text).map(|lines| lines.concat());

        assert_eq!(
            one("Où est Ñandú? Γιατί; Зачем?").unwrap(),
            "Où est Ñandú? Γιατί; Зачем?"
        );
        assert_eq!(one("Pizza 🍕 or\tpasta?").unwrap(), "Pizza or pasta?");
        assert_eq!(one("a\u{202e}b\u{200d}c\u{1}d\u{300}").unwrap(), "abcd");
        for lacks in ["いつ飛ぶ？", "When, いつ?", "متى", "", " \n", "🍕"] {
            assert_eq!(one(lacks), None, "{lacks}");
        }
    }
}
