//! Sources of changes, and what is remembered of them so that each change counts once.

use protocol::SessionId;
use sha2::{Digest, Sha256};
use std::fmt::{self, Display};
use std::sync::Arc;
use std::time::Duration;

/// How many refused numbers a mark remembers, and how many that never came: as many as are unanswered at a time.
const KEPT_MAX: usize = protocol::CHANGES_WAITING_MAX;
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
        /// All changes up to this number are decided, or among those that never came.
        newest: u64,
        /// Those of the last ones that were refused.
        refused: Vec<u64>,
        /// Those of the last ones that never came: refused before anybody decided on them, and perhaps on their way again.
        skipped: Vec<u64>,
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
        let (text, skipped) = text.split_once('-').unwrap_or((text, ""));
        let numbers = |text: &str| -> Vec<u64> {
            text.split(' ')
                .filter_map(|number| number.parse().ok())
                .collect()
        };
        let mut refused = numbers(text);
        let newest = refused.drain(..refused.len().min(1)).next();
        Self::Numbers {
            newest: newest.unwrap_or_default(),
            refused,
            skipped: numbers(skipped),
        }
    }

    /// What it says of the change of that number and hash.
    pub(super) fn know(&self, seq: u64, hash: &str) -> Known {
        match self {
            Self::Numbers {
                newest, skipped, ..
            } if seq > *newest || skipped.contains(&seq) => Known::New,
            Self::Numbers { refused, .. } if refused.contains(&seq) => Known::Refused,
            Self::Applied(applied) if applied != hash => Known::Reused,
            Self::Numbers { .. } | Self::Applied(_) => Known::Applied,
        }
    }

    /// The mark once that change of the source is decided too; `None` where nothing is to be remembered of it.
    pub(super) fn with(
        before: Option<&Self>,
        source: &SourceId,
        (seq, hash): (u64, &str),
        is_refused: bool,
    ) -> Option<Self> {
        if let SourceId::Key(_) = source {
            // What was refused may be tried again.
            return (!is_refused).then(|| Self::Applied(hash.to_owned()));
        }
        let (before, mut refused, mut skipped) = match before {
            Some(Self::Numbers {
                newest,
                refused,
                skipped,
            }) => (*newest, refused.clone(), skipped.clone()),
            _ => (0, Vec::new(), Vec::new()),
        };
        skipped.retain(|skipped| *skipped != seq);
        // An instance numbers the changes of all its documents together.
        if let SourceId::Session(_) = source {
            let first = before
                .saturating_add(1)
                .max(seq.saturating_sub(KEPT_MAX as u64));
            skipped.extend(first..seq);
        }
        if is_refused {
            refused.push(seq);
        }
        for kept in [&mut refused, &mut skipped] {
            kept.drain(..kept.len().saturating_sub(KEPT_MAX));
        }
        Some(Self::Numbers {
            newest: before.max(seq),
            refused,
            skipped,
        })
    }
}

impl Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Applied(hash) => write!(f, "={hash}"),
            Self::Numbers {
                newest,
                refused,
                skipped,
            } => {
                write!(f, "{newest}")?;
                refused
                    .iter()
                    .try_for_each(|number| write!(f, " {number}"))?;
                if !skipped.is_empty() {
                    f.write_str("-")?;
                }
                skipped.iter().try_for_each(|number| write!(f, "{number} "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> SourceId {
        SourceId::Session("s:ann".into())
    }

    fn numbers(changes: &[(u64, bool)]) -> Mark {
        let with = |mark: Option<Mark>, (seq, is_refused): &(u64, bool)| {
            Mark::with(mark.as_ref(), &session(), (*seq, ""), *is_refused)
        };
        changes.iter().fold(None, with).unwrap()
    }

    #[test]
    fn a_mark_knows_what_was_decided() {
        let mark = numbers(&[(1, false), (2, true), (3, false)]);

        assert_eq!(mark.to_string(), "3 2");
        assert_eq!(Mark::read("3 2"), mark);
        assert_eq!(mark.know(1, ""), Known::Applied);
        assert_eq!(mark.know(2, ""), Known::Refused);
        assert_eq!(mark.know(4, ""), Known::New);
    }

    #[test]
    fn what_was_passed_over_may_still_come_once() {
        let mark = numbers(&[(1, false), (4, true)]);
        assert_eq!(mark.to_string(), "4 4-2 3 ");
        assert_eq!(Mark::read(&mark.to_string()), mark);
        assert_eq!(mark.know(3, ""), Known::New);

        let mark = Mark::with(Some(&mark), &session(), (3, ""), false).unwrap();
        assert_eq!(mark.to_string(), "4 4-2 ");
        assert_eq!(mark.know(3, ""), Known::Applied);
        assert_eq!(mark.know(2, ""), Known::New);
    }

    #[test]
    fn a_mark_remembers_the_last_numbers_alone() {
        let refused: Vec<_> = (1..=200).map(|seq| (seq, true)).collect();
        let mark = numbers(&refused);
        assert_eq!(mark.know(200, ""), Known::Refused);
        assert!(mark.to_string().len() < 300);

        let far = numbers(&[(u64::MAX, false)]);
        assert!(far.to_string().len() < 2_000);
        assert_eq!(Mark::read(&far.to_string()), far);
    }

    #[test]
    fn a_key_is_of_one_change_which_may_be_tried_again_where_it_was_refused() {
        let key = SourceId::key("ann", "1");
        let mark = Mark::with(None, &key, (1, "ab"), false).unwrap();

        assert_eq!(Mark::read(&mark.to_string()), mark);
        assert_eq!(mark.know(1, "ab"), Known::Applied);
        assert_eq!(mark.know(1, "cd"), Known::Reused);
        assert_eq!(Mark::with(None, &key, (1, "ab"), true), None);
    }

    #[test]
    fn keys_of_different_persons_differ() {
        assert_ne!(SourceId::key("a", "bc"), SourceId::key("ab", "c"));
        assert_eq!(SourceId::key("a", "b"), SourceId::key("a", "b"));
    }
}
