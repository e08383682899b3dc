//! A reader of JSON for browsers: the same values as serde_json's, without its explanations.
//!
//! serde_json says in words what is wrong with a text and where. A browser has no use for them, and their code, with that
//! for writing floats which it brings along, was an eighth of what the world page downloaded. This one answers `None`.

use serde::Deserialize;
use serde::de::IgnoredAny;
use std::borrow::Cow;

mod deserializer;
mod key;
mod quoted;
pub(crate) use quoted::quoted;
#[cfg(test)]
mod tests;

/// How deep objects and arrays may be nested, so that no text exhausts the stack.
const DEPTH_MAX: u8 = 64;

/// Reads a text as a value; `None` where it is not one.
#[must_use]
pub fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Option<T> {
    let mut reader = Reader::new(text);
    let value = reader.value()?;
    reader.end()?;
    Some(value)
}

/// How far a text has been read.
pub(crate) struct Reader<'de> {
    text: &'de str,
    at: usize,
    depth: u8,
}

impl<'de> Reader<'de> {
    pub(crate) fn new(text: &'de str) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
        }
    }

    /// The next value.
    pub(crate) fn value<T: Deserialize<'de>>(&mut self) -> Option<T> {
        T::deserialize(self).ok()
    }

    /// The next value's own text.
    pub(crate) fn raw(&mut self) -> Option<&'de str> {
        self.peek()?;
        let from = self.at;
        self.value::<IgnoredAny>()?;
        self.text.get(from..self.at)
    }

    /// The next value, an object: `field` reads each of its values.
    pub(crate) fn object(
        &mut self,
        mut field: impl FnMut(&str, &mut Self) -> Option<()>,
    ) -> Option<()> {
        self.open(b'{')?;
        let mut is_first = true;
        while self.goes_on(b'}', &mut is_first)? {
            let name = self.string()?;
            self.eat(b':')?;
            field(&name, self)?;
        }
        Some(())
    }

    /// Nothing follows.
    pub(crate) fn end(&mut self) -> Option<()> {
        self.peek().is_none().then_some(())
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        while let byte @ (b' ' | b'\t' | b'\n' | b'\r') = self.byte()? {
            let _space = byte;
            self.at += 1;
        }
        self.byte()
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let found = self.text.as_bytes().get(self.at..self.at + word.len());
        (found? == word.as_bytes()).then(|| self.at += word.len())
    }

    /// Enters an object or an array.
    fn open(&mut self, bracket: u8) -> Option<()> {
        self.eat(bracket)?;
        self.depth += 1;
        (self.depth <= DEPTH_MAX).then_some(())
    }

    /// Whether there is another item within the brackets; leaves them if not.
    fn goes_on(&mut self, bracket: u8, is_first: &mut bool) -> Option<bool> {
        if self.peek()? == bracket {
            self.at += 1;
            self.depth -= 1;
            return Some(false);
        }
        if !std::mem::take(is_first) {
            self.eat(b',')?;
        }
        Some(true)
    }

    /// A string; borrowed where nothing in it is escaped.
    fn string(&mut self) -> Option<Cow<'de, str>> {
        self.eat(b'"')?;
        let mut unescaped = String::new();
        loop {
            let from = self.at;
            while !matches!(self.byte()?, b'"' | b'\\' | ..0x20) {
                self.at += 1;
            }
            let plain = self.text.get(from..self.at)?;
            let end = self.byte()?;
            self.at += 1;
            match end {
                b'"' if unescaped.is_empty() => return Some(plain.into()),
                b'"' => return Some((unescaped + plain).into()),
                b'\\' => {
                    unescaped += plain;
                    unescaped.push(self.escape()?);
                }
                _ => return None,
            }
        }
    }

    /// What stands after a backslash.
    fn escape(&mut self) -> Option<char> {
        let byte = self.byte()?;
        self.at += 1;
        Some(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => match self.hex()? {
                // Characters beyond the basic plane are two escapes (RFC 8259, section 7).
                high @ 0xd800..0xdc00 => {
                    self.word("\\u")?;
                    let low = self.hex()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
                    char::from_u32(0x10000 + ((high - 0xd800) << 10) + low)?
                }
                code => char::from_u32(code)?,
            },
            _ => return None,
        })
    }

    fn hex(&mut self) -> Option<u32> {
        let mut code = 0;
        for _ in 0..4 {
            code = code << 4 | char::from(self.byte()?).to_digit(16)?;
            self.at += 1;
        }
        Some(code)
    }

    fn number(&mut self) -> Option<Number> {
        let is_negative = self.peek()? == b'-';
        self.at += usize::from(is_negative);
        let mut digits = Digits::default();
        // No digit may follow a leading zero (RFC 8259, section 6).
        match self.byte()? {
            b'0' => self.at += 1,
            _ => self.digits(&mut digits)?,
        }
        let mut is_whole = digits.exponent == 0;
        if self.byte() == Some(b'.') {
            self.at += 1;
            let before = self.at;
            self.digits(&mut digits)?;
            digits.exponent -= i32::try_from(self.at - before).ok()?;
            is_whole = false;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            digits.exponent += self.exponent()?;
            is_whole = false;
        }
        match is_negative {
            false if is_whole => return Some(Number::Whole(digits.value)),
            // Minus zero is a float.
            true if is_whole && digits.value > 0 => {
                if let Some(value) = 0_i64.checked_sub_unsigned(digits.value) {
                    return Some(Number::Negative(value));
                }
            }
            _ => {}
        }
        let float = digits.float();
        let float = if is_negative { -float } else { float };
        float.is_finite().then_some(Number::Float(float))
    }

    /// What stands after an `e`.
    fn exponent(&mut self) -> Option<i32> {
        let sign = self.byte()?;
        self.at += usize::from(matches!(sign, b'+' | b'-'));
        let mut exponent = Digits::default();
        self.digits(&mut exponent)?;
        // Far more than any float has, far less than an overflow.
        let exponent = exponent.value.min(9_999) as i32;
        Some(if sign == b'-' { -exponent } else { exponent })
    }

    /// One or more digits.
    fn digits(&mut self, digits: &mut Digits) -> Option<()> {
        let before = self.at;
        while let Some(digit @ b'0'..=b'9') = self.byte() {
            digits.push(u64::from(digit - b'0'));
            self.at += 1;
        }
        (self.at > before).then_some(())
    }
}

/// A number as the kind that holds it best, as serde_json has them.
enum Number {
    Whole(u64),
    Negative(i64),
    Float(f64),
}

/// The first 19 or so digits of a number, and what power of ten they are to be multiplied with.
#[derive(Clone, Copy, Default)]
struct Digits {
    value: u64,
    exponent: i32,
}

impl Digits {
    fn push(&mut self, digit: u64) {
        let longer = self
            .value
            .checked_mul(10)
            .and_then(|v| v.checked_add(digit));
        match longer.filter(|_| self.exponent == 0) {
            Some(value) => self.value = value,
            None => self.exponent += 1,
        }
    }

    /// Exact up to 15 digits and 22 places, beyond in all but the last bits; 0 below 10⁻²⁹⁰ or so.
    fn float(self) -> f64 {
        let (value, power) = (self.value as f64, 10_f64.powi(self.exponent.abs()));
        match self.exponent {
            _ if self.value == 0 => 0.0,
            ..0 => value / power,
            _ => value * power,
        }
    }
}
