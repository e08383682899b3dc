//! A document that is there without being created: what everybody adds up.

use protocol::live::NoKey;
use protocol::{Document, Problem};
use serde::{Deserialize, Serialize};

/// A sum, and texts of which there is room for few.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    pub total: u64,
    pub notes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TallyChange {
    Add(u64),
    Note(String),
    Clear,
}

impl Document for Tally {
    const NAME: &'static str = "tally";
    const MAX_BYTES: usize = 200;
    const OWN_MAX_BYTES: usize = 20;
    type Key = NoKey;
    /// What the person added.
    type Own = u64;
    type Change = TallyChange;

    fn first(_: &NoKey) -> Option<Self> {
        Some(Self::default())
    }

    fn apply(&mut self, own: &mut u64, change: TallyChange) -> Result<(), Problem> {
        match change {
            TallyChange::Add(number) => {
                self.total += number;
                *own += number;
            }
            TallyChange::Note(text) => self.notes.push(text),
            TallyChange::Clear => self.notes.clear(),
        }
        Ok(())
    }
}
