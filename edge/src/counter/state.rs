//! The buffer of clicks that wait to be counted.

use super::account::{Account, ClickSource, Receipt};
use protocol::Step;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tokio::sync::Notify;

/// The largest number a click may have: Redis's scripts and browsers count exactly up to it (2^53 − 1).
const SEQ_MAX: u64 = (1 << 53) - 1;

/// Why a click was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClickError {
    /// The buffer is full: Redis has been away for long, or too many click.
    #[error("too many clicks wait to be counted")]
    Full,
    /// The number is not above those before it, and is not one of theirs sent again; or it is not from 1
    /// to 2^53 − 1.
    #[error("click numbers must rise, from 1 to 9007199254740991")]
    OutOfOrder,
}

/// Clicks of one source with consecutive numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) first: u64,
    /// One `+` or `-` a click.
    pub(super) signs: String,
}

impl Run {
    fn next(&self) -> u64 {
        self.first.saturating_add(self.signs.len() as u64)
    }
}

/// One source's share of a batch.
#[derive(Debug)]
pub(super) struct Share {
    pub(super) account: Arc<Account>,
    pub(super) runs: Vec<Run>,
}

impl Share {
    fn newest(&self) -> u64 {
        self.runs
            .last()
            .map_or(0, |run| run.next().saturating_sub(1))
    }

    fn size(&self) -> usize {
        self.runs.iter().map(|run| run.signs.len()).sum()
    }
}

#[derive(Default)]
struct Buffer {
    /// What the next batch takes.
    open: HashMap<ClickSource, Share>,
    /// Each source's newest number in the batch that is being counted.
    flying: HashMap<ClickSource, u64>,
    /// Clicks in both.
    size: usize,
    /// Who may still watch; the dead ones go when the list has grown to `prune_at`.
    accounts: HashMap<ClickSource, Weak<Account>>,
    prune_at: usize,
}

/// Takes clicks in. A cheap clone.
#[derive(Clone)]
pub(crate) struct Counter {
    shared: Arc<Shared>,
}

struct Shared {
    buffer: Mutex<Buffer>,
    filled: Notify,
    /// Most clicks that may wait.
    capacity: usize,
}

