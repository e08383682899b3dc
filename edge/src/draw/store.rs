//! Calls the scripts of the draw.

use super::DrawLimits;
use super::head::{CHUNK_PLAYERS, Head, Known, RoundId};
use crate::redis::{Bulk, Keys, Link, LinkError, unreadable};
use protocol::DrawProgress;
use redis::{Script, ScriptInvocation};
use std::sync::Arc;
use std::time::Duration;

/// How long a round's chunks are kept after the next has taken its place: for those who load them then.
const OLD_KEPT: Duration = Duration::from_secs(60);

/// An answer of Redis is not older than this when it is looked at, in seconds: no longer time-out can be set.
const ANSWER_MOST_S: u64 = 60;

/// A script, with the prelude before it.
macro_rules! script {
    ($file:literal) => {
        Script::new(concat!(
            include_str!("prelude.lua"),
            "\n",
            include_str!($file)
        ))
    };
}

/// Calls scripts of the draw. A cheap clone.
#[derive(Clone)]
pub(super) struct Store {
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

/// What mirrors hold, but for the points.
pub(super) struct Snapshot {
    /// The time by Redis's clock, in milliseconds since 1970.
    pub(super) now_ms: u64,
    /// When the draw was last asked, likewise, but in seconds; 0 before the first time.
    pub(super) asked_s: u64,
    /// The round that is made.
    pub(super) progress: Option<DrawProgress>,
    /// The running round; nothing before the first, or where Redis lost it.
    pub(super) head: Option<Head>,
}

impl Snapshot {
    /// When the draw was last asked, in seconds, where the instance knew of that time.
    pub(super) fn last_query(&self, known_s: u64) -> u64 {
        match known_s > self.now_ms / 1_000 + ANSWER_MOST_S {
            // Of a clock that has been set back since.
            true => self.asked_s,
            false => known_s.max(self.asked_s),
        }
    }
}

/// Who makes rounds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lead {
    /// Another instance.
    Other,
    /// This one, but none is due for so long.
    Early(Duration),
    /// This one, and one is due.
    Due(Turn),
}

/// A try to make a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) id: RoundId,
    /// When it began, by Redis's clock.
    pub(super) began_ms: u64,
}

/// Who leads, for how long at a time.
#[derive(Clone, Debug)]
pub(super) struct Leader {
    /// The instance's name.
    pub(super) instance: String,
    /// How long a lease lasts.
    pub(super) lease: Duration,
}

impl Store {
    pub(super) fn new(link: Link, keys: &Keys) -> Self {
        let shared = Shared {
            link,
            keys: keys.draw_all(),
            lead: script!("lead.lua"),
            write: script!("write.lua"),
            switch: script!("switch.lua"),
            read: script!("read.lua"),
            asked: script!("asked.lua"),
            leave: script!("leave.lua"),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    pub(super) fn link(&self) -> &Link {
        &self.shared.link
    }

    /// The channel that tells of changes.
    pub(super) fn changes(&self) -> &str {
        let [.., changes] = &self.shared.keys;
        changes
    }

    /// Leads, where nobody else does, and begins a round where one is due; `known` is the most that this instance has
    /// seen.
    pub(super) async fn lead(
        &self,
        leader: &Leader,
        known: Known,
        limits: DrawLimits,
    ) -> Result<Lead, LinkError> {
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
            [] => Ok(Lead::Other),
            [early] => Ok(Lead::Early(Duration::from_millis(number(early)?))),
            [_, round, fence, began] => Ok(Lead::Due(Turn {
                id: RoundId {
                    number: number(round)?,
                    fence: fence.clone(),
                },
                began_ms: number(began)?,
            })),
            _ => Err(unreadable("the draw's lease")),
        }
    }

    /// Writes a chunk; false where that try is over. All are told where `tell`.
    pub(super) async fn write(
        &self,
        bulk: &mut Bulk,
        (leader, turn): (&Leader, &Turn),
        (at, points): (usize, &[u8]),
        tell: bool,
    ) -> Result<bool, LinkError> {
        let mut call = self.prepare(&self.shared.write);
        call.arg(&leader.instance).arg(as_ms(leader.lease));
        call.arg(&turn.id.fence)
            .arg(at)
            .arg(points)
            .arg(u8::from(tell));
        bulk.call(&call).await
    }

    /// Makes the round that was written the running one; false where that try is over, or a chunk is missing.
    pub(super) async fn switch(
        &self,
        turn: &Turn,
        limits: DrawLimits,
        minimum: u8,
    ) -> Result<bool, LinkError> {
        let mut call = self.prepare(&self.shared.switch);
        call.arg(&turn.id.fence);
        call.arg(limits.players).arg(limits.points_max).arg(minimum);
        call.arg(turn.began_ms)
            .arg(as_ms(limits.every))
            .arg(as_ms(limits.rest));
        call.arg(as_ms(OLD_KEPT));
        self.shared.link.call(&call).await
    }

    /// What there is, but for the points.
    pub(super) async fn read(&self) -> Result<Snapshot, LinkError> {
        type Fields = Vec<String>;
        let call = self.prepare(&self.shared.read);
        let (now_ms, asked_s, making, round): (u64, u64, Fields, Fields) =
            self.shared.link.call(&call).await?;
        Ok(Snapshot {
            now_ms,
            asked_s,
            progress: progress(&making)?,
            head: head(&round)?,
        })
    }

    /// Reads so many chunks of a round, from that one on; nothing where one of them is gone.
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

    /// Takes note of a query.
    pub(super) async fn asked(&self, asked_s: u64) -> Result<(), LinkError> {
        let mut call = self.prepare(&self.shared.asked);
        call.arg(asked_s);
        self.shared.link.call(&call).await
    }

    /// Leads no more, and gives up what it makes.
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

fn head(fields: &[String]) -> Result<Option<Head>, LinkError> {
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
    let head = Head {
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
        false => Err(unreadable("a round's chunks are of another size")),
    }
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, LinkError> {
    // The text may be the minimum: it is not told.
    text.parse().map_err(|_| unreadable("a number of the draw"))
}

fn as_ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
