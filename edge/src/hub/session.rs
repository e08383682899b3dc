//! One socket's part in everything.

use super::topic::{Subscription, Topic};
use crate::counter::{Account, ClickError, Counter, Receipt, Source};
use crate::metrics::Metrics;
use crate::presence::Guard;
use bytes::Bytes;
use protocol::{PartyCode, Step};
use std::sync::Arc;
use tokio::sync::watch;

/// What a session is to send to its browser next.
#[derive(Clone, Debug, PartialEq)]
pub enum Outgoing {
    /// Its clicks up to the receipt's number are counted.
    Counted(Receipt),
    /// A [`protocol::live::ServerFrame::World`], encoded as UTF-8 JSON, shared with all sessions.
    Frame(Bytes),
}

/// One open session: counted as present, fed with frames, its clicks taken. Dropping it closes it.
pub struct Session {
    frames: Subscription,
    counter: Counter,
    source: Source,
    /// Made with the first click: most sessions only watch.
    clicks: Option<Clicks>,
    metrics: Metrics,
    _present: Guard,
}

/// A clicking session's account.
struct Clicks {
    account: Arc<Account>,
    receipts: watch::Receiver<Receipt>,
}

impl Session {
    pub(crate) fn new(
        topic: &Topic,
        counter: Counter,
        source: Source,
        present: Guard,
        metrics: Metrics,
    ) -> Self {
        Self {
            frames: topic.subscribe(),
            counter,
            source,
            clicks: None,
            metrics,
            _present: present,
        }
    }

    /// Takes a click.
    ///
    /// # Errors
    /// [`ClickError`]; the click will not be counted then.
    pub fn click(&mut self, seq: u64, step: Step) -> Result<(), ClickError> {
        let clicks = self.clicks.get_or_insert_with(|| {
            let account = self.counter.account(self.source.clone());
            let receipts = account.receipts();
            Clicks { account, receipts }
        });
        let outcome = self.counter.add(&clicks.account, seq, step);
        if outcome.is_err() {
            self.metrics.clicks_refused.inc();
        }
        outcome
    }

    /// From now on the session's person is online in the party that they are in; and where a code is given,
    /// frames tell of the party of that code, at once and at each change.
    pub fn party(&mut self, code: Option<PartyCode>) {
        let _ = code;
    }

    /// Waits for the next thing to send; receipts before frames that include their clicks. `None` when the
    /// last clone of the engine is gone.
    ///
    /// Safe to cancel: nothing is taken before it is returned.
    pub async fn next(&mut self) -> Option<Outgoing> {
        loop {
            tokio::select! {
                biased;
                receipt = next_receipt(&mut self.clicks) => {
                    // An account that has counted nothing yet has nothing to say.
                    if receipt.seq > 0 {
                        return Some(Outgoing::Counted(receipt));
                    }
                }
                frame = self.frames.next() => {
                    self.metrics.frames_delivered.inc();
                    return frame.map(Outgoing::Frame);
                }
            }
        }
    }
}

async fn next_receipt(clicks: &mut Option<Clicks>) -> Receipt {
    if let Some(clicks) = clicks
        && clicks.receipts.changed().await.is_ok()
    {
        return *clicks.receipts.borrow_and_update();
    }
    std::future::pending().await
}
