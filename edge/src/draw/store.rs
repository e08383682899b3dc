//! Calls the draw's scripts.

use super::DrawLimits;
use super::head::{CHUNK_PLAYERS, HighestSeen, RoundHead, RoundId};
use crate::redis::{Bulk, Keys, Link, LinkError, as_ms, unreadable};
use protocol::DrawProgress;
use redis::{Script, ScriptInvocation};
use std::sync::Arc;
use std::time::Duration;

/// How long a replaced round's chunks are kept for those who are still loading them.
const OLD_KEPT: Duration = Duration::from_secs(60);

/// The oldest that an answer of Redis can be when it is read, in seconds: the largest configurable time-out.
const ANSWER_MOST_S: u64 = 60;

/// A script of the draw.
macro_rules! draw_script {
    ($file:literal) => {
        crate::redis::script!("../redis/time.lua", "prelude.lua", $file)
    };
}

/// Calls the draw's scripts. Cheap to clone.
#[derive(Clone)]
pub(super) struct DrawStore {
    shared: Arc<Shared>,
}

struct Shared {
    link: Link,
    keys: [String; 7],
    lead: Script,
    write: Script,
    switch: Script,
    read: Script,
    asked: Script,
    leave: Script,
}

/// The draw's state without the points.
pub(super) struct DrawSnapshot {
    /// The time by Redis's clock, in milliseconds since 1970.
    pub(super) now_ms: u64,
    /// The time of the last query, in seconds; 0 before the first.
    pub(super) asked_s: u64,
    /// The round being made.
    pub(super) progress: Option<DrawProgress>,
    /// The running round; `None` before the first, or if Redis lost it.
    pub(super) head: Option<RoundHead>,
}

impl DrawSnapshot {
    /// The time of the last query, in seconds, given what the instance knows.
    pub(super) fn last_query(&self, known_s: u64) -> u64 {
        match known_s > self.now_ms / 1_000 + ANSWER_MOST_S {
            // Redis's clock has been set back since.
            true => self.asked_s,
            false => known_s.max(self.asked_s),
        }
    }
}

/// The result of asking for the lease.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum LeadOutcome {
    /// Another instance holds it.
    Other,
    /// This one does; the next round is due in this time.
    Early(Duration),
    /// This one does, and a round is due.
    Due(Attempt),
}

/// An attempt to make a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attempt {
    pub(super) id: RoundId,
    /// When it began, by Redis's clock.
    pub(super) began_ms: u64,
}

/// An instance that asks for the lease.
#[derive(Clone, Debug)]
pub(super) struct LeaseHolder {
    /// The instance's name.
    pub(super) instance: String,
    /// The lease's duration.
    pub(super) lease: Duration,
}

