//! Keys of documents that people create.

use crate::text_conversions::text_conversions;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The letters of codes: none that look like others.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
/// The number of letters: 50 bits.
const CODE_LETTERS: u32 = 10;

/// The key of a document that somebody created, such as `k7m2q9xwtb`. Anyone who knows it can see the document and change it;
/// nobody can guess it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^[a-z0-9]{10}$", examples("k7m2q9xwtb")))]
#[serde(try_from = "String", into = "String")]
pub struct DocumentCode(Box<str>);

/// The error for an invalid code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a code has 10 letters and digits")]
pub struct DocumentCodeError;

impl DocumentCode {
    /// Parses a code.
    ///
    /// # Errors
    /// [`DocumentCodeError`] unless it could have been made of a number.
    pub fn parse(text: &str) -> Result<Self, DocumentCodeError> {
        let is_code =
            text.len() == CODE_LETTERS as usize && text.bytes().all(|byte| LETTERS.contains(&byte));
        is_code.then(|| Self(text.into())).ok_or(DocumentCodeError)
    }
}

/// The code of a random number.
impl From<u128> for DocumentCode {
    fn from(random: u128) -> Self {
        let letter = |at: u32| char::from(LETTERS[(random >> (8 * at)) as usize % LETTERS.len()]);
        Self((0..CODE_LETTERS).map(letter).collect())
    }
}

impl fmt::Display for DocumentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_conversions!(text DocumentCode, DocumentCodeError);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_what_numbers_are_made_into() {
        for random in [0, 1, u128::MAX, 0x1234_5678_9abc_def0] {
            let code = DocumentCode::from(random);
            assert_eq!(DocumentCode::parse(code.as_str()), Ok(code));
        }
        for text in ["", "k7m2q9xwt", "K7M2Q9XWTB", "k7m2q9xwt1", "k7m2q9xwtbb"] {
            assert_eq!(DocumentCode::parse(text), Err(DocumentCodeError));
        }
    }
}
