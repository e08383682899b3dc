//! Empties the outboxes: one task per peer.

use super::admit::own_key;
use super::answer::Fault;
use super::call::Caller;
use super::counts::Counts;
use edge::{LinkError, Outbox, OutboxEntry, OutboxError, OutboxOutcome};
use rand::RngExt;
use std::time::Duration;
use tracing::{info, warn};
use web::AppState;

/// How long a lease lasts unless renewed. Together with [`LOOK_EVERY`], another instance takes over from a killed one
/// within five seconds.
const LEASE: Duration = Duration::from_secs(3);
/// How often an instance without the lease tries to take it.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often the lease is renewed during a call.
const RENEW_EVERY: Duration = Duration::from_secs(1);
/// The most messages in one call.
const ENTRIES_MAX: usize = 100;
/// How many bytes of messages a call collects; the last message may exceed it. JSON makes them at most six times as
/// large, which stays below the 1 MiB that a peer accepts.
const BYTES_MAX: usize = 128 << 10;
/// The pause between attempts while Redis is unreachable.
const AWAY: Duration = Duration::from_millis(500);
/// Time limit for releasing the lease.
const RELEASE_TIMEOUT: Duration = Duration::from_millis(500);

/// Starts a task per peer. They end when the instance shuts down.
pub(crate) fn send_to_peers(state: &AppState, callers: Vec<Caller>, counts: &Counts) {
    for caller in callers {
        let Some(outbox) = state.engine.mail().outbox(caller.peer()) else {
            continue;
        };
        let sender = Sender {
            state: state.clone(),
            outbox,
            caller,
            counts: counts.clone(),
        };
        state.tasks.spawn(sender.run());
    }
}

/// Sends mail to one peer.
struct Sender {
    state: AppState,
    outbox: Outbox,
    caller: Caller,
    counts: Counts,
}

impl Sender {
    async fn run(self) {
        let stop = self.state.stopping.clone();
        while let Some(turn) = stop.run_until_cancelled(self.turn()).await {
            let Err(error) = turn else { continue };
            if !matches!(error, LinkError::Away) {
                warn!(%error, "Redis did not answer for mail to {}", self.outbox.peer());
            }
            let pause = AWAY.mul_f64(rand::rng().random_range(0.5..1.0));
            let _pause = stop.run_until_cancelled(tokio::time::sleep(pause)).await;
        }
        // An interrupted call may have reached the peer; sending it again does no harm.
        let released = tokio::time::timeout(RELEASE_TIMEOUT, self.outbox.release()).await;
        if !matches!(released, Ok(Ok(()))) {
            info!(
                "The lease of the outbox for {} runs out",
                self.outbox.peer()
            );
        }
    }

    /// Sends what is due, or waits until something may be due.
    async fn turn(&self) -> Result<(), LinkError> {
        match self.outbox.take(LEASE, ENTRIES_MAX, BYTES_MAX).await {
            Ok(batch) if batch.entries.is_empty() => self.outbox.news(batch.wait).await,
            Ok(batch) => settled(self.send(batch.entries).await)?,
            Err(error) => {
                settled(Err(error))?;
                self.outbox.free(LOOK_EVERY).await;
            }
        }
        Ok(())
    }

    async fn send(&self, entries: Vec<OutboxEntry>) -> Result<(), OutboxError> {
        match self.answered(&entries).await {
            Ok(outcomes) => {
                count(&self.counts, self.outbox.peer(), &outcomes);
                let settled = entries.into_iter().zip(outcomes).collect();
                self.outbox.settle(settled).await
            }
            Err(fault) => {
                warn!(
                    peer.name = self.outbox.peer(),
                    cause = fault.cause,
                    attempts = entries[0].attempts + 1,
                    "Mail to {} waits: {}",
                    self.outbox.peer(),
                    fault.reason
                );
                let (reason, at_least) = (&fault.reason, fault.at_least);
                self.outbox.postpone(entries, reason, at_least).await
            }
        }
    }

    /// Sends the messages. Returns the peer's outcome for each.
    async fn answered(&self, entries: &[OutboxEntry]) -> Result<Vec<OutboxOutcome>, Fault> {
        let ours = |cause: String| Fault::new("This cluster cannot send mail now.".into(), cause);
        let key = own_key(&self.state).await;
        let key = key.map_err(|error| ours(error.to_string()))?;
        let body = Caller::body(entries).map_err(|error| ours(error.to_string()))?;
        let call = self.caller.call(&key, entries, body);
        tokio::select! {
            answer = call => answer,
            never = self.renewed() => match never {},
        }
    }

    /// Keeps renewing the lease until dropped.
    async fn renewed(&self) -> std::convert::Infallible {
        loop {
            tokio::time::sleep(RENEW_EVERY).await;
            // If this fails, another instance may send the same messages again; the peer recognises them.
            let _held = self.outbox.hold(LEASE).await;
        }
    }
}

/// Losing the lease to another instance is not an error.
fn settled(outcome: Result<(), OutboxError>) -> Result<(), LinkError> {
    match outcome {
        Err(OutboxError::Link(error)) => Err(error),
        _ => Ok(()),
    }
}

fn count(counts: &Counts, peer: &str, outcomes: &[OutboxOutcome]) {
    for outcome in outcomes {
        let name = match outcome {
            OutboxOutcome::Stored => "stored",
            OutboxOutcome::Later(_) => "later",
            OutboxOutcome::Refused(_) => "refused",
        };
        counts.sent(peer, name);
    }
}
