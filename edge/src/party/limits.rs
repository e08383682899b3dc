//! The limits of parties.

use std::time::Duration;

/// The limits of parties.
#[derive(Clone, Copy, Debug)]
pub struct PartyLimits {
    /// The most participants of a party.
    pub participants: u32,
    /// How long an idle party lasts.
    pub ttl: Duration,
}

impl Default for PartyLimits {
    fn default() -> Self {
        Self {
            participants: 64,
            ttl: Duration::from_secs(24 * 3600),
        }
    }
}
