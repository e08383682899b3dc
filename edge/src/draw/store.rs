//! Calls the draw's scripts.

use super::Draw;
use super::head::{RoundHead, RoundId};
use crate::redis::{Bulk, Call, LinkError, Script, unreadable};
use protocol::DrawProgress;
use redis::FromRedisValue;
use std::sync::LazyLock;

/// The oldest that an answer of Redis can be when it is read, in seconds: the largest configurable time-out.
const ANSWER_MOST_S: u64 = 60;

/// A script of the draw, built when it is first called.
macro_rules! draw_script {
    ($file:literal) => {
        ::std::sync::LazyLock::new(|| {
            crate::redis::script!("../redis/time.lua", "prelude.lua", $file)
        })
    };
}
pub(super) use draw_script;

static READ: LazyLock<Script> = draw_script!("read.lua");
static ASKED: LazyLock<Script> = draw_script!("asked.lua");
static LEAVE: LazyLock<Script> = draw_script!("leave.lua");

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

impl Draw {
    /// Reads the state without the points.
    pub(super) async fn read(&self) -> Result<DrawSnapshot, LinkError> {
        type Fields = Vec<String>;
        let (now_ms, asked_s, making, round): (u64, u64, Fields, Fields) =
            self.call(&READ, |_| {}).await?;
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

    /// Records the last query.
    pub(super) async fn record_query(&self) -> Result<(), LinkError> {
        self.call(&ASKED, |call| {
            call.arg(self.asked_s());
        })
        .await
    }

    /// Releases the lease, abandons an unfinished round, and records the last query, after the tasks have ended.
    ///
    /// # Errors
    /// [`LinkError`]: the lease expires by itself.
    pub(crate) async fn leave(&self, instance: &str) -> Result<(), LinkError> {
        let released = self.call(&LEAVE, |call| {
            call.arg(instance);
        });
        let () = released.await?;
        self.record_query().await
    }

    /// Runs a script with these arguments.
    pub(super) async fn call<T: FromRedisValue>(
        &self,
        script: &Script,
        arguments: impl FnOnce(&mut Call<'_>),
    ) -> Result<T, LinkError> {
        let call = self.prepare(script, arguments);
        self.shared.link.call(&call).await
    }

    /// A call with the keys that the prelude names and these arguments.
    pub(super) fn prepare<'a>(
        &self,
        script: &'a Script,
        arguments: impl FnOnce(&mut Call<'_>),
    ) -> Call<'a> {
        let mut call = script.prepare();
        for key in &self.shared.keys {
            call.key(key);
        }
        arguments(&mut call);
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

pub(super) fn number<T: std::str::FromStr>(text: &str) -> Result<T, LinkError> {
    // The text may be the secret minimum: leave it out.
    text.parse().map_err(|_| unreadable("a number of the draw"))
}
