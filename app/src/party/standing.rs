//! How the party that a page shows is.

use crate::live::Known;
use protocol::Party;

/// How the party is that a page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Standing {
    /// Redis was out of reach, and nothing was heard since.
    Unknown,
    /// It is there.
    There(Party),
    /// It has ended, or never was.
    Gone,
}

impl Standing {
    /// What the page knows of it.
    pub(crate) fn of(known: &Known<Option<Party>>) -> Self {
        match &known.state {
            None => Self::Unknown,
            Some(None) => Self::Gone,
            Some(Some(party)) => Self::There(party.clone()),
        }
    }
}
