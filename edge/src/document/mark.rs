//! Sources of changes, and what is remembered of them so that each change counts once.

use protocol::SessionId;
use sha2::{Digest, Sha256};
use std::fmt::{self, Display};
use std::sync::Arc;
use std::time::Duration;

/// How many refused numbers a mark remembers: far more than are unanswered at a time.
const REFUSED_MAX: usize = protocol::CHANGES_WAITING_MAX;
/// How long a session's mark is remembered after its last change: pages resend nothing that is older than 23 hours.
const SESSION_TTL: Duration = Duration::from_secs(24 * 3600);
/// How long an instance's is: far longer than it tries.
const INSTANCE_TTL: Duration = Duration::from_secs(24 * 3600);

/// Who makes a change outside a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeSource {
    /// Nobody but this instance can repeat it.
    Once,
    /// The holder of an idempotency key, which belongs to the person.
    Key(String),
}

/// A source of numbered changes. Its name is part of its mark's key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum SourceId {
    Session(Arc<str>),
    Instance(Arc<str>),
    Key(Arc<str>),
}

impl SourceId {
    pub(super) fn session(session: &SessionId) -> Self {
        Self::Session(format!("s:{}", session.as_str()).into())
    }

    pub(super) fn instance(instance: &str) -> Self {
        Self::Instance(format!("i:{instance}").into())
    }

    /// The source of an idempotency key; `scope` keeps equal keys of others apart.
    pub(super) fn key(scope: &str, key: &str) -> Self {
        Self::Key(format!("k:{}", digest(&[scope, key])).into())
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::Session(name) | Self::Instance(name) | Self::Key(name) => name,
        }
    }

    /// How long its mark is remembered.
    pub(super) fn ttl(&self, keys_for: Duration) -> Duration {
        match self {
            Self::Session(_) => SESSION_TTL,
            Self::Instance(_) => INSTANCE_TTL,
            Self::Key(_) => keys_for,
        }
    }
}

/// The hash of some texts, which no others have.
pub(super) fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // The length keeps ("a", "bc") and ("ab", "c") apart.
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    format!("{:x}", hash.finalize())
}

/// What is remembered of a source's changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Of a source that numbers them.
    Numbers {
        /// All changes up to this number are decided.
        newest: u64,
        /// Those of the last ones that were refused.
        refused: Vec<u64>,
    },
    /// Of an idempotency key: the hash of its change, which was applied.
    Applied(String),
}

/// What a mark says of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    New,
    Applied,
    Refused,
    /// Its key came with another change.
    Reused,
}

impl Mark {
    /// Reads what `Display` wrote; what nobody wrote counts as nothing.
    pub(super) fn read(text: &str) -> Self {
        if let Some(hash) = text.strip_prefix('=') {
            return Self::Applied(hash.to_owned());
        }
        let mut numbers = text.split(' ').filter_map(|number| number.parse().ok());
        Self::Numbers {
            newest: numbers.next().unwrap_or_default(),
            refused: numbers.collect(),
        }
    }

    /// What it says of the change of that number and hash.
    pub(super) fn know(&self, seq: u64, hash: &str) -> Known {
        match self {
            Self::Numbers { newest, .. } if seq > *newest => Known::New,
            Self::Numbers { refused, .. } if refused.contains(&seq) => Known::Refused,
            Self::Applied(applied) if applied != hash => Known::Reused,
            Self::Numbers { .. } | Self::Applied(_) => Known::Applied,
        }
    }

    /// The mark once that change is decided too; `None` where nothing is to be remembered of it.
    pub(super) fn with(
        before: Option<&Self>,
        is_key: bool,
        change: (u64, &str),
        is_refused: bool,
    ) -> Option<Self> {
        let (seq, hash) = change;
        if is_key {
            // What was refused may be tried again.
            return (!is_refused).then(|| Self::Applied(hash.to_owned()));
        }
        let mut refused = match before {
            Some(Self::Numbers { refused, .. }) => refused.clone(),
            _ => Vec::new(),
        };
        if is_refused {
            refused.push(seq);
            refused.drain(..refused.len().saturating_sub(REFUSED_MAX));
        }
        Some(Self::Numbers {
            newest: seq,
            refused,
        })
    }
}

impl Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Applied(hash) => write!(f, "={hash}"),
            Self::Numbers { newest, refused } => {
                write!(f, "{newest}")?;
                refused.iter().try_for_each(|number| write!(f, " {number}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_knows_what_was_decided() {
        let one = Mark::with(None, false, (3, ""), false);
        let mark = Mark::with(one.as_ref(), false, (5, ""), true).unwrap();

        assert_eq!(mark.to_string(), "5 5");
        assert_eq!(Mark::read("5 5"), mark);
        assert_eq!(mark.know(3, ""), Known::Applied);
        assert_eq!(mark.know(5, ""), Known::Refused);
        assert_eq!(mark.know(6, ""), Known::New);
    }

    #[test]
    fn a_mark_remembers_the_last_refusals() {
        let mut mark = Mark::read("0");
        for seq in 1..=200 {
            mark = Mark::with(Some(&mark), false, (seq, ""), true).unwrap();
        }

        assert_eq!(mark.know(200, ""), Known::Refused);
        assert!(mark.to_string().len() < 300);
    }

    #[test]
    fn a_key_is_of_one_change_which_may_be_tried_again_where_it_was_refused() {
        let mark = Mark::with(None, true, (1, "ab"), false).unwrap();

        assert_eq!(Mark::read(&mark.to_string()), mark);
        assert_eq!(mark.know(1, "ab"), Known::Applied);
        assert_eq!(mark.know(1, "cd"), Known::Reused);
        assert_eq!(Mark::with(None, true, (1, "ab"), true), None);
    }

    #[test]
    fn keys_of_different_persons_differ() {
        assert_ne!(SourceId::key("a", "bc"), SourceId::key("ab", "c"));
        assert_eq!(SourceId::key("a", "b"), SourceId::key("a", "b"));
    }
}
