//! How everybody feels: a document. Its rules run on the server, and in the browser to show a change at once.

use murmuration_leptos::protocol::live::NoKey;
use murmuration_leptos::protocol::{Document, Problem};
use serde::{Deserialize, Serialize};

/// The faces that people choose from, and what they mean.
pub const FACES: [(&str, &str); 4] = [
    ("😀", "Great"),
    ("🙂", "Fine"),
    ("😐", "So-so"),
    ("🙁", "Not well"),
];

/// What everybody sees: how many chose each face.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Mood {
    pub counts: Vec<u32>,
}

/// What is kept for each person, and shown to nobody else.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Choice {
    pub face: Option<u8>,
}

/// What people can do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MoodChange {
    /// Choose a face, in place of the one before.
    Choose(u8),
}

impl Document for Mood {
    const NAME: &'static str = "mood";
    type Key = NoKey; // There is only one.
    type Own = Choice;
    type Change = MoodChange;

    fn first(_: &NoKey) -> Option<Self> {
        let counts = vec![0; FACES.len()];
        Some(Self { counts })
    }

    fn path(_: &NoKey) -> String {
        "/".into()
    }

    fn apply(&mut self, own: &mut Choice, MoodChange::Choose(face): MoodChange) -> Result<(), Problem> {
        let Some(count) = self.counts.get_mut(usize::from(face)) else {
            return Err(Problem::new(422, "unknown-face", "There is no such face"));
        };
        *count += 1;
        let before = own.face.replace(face);
        if let Some(count) = before.and_then(|face| self.counts.get_mut(usize::from(face))) {
            *count = count.saturating_sub(1);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_one_face() {
        let (mut mood, mut ann) = (Mood::first(&NoKey).unwrap(), Choice::default());

        for face in [0, 2, 2] {
            mood.apply(&mut ann, MoodChange::Choose(face)).unwrap();
        }

        assert_eq!(mood.counts, [0, 0, 1, 0]);
        assert!(mood.apply(&mut ann, MoodChange::Choose(4)).is_err());
    }
}
