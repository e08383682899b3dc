//! Decides and stores the changes of one document, a batch at a time.

use super::ChangeError;
use super::handle::{Recent, Shared};
use super::reply::{Reply, answer, refuse};
use super::state::{Decided, Stored, Verdict, Waiting};
use super::store::{Attempt, Place, whose};
use crate::redis::{Backoff, LinkError, unreadable};
use crate::sync::lock;
use protocol::Document;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::SemaphorePermit;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

/// The most changes of a batch: a script blocks all of Redis, and this many take about a millisecond.
const BATCH_MAX: usize = 500;
/// How long a turn lasts, as a multiple of what a call takes, and its bounds: the call of whoever has it must arrive within.
const TURN_CALLS: u32 = 4;
const TURN_MIN: Duration = Duration::from_millis(50);
const TURN_MAX: Duration = Duration::from_secs(2);
/// The time limit for changes that wait at shutdown.
const DRAIN: Duration = Duration::from_secs(3);

/// Takes what waits for one document until nothing does.
pub(super) struct Writer<D: Document> {
    shared: Arc<Shared<D>>,
    at: Place<D>,
    /// What is known of the document, unless something went wrong.
    known: Option<Stored<D>>,
    /// How long the last call took.
    call: Duration,
    /// Whether another writer may have taken over.
    is_done: bool,
}

/// What came of one attempt.
enum Step {
    /// The batch is decided and stored.
    Done(Vec<Verdict>),
    /// Others were first; it is worth another attempt after that pause.
    Again(Duration),
}

impl<D: Document> Writer<D> {
    pub(super) fn new(shared: Arc<Shared<D>>, key: &D::Key) -> Self {
        let at = shared.store.place(key);
        let known = shared.known.remove(&at.name);
        Self {
            known: known.and_then(|recent| lock(&recent.stored).take()),
            shared,
            at,
            call: Duration::ZERO,
            is_done: false,
        }
    }