impl DrawStore {
    pub(super) fn new(link: Link, keys: &Keys) -> Self {
        let shared = Shared {
            link,
            keys: keys.draw_all(),
            lead: draw_script!("lead.lua"),
            write: draw_script!("write.lua"),
            switch: draw_script!("switch.lua"),
            read: draw_script!("read.lua"),
            asked: draw_script!("asked.lua"),
            leave: draw_script!("leave.lua"),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    pub(super) fn link(&self) -> &Link {
        &self.shared.link
    }

    /// The channel that announces changes.
    pub(super) fn changes(&self) -> &str {
        let [.., changes] = &self.shared.keys;
        changes
    }

    /// Takes or renews the lease, and begins a round if one is due; `known` is the highest that this instance has seen.
    pub(super) async fn lead(
        &self,
        leader: &LeaseHolder,
        known: HighestSeen,
        limits: DrawLimits,
    ) -> Result<LeadOutcome, LinkError> {
        let mut call = self.prepare(&self.shared.lead);
        call.arg(&leader.instance).arg(as_ms(leader.lease));
        match known.number {
            Some(number) => call.arg(number),
            None => call.arg(-1),
        };
        call.arg(known.fence);
        call.arg((limits.players as usize).div_ceil(CHUNK_PLAYERS));
        call.arg(as_ms(limits.every.max(limits.rest)));
        let answer: Vec<String> = self.shared.link.call(&call).await?;
        match answer.as_slice() {
            [] => Ok(LeadOutcome::Other),
            [early] => Ok(LeadOutcome::Early(Duration::from_millis(number(early)?))),
            [_, round, fence, began] => Ok(LeadOutcome::Due(Attempt {
                id: RoundId {
                    number: number(round)?,
                    fence: fence.clone(),
                },
                began_ms: number(began)?,
            })),
            _ => Err(unreadable("the draw's lease")),
        }
    }

    /// Writes a chunk; false if the attempt has been superseded. Announces progress if `tell`.
    pub(super) async fn write(
        &self,
        bulk: &mut Bulk,
        (leader, attempt): (&LeaseHolder, &Attempt),
        (at, points): (usize, &[u8]),
        tell: bool,
    ) -> Result<bool, LinkError> {
        let mut call = self.prepare(&self.shared.write);
        call.arg(&leader.instance).arg(as_ms(leader.lease));
        call.arg(&attempt.id.fence)
            .arg(at)
            .arg(points)
            .arg(u8::from(tell));
        bulk.call(&call).await
    }

    /// Makes the written round the running one; false if the attempt has been superseded or a chunk is missing.
    pub(super) async fn switch(
        &self,
        attempt: &Attempt,
        limits: DrawLimits,
        minimum: u8,
    ) -> Result<bool, LinkError> {
        let mut call = self.prepare(&self.shared.switch);
        call.arg(&attempt.id.fence);
        call.arg(limits.players).arg(limits.points_max).arg(minimum);
        call.arg(attempt.began_ms)
            .arg(as_ms(limits.every))
            .arg(as_ms(limits.rest));
        call.arg(as_ms(OLD_KEPT));
        self.shared.link.call(&call).await
    }

    /// Reads the state without the points.
    pub(super) async fn read(&self) -> Result<DrawSnapshot, LinkError> {
        type Fields = Vec<String>;
        let call = self.prepare(&self.shared.read);
        let (now_ms, asked_s, making, round): (u64, u64, Fields, Fields) =
            self.shared.link.call(&call).await?;
        Ok(DrawSnapshot {
            now_ms,
            asked_s,
            progress: progress(&making)?,
            head: head(&round)?,
        })
    }

    /// Reads some chunks of a round; `None` if one of them is gone.
    pub(super) async fn points(
        &self,
        bulk: &mut Bulk,
        id: &RoundId,
        chunks: std::ops::Range<usize>,
    ) -> Result<Option<Vec<Vec<u8>>>, LinkError> {
        let [.., points, _] = &self.shared.keys;
        let RoundId { number, fence, .. } = id;
        let keys: Vec<_> = chunks
            .map(|at| format!("{points}{number}:{fence}:{at}"))
            .collect();
        Ok(bulk.read(&keys).await?.into_iter().collect())
    }

    /// Records a query.
    pub(super) async fn asked(&self, asked_s: u64) -> Result<(), LinkError> {
        let mut call = self.prepare(&self.shared.asked);
        call.arg(asked_s);
        self.shared.link.call(&call).await
    }

    /// Releases the lease and abandons an unfinished round.
    pub(super) async fn leave(&self, instance: &str) -> Result<(), LinkError> {
        let mut call = self.prepare(&self.shared.leave);
        call.arg(instance);
        self.shared.link.call(&call).await
    }

    fn prepare<'a>(&'a self, script: &'a Script) -> ScriptInvocation<'a> {
        let mut call = script.prepare_invoke();
        for key in &self.shared.keys {
            call.key(key);
        }
        call
    }
}

fn progress(fields: &[String]) -> Result<Option<DrawProgress>, LinkError> {
    let [round, chunks, written] = fields else {
        return Ok(None);
    };
    let (chunks, written): (u64, u64) = (number(chunks)?, number(written)?);
    let percent = written.saturating_mul(100) / chunks.max(1);
    Ok(Some(DrawProgress {
        round: number(round)?,
        percent: u8::try_from(percent.min(100)).unwrap_or(100),
    }))
}

fn head(fields: &[String]) -> Result<Option<RoundHead>, LinkError> {
    let [
        round,
        fence,
        started,
        next,
        players,
        points_max,
        minimum,
        chunks,
    ] = fields
    else {
        return Ok(None);
    };
    let head = RoundHead {
        id: RoundId {
            number: number(round)?,
            fence: fence.clone(),
        },
        started_ms: number(started)?,
        next_ms: number(next)?,
        players: number(players)?,
        points_max: number(points_max)?,
        minimum: number(minimum)?,
    };
    match head.chunks() == number::<usize>(chunks)? {
        true => Ok(Some(head)),
        false => Err(unreadable("a round's number of chunks")),
    }
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, LinkError> {
    // The text may be the secret minimum: leave it out.
    text.parse().map_err(|_| unreadable("a number of the draw"))
}
