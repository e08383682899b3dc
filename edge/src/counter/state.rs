//! The buffer of clicks that wait to be counted.

use super::ClickError;
use super::account::{Account, ClickSource, Receipt, Run, SourceClicks};
use crate::sync::lock;
use protocol::Step;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::time::Instant;
use tokio::sync::Notify;

/// The largest number a click may have: Redis's scripts and browsers count exactly up to it (2^53 − 1).
const SEQ_MAX: u64 = (1 << 53) - 1;

#[derive(Default)]
struct Buffer {
    /// Clicks for the next batch.
    open: HashMap<ClickSource, SourceClicks>,
    /// Each source's newest number in the batch being counted.
    in_flight: HashMap<ClickSource, u64>,
    /// Clicks in both.
    size: usize,
    /// Accounts that somebody may watch; dead ones are removed when there are `prune_at`.
    accounts: HashMap<ClickSource, Weak<Account>>,
    prune_at: usize,
}

/// Accepts clicks. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Counter {
    shared: Arc<Shared>,
}

struct Shared {
    buffer: Mutex<Buffer>,
    filled: Notify,
    /// The most clicks that may wait.
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

    /// The account of a source, shared by all callers.
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

    /// Whether clicks of a source were counted and somebody here still has its account.
    pub(crate) fn has_counted(&self, source: &ClickSource) -> bool {
        let account = self.buffer().accounts.get(source).and_then(Weak::upgrade);
        account.is_some_and(|account| account.receipt().seq > 0)
    }

    /// Accepts a click, to be counted soon. A retry is ignored.
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
        let in_flight = buffer.in_flight.get(account.source()).copied();
        let settled = account.receipt().seq.max(in_flight.unwrap_or(0));
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
        let share = buffer.open.entry(account.source().clone());
        let share = share.or_insert_with(|| SourceClicks {
            account: account.clone(),
            since: Instant::now(),
            runs: Vec::new(),
        });
        match share.runs.last_mut() {
            Some(run) if run.next() == seq => run.signs.push(sign),
            _ => share.runs.push(Run {
                first: seq,
                signs: sign.into(),
            }),
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

    /// Takes the next batch, of up to `most` sources; empty if nothing waits.
    pub(super) fn take(&self, most: usize) -> Vec<SourceClicks> {
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
        buffer.in_flight = batch
            .iter()
            .map(|share| (share.account.source().clone(), share.newest()))
            .collect();
        batch
    }

    /// Publishes that a batch was counted, except the only clicks of some of its sources. Returns its number of clicks.
    pub(super) fn settle(
        &self,
        batch: &[SourceClicks],
        counted: Receipt,
        refused: &HashMap<usize, ClickError>,
    ) -> u64 {
        let count: usize = batch.iter().map(SourceClicks::size).sum();
        let mut buffer = self.buffer();
        buffer.in_flight.clear();
        buffer.size -= count;
        for (at, share) in batch.iter().enumerate() {
            share.account.settle(Receipt {
                seq: share.newest(),
                refused: refused.get(&at).copied(),
                ..counted
            });
        }
        count as u64
    }

    fn buffer(&self) -> MutexGuard<'_, Buffer> {
        lock(&self.shared.buffer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(counter: &Counter) -> Arc<Account> {
        counter.account(ClickSource::idempotency_key("ann", "1"))
    }

    fn runs(batch: &[SourceClicks]) -> Vec<(u64, &str)> {
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
        counter.settle(&batch, Receipt::default(), &HashMap::new());
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
            "clicks in flight still count"
        );
        counter.settle(&batch, Receipt::default(), &HashMap::new());

        assert_eq!(counter.add(&ann, 3, Step::Up), Ok(()));
    }

    #[tokio::test]
    async fn all_connections_of_a_session_see_its_receipts() {
        let counter = Counter::new(100);
        let old = account(&counter);
        counter.add(&old, 1, Step::Up).unwrap();
        let batch = counter.take(10);

        let new = account(&counter);
        assert!(!counter.has_counted(new.source()));
        let receipt = Receipt {
            seq: 1,
            clicks: 5,
            ..Receipt::default()
        };
        counter.settle(&batch, receipt, &HashMap::new());

        assert!(counter.has_counted(new.source()));
        assert_eq!(new.counted(1).await, receipt);
    }
}
