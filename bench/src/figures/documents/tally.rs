//! A document to measure with.

use protocol::{Document, Problem};
use serde::{Deserialize, Serialize};

/// A sum that everybody adds to. A person's part is how much of it they added.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Tally {
    pub(super) total: u64,
}

/// Adds so much.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Add(pub(super) u8);

impl Document for Tally {
    const NAME: &'static str = "tally";
    type Key = String;
    type Own = u64;
    type Change = Add;

    fn first(_: &String) -> Option<Self> {
        Some(Self::default())
    }

    fn apply(&mut self, own: &mut u64, Add(some): Add) -> Result<(), Problem> {
        self.total += u64::from(some);
        *own += u64::from(some);
        Ok(())
    }
}
