//! How everybody feels: a document. Its rules run on the server, and in the browser to show a change at once.

use murmuration_leptos::protocol::live::NoKey;
use murmuration_leptos::protocol::{Document, Problem};
use serde::{Deserialize, Serialize};

/// What people choose from.
pub const MOODS: [&str; 4] = ["Great", "Fine", "So-so", "Not well"];

/// What everybody sees: how many chose each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Mood {
    pub counts: Vec<u32>,
}

/// What is kept for each person, and shown to nobody else.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Choice {
    pub mood: Option<u8>,
}

/// What people can do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MoodChange {
    /// Choose one, in place of the one before.
    Choose(u8),
}

impl Document for Mood {
    const NAME: &'static str = "mood";
    type Key = NoKey; // There is only one.
    type Own = Choice;
    type Change = MoodChange;

    fn first(_: &NoKey) -> Option<Self> {
        let counts = vec![0; MOODS.len()];
        Some(Self { counts })
    }

    fn path(_: &NoKey) -> String {
        "/".into()
    }

    fn apply(
        &mut self,
        own: &mut Choice,
        MoodChange::Choose(mood): MoodChange,
    ) -> Result<(), Problem> {
        let Some(count) = self.counts.get_mut(usize::from(mood)) else {
            return Err(Problem::new(422, "unknown-mood", "There is no such mood"));
        };
        *count += 1;
        let before = own.mood.replace(mood);
        if let Some(count) = before.and_then(|mood| self.counts.get_mut(usize::from(mood))) {
            *count = count.saturating_sub(1);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_one_mood() {
        let (mut moods, mut ann) = (Mood::first(&NoKey).unwrap(), Choice::default());

        for mood in [0, 2, 2] {
            moods.apply(&mut ann, MoodChange::Choose(mood)).unwrap();
        }

        assert_eq!(moods.counts, [0, 0, 1, 0]);
        assert!(moods.apply(&mut ann, MoodChange::Choose(4)).is_err());
    }
}