    /// Runs until nothing waits. Once stopped, what then waits is stored within the time limit.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        let patience = async {
            stop.cancelled().await;
            sleep(DRAIN).await;
        };
        tokio::select! {
            () = self.write_all() => {}
            () = patience => error!(
                topic = D::NAME,
                "Redis is unreachable at shutdown: browsers must send their changes again"
            ),
        }
    }

    async fn write_all(&mut self) {
        let shared = self.shared.clone();
        loop {
            // Its turn for a call comes first: meanwhile the batch grows, and what it is decided on stays fresh.
            let permit = shared.calls.acquire().await;
            let Some(batch) = self.take() else {
                break;
            };
            let _room = shared.room(&batch);
            self.write(batch, permit.ok()).await;
        }
    }

    /// The next batch; `None` where nothing waits, after which another writer takes what comes.
    fn take(&mut self) -> Option<Vec<Waiting<D>>> {
        let mut queues = lock(&self.shared.queues);
        let waiting = queues.get_mut(&self.at.name)?;
        if waiting.is_empty() {
            queues.remove(&self.at.name);
            self.is_done = true;
            if let Some(known) = self.known.take() {
                let recent = Recent::new(known);
                self.shared.known.insert(self.at.name.clone(), recent);
            }
            return None;
        }
        let count = waiting.len().min(BATCH_MAX);
        Some(waiting.drain(..count).collect())
    }

    /// Decides and stores a batch, with as many retries as it takes, and answers. No call is held up by a pause.
    async fn write(&mut self, mut batch: Vec<Waiting<D>>, permit: Option<SemaphorePermit<'_>>) {
        let shared = self.shared.clone();
        let mut permit = permit;
        let mut backoff = Backoff::new();
        let verdicts = loop {
            let held = match permit.take() {
                Some(permit) => Some(permit),
                None => shared.calls.acquire().await.ok(),
            };
            let keys_for = shared.store.keys_for;
            for change in &mut batch {
                change.is_late = change.since.elapsed() >= change.source.ttl(keys_for);
            }
            let step = self.attempt(&mut batch).await;
            drop(held);
            match step {
                Ok(Step::Done(verdicts)) => break verdicts,
                Ok(Step::Again(pause)) => sleep(pause).await,
                Err(error) => {
                    self.known = None;
                    if error.is_of_the_call() {
                        error!(%error, topic = D::NAME, "Failed to store changes");
                        fail(&self.at.name, batch, error);
                        return;
                    }
                    self.rest(&error, &mut backoff).await;
                }
            }
        };
        let Some(known) = &mut self.known else {
            return;
        };
        let is_applied = |verdict: &&Verdict| **verdict == Verdict::Applied;
        let applied = verdicts.iter().filter(is_applied).count() as u64;
        let metrics = &shared.metrics;
        metrics.changes.inc_by(applied);
        metrics
            .changes_refused
            .inc_by(verdicts.len() as u64 - applied);
        answer(&self.at.name, known, batch, verdicts);
        known.trim();
    }

    /// Decides and stores once.
    async fn attempt(&mut self, batch: &mut [Waiting<D>]) -> Result<Step, LinkError> {
        let Shared {
            store, instance, ..
        } = &*self.shared;
        let known = match &mut self.known {
            Some(known) if known.covers(batch) => known,
            known => {
                let (persons, sources) = whose(batch);
                let found = store.read(&self.at, &persons, &sources).await?;
                match known {
                    // Nobody stored anything meanwhile: what is known of others is as true as before.
                    Some(known) if known.version == found.version => {
                        known.owns.extend(found.owns);
                        known.marks.extend(found.marks);
                        known
                    }
                    known => known.insert(found),
                }
            }
        };
        let decided = known.decide(batch);
        note_refusals(batch, &decided);
        if !decided.is_something() {
            // What an earlier call stored may be on no replica yet.
            let found = store.confirm(&self.at).await?;
            if known.version == found.version {
                return Ok(Step::Done(decided.verdicts));
            }
            self.known = None;
            return Ok(Step::Again(Duration::ZERO));
        }
        let turn = (self.call * TURN_CALLS).clamp(TURN_MIN, TURN_MAX);
        let started = Instant::now();
        let attempt = store
            .store(
                &self.at,
                (&**instance, turn),
                (known.version, batch),
                &decided,
            )
            .await?;
        self.call = started.elapsed();
        match attempt {
            Attempt::Stored => {
                let verdicts = known.take(decided);
                Ok(Step::Done(verdicts))
            }
            Attempt::Late(found, is_others_turn) => {
                *known = found;
                self.shared.metrics.change_conflicts.inc();
                let pause = self.call.clamp(Duration::from_millis(1), TURN_MIN);
                let pause = if is_others_turn {
                    pause
                } else {
                    Duration::ZERO
                };
                Ok(Step::Again(pause))
            }
        }
    }

    /// Waits until it is worth another try.
    async fn rest(&self, error: &LinkError, backoff: &mut Backoff) {
        let store = &self.shared.store;
        let link = store.link.of(&store.channel(&self.at.name));
        if error.stores_nothing() {
            link.writes().fail(error);
        } else if !matches!(error, LinkError::Away) {
            warn!(%error, topic = D::NAME, "Failed to store changes; retrying");
        }
        sleep(backoff.delay()).await;
        link.up().await;
    }
}

impl<D: Document> Drop for Writer<D> {
    /// Where it was ended, callers learn that nobody works on what they wait for; sessions end with the instance.
    fn drop(&mut self) {
        if !self.is_done
            && let Some(left) = lock(&self.shared.queues).remove(&self.at.name)
        {
            drop(self.shared.room(&left));
        }
    }
}

/// Remembers why changes were refused, in case the answer of Redis is lost.
fn note_refusals<D: Document>(batch: &mut [Waiting<D>], decided: &Decided<D>) {
    for (change, verdict) in batch.iter_mut().zip(&decided.verdicts) {
        if let Verdict::Refused(problem) = verdict {
            change.refusal = Some(problem.clone());
        }
    }
}

/// Tells all of a batch that Redis does not take it.
fn fail<D: Document>(key: &str, batch: Vec<Waiting<D>>, error: LinkError) {
    let problem = ChangeError::Link(error).into_problem();
    for change in batch {
        match change.reply {
            // Whoever has given up waiting need not know.
            Reply::Call(call) => drop(call.send(Err(ChangeError::Link(unreadable("a document"))))),
            Reply::Session(session) => refuse::<D>(&*session, key, change.seq, problem.clone()),
        }
    }
}