impl Counter {
    pub(crate) fn new(capacity: usize) -> Self {
        let shared = Shared {
            buffer: Mutex::default(),
            filled: Notify::new(),
            capacity,
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// The account of a source; all who ask for the same one share it.
    pub(crate) fn account(&self, source: ClickSource) -> Arc<Account> {
        let mut buffer = self.buffer();
        if let Some(account) = buffer.accounts.get(&source).and_then(Weak::upgrade) {
            return account;
        }
        if buffer.accounts.len() >= buffer.prune_at {
            buffer
                .accounts
                .retain(|_, account| account.strong_count() > 0);
            buffer.prune_at = (buffer.accounts.len() * 2).max(1024);
        }
        let account = Arc::new(Account::new(source.clone()));
        buffer.accounts.insert(source, Arc::downgrade(&account));
        account
    }

    /// Takes a click, to be counted soon. One sent again is taken once.
    ///
    /// # Errors
    /// [`ClickError`]; the click will not be counted then.
    pub(crate) fn add(
        &self,
        account: &Arc<Account>,
        seq: u64,
        step: Step,
    ) -> Result<(), ClickError> {
        if !(1..=SEQ_MAX).contains(&seq) {
            return Err(ClickError::OutOfOrder);
        }
        let mut guard = self.buffer();
        let buffer = &mut *guard;
        let flying = buffer.flying.get(account.source()).copied();
        let settled = account.receipt().seq.max(flying.unwrap_or(0));
        if seq <= settled {
            return Ok(());
        }
        if let Some(share) = buffer.open.get(account.source())
            && seq <= share.newest()
        {
            let known = |run: &Run| (run.first..run.next()).contains(&seq);
            return if share.runs.iter().any(known) {
                Ok(())
            } else {
                Err(ClickError::OutOfOrder)
            };
        }
        if buffer.size >= self.shared.capacity {
            return Err(ClickError::Full);
        }
        let sign = if step == Step::Up { '+' } else { '-' };
        match buffer.open.entry(account.source().clone()) {
            Entry::Occupied(mut share) => match share.get_mut().runs.last_mut() {
                Some(run) if run.next() == seq => run.signs.push(sign),
                _ => share.get_mut().runs.push(Run {
                    first: seq,
                    signs: sign.into(),
                }),
            },
            Entry::Vacant(place) => {
                let runs = vec![Run {
                    first: seq,
                    signs: sign.into(),
                }];
                place.insert(Share {
                    account: account.clone(),
                    runs,
                });
            }
        }
        buffer.size += 1;
        drop(guard);
        self.shared.filled.notify_one();
        Ok(())
    }

    /// Waits until there may be clicks to take.
    pub(super) async fn filled(&self) {
        self.shared.filled.notified().await;
    }

    /// Takes the next batch, of at most so many sources; empty where nothing waits.
    pub(super) fn take(&self, most: usize) -> Vec<Share> {
        let mut guard = self.buffer();
        let buffer = &mut *guard;
        let batch: Vec<_> = if buffer.open.len() <= most {
            buffer.open.drain().map(|(_, share)| share).collect()
        } else {
            let some: Vec<_> = buffer.open.keys().take(most).cloned().collect();
            self.shared.filled.notify_one();
            some.iter()
                .filter_map(|source| buffer.open.remove(source))
                .collect()
        };
        buffer.flying = batch
            .iter()
            .map(|share| (share.account.source().clone(), share.newest()))
            .collect();
        batch
    }

    /// Tells everyone who watches that a batch was counted. Returns its clicks.
    pub(super) fn settle(&self, batch: &[Share], epoch: u64, rev: u64, clicks: i64) -> u64 {
        let count: usize = batch.iter().map(Share::size).sum();
        let mut buffer = self.buffer();
        buffer.flying.clear();
        buffer.size -= count;
        for share in batch {
            share.account.settle(Receipt {
                seq: share.newest(),
                epoch,
                rev,
                clicks,
            });
        }
        count as u64
    }

    /// A poisoned lock guards values that are valid at every step: go on with them.
    fn buffer(&self) -> MutexGuard<'_, Buffer> {
        self.shared
            .buffer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(counter: &Counter) -> Arc<Account> {
        counter.account(ClickSource::idempotency_key("ann", "1"))
    }

    fn runs(batch: &[Share]) -> Vec<(u64, &str)> {
        batch
            .iter()
            .flat_map(|share| &share.runs)
            .map(|run| (run.first, run.signs.as_str()))
            .collect()
    }

    #[test]
    fn clicks_gather_into_runs_and_gaps_start_new_ones() {
        let counter = Counter::new(100);
        let ann = account(&counter);

        for (seq, step) in [(1, Step::Up), (2, Step::Down), (5, Step::Up)] {
            counter.add(&ann, seq, step).unwrap();
        }

        assert_eq!(runs(&counter.take(10)), [(1, "+-"), (5, "+")]);
        assert!(counter.take(10).is_empty());
    }

    #[test]
    fn a_click_sent_again_is_taken_once_wherever_it_is() {
        let counter = Counter::new(100);
        let ann = account(&counter);
        counter.add(&ann, 1, Step::Up).unwrap();
        let batch = counter.take(10);

        assert_eq!(
            counter.add(&ann, 1, Step::Up),
            Ok(()),
            "in the batch that is being counted"
        );
        counter.add(&ann, 2, Step::Up).unwrap();
        assert_eq!(counter.add(&ann, 2, Step::Up), Ok(()), "waiting");
        counter.settle(&batch, 1, 1, 1);
        assert_eq!(counter.add(&ann, 1, Step::Up), Ok(()), "counted");

        assert_eq!(runs(&counter.take(10)), [(2, "+")]);
    }

    #[test]
    fn a_number_below_those_that_wait_is_refused() {
        let counter = Counter::new(100);
        let ann = account(&counter);
        counter.add(&ann, 7, Step::Up).unwrap();

        assert_eq!(counter.add(&ann, 3, Step::Up), Err(ClickError::OutOfOrder));
    }

    #[test]
    fn a_full_buffer_refuses_and_recovers() {
        let counter = Counter::new(2);
        let ann = account(&counter);
        counter.add(&ann, 1, Step::Up).unwrap();
        counter.add(&ann, 2, Step::Up).unwrap();

        assert_eq!(counter.add(&ann, 3, Step::Up), Err(ClickError::Full));
        let batch = counter.take(10);
        assert_eq!(
            counter.add(&ann, 3, Step::Up),
            Err(ClickError::Full),
            "what flies is still kept"
        );
        counter.settle(&batch, 1, 1, 2);

        assert_eq!(counter.add(&ann, 3, Step::Up), Ok(()));
    }

    #[tokio::test]
    async fn all_connections_of_a_session_see_its_receipts() {
        let counter = Counter::new(100);
        let old = account(&counter);
        counter.add(&old, 1, Step::Up).unwrap();
        let batch = counter.take(10);

        let new = account(&counter);
        counter.settle(&batch, 3, 4, 5);

        let receipt = Receipt {
            seq: 1,
            epoch: 3,
            rev: 4,
            clicks: 5,
        };
        assert_eq!(new.counted(1).await, receipt);
        assert!(new.receipts().has_changed().unwrap());
    }
}
