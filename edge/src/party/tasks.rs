//! Reads parties that changed, for the sessions that show them.

use super::Parties;
use super::watch::{Turn, Watches};
use crate::redis::{Backoff, LinkError};
use bytes::Bytes;
use protocol::live::ServerFrame;
use protocol::{Party, PartyCode};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

/// Parties read in one call: a script holds up all of Redis, this many take about a millisecond.
const PARTIES_MAX: usize = 20;

/// Turns changes of watched parties into frames.
pub(crate) struct WatchTask {
    parties: Parties,
    watches: Watches,
    /// The least time between two frames of one party.
    pace: Duration,
    /// Parties that have news before it is their turn.
    waiting: BTreeSet<(Instant, PartyCode)>,
}

impl WatchTask {
    pub(crate) fn new(parties: Parties, pace: Duration) -> Self {
        Self {
            watches: parties.watches().clone(),
            parties,
            pace,
            waiting: BTreeSet::new(),
        }
    }

    pub(crate) async fn run(mut self, stop: CancellationToken) {
        let watches = self.watches.clone();
        let mut backoff = Backoff::new();
        loop {
            let first = self.waiting.first().map(|(at, _)| *at);
            let codes = tokio::select! {
                () = stop.cancelled() => break,
                () = watches.news() => watches.take_news(),
                () = until(first) => self.take_waiting(),
            };
            let due = self.due(codes);
            match stop.run_until_cancelled(self.read(&due)).await {
                None => break,
                Some(Ok(())) => backoff.reset(),
                Some(Err(error)) => {
                    if !matches!(error, LinkError::Away) {
                        warn!(%error, "Parties cannot be read; trying again");
                    }
                    let wait = async {
                        tokio::time::sleep(backoff.delay()).await;
                        self.parties.store().link().up().await;
                    };
                    let _pause = stop.run_until_cancelled(wait).await;
                }
            }
        }
    }

    /// Parties whose turn has come.
    fn take_waiting(&mut self) -> Vec<PartyCode> {
        let now = Instant::now();
        let mut codes = Vec::new();
        while let Some((at, code)) = self.waiting.pop_first() {
            if at > now {
                self.waiting.insert((at, code));
                break;
            }
            codes.push(code);
        }
        codes
    }

    /// Those of these parties that may be read now; others wait for their turn.
    fn due(&mut self, codes: Vec<PartyCode>) -> Vec<PartyCode> {
        let now = Instant::now();
        let mut due = Vec::new();
        for code in codes {
            match self.watches.turn(code, now, now + self.pace) {
                Turn::Now => due.push(code),
                Turn::At(at) => {
                    self.waiting.insert((at, code));
                }
                Turn::Never => {}
            }
        }
        due
    }

    async fn read(&self, due: &[PartyCode]) -> Result<(), LinkError> {
        for (at, some) in due.chunks(PARTIES_MAX).enumerate() {
            match self.parties.look(some).await {
                Ok(found) => {
                    for (code, party) in some.iter().zip(found) {
                        self.publish(*code, party);
                    }
                }
                Err(error) => {
                    self.watches.put_back(&due[at * PARTIES_MAX..]);
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn publish(&self, party_code: PartyCode, party: Option<Party>) {
        let frame = ServerFrame::Party { party_code, party };
        match serde_json::to_vec(&frame) {
            Ok(json) => {
                if self.watches.publish(party_code, Bytes::from(json)) {
                    self.parties.count_frame();
                }
            }
            Err(error) => error!(%error, "A party cannot be encoded"),
        }
    }
}

/// Waits until then; for ever where there is nothing to wait for.
async fn until(then: Option<Instant>) {
    match then {
        Some(then) => sleep_until(then).await,
        None => std::future::pending().await,
    }
}
