//! A maker that is killed in any phase of a round leaves one whole round, made by another.

use crate::support::{
    CHUNK, DEADLINE, DrawScript, DrawTruth, Gate, Hold, Instance, LAG, draw_on_call, eventually,
    start_engine_with, start_redis, until_round,
};
use edge::testing::RedisServer;
use edge::{Endpoint, Limits};
use std::time::{Duration, Instant};

const CHUNKS: u32 = 5;

/// How long it takes at most until another has taken over, with default limits.
const TAKEN_OVER: Duration = Duration::from_secs(10);

/// Where a maker is in its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The round is begun; the maker does not know yet.
    Begun,
    /// It knows, and has written nothing.
    Led,
    /// So many chunks are there; of the next it does not know whether it is.
    Written(usize),
    /// All chunks are there.
    Whole,
    /// The round runs; the maker does not know yet.
    Switched,
}

impl Phase {
    /// Lets the gate stop there.
    fn hold(self, gate: &Gate) {
        match self {
            Self::Begun => gate.hold(Hold::After, |call| DrawScript::Lead.is(call)),
            Self::Led => gate.hold(Hold::Before, |call| DrawScript::is_chunk(call, 0)),
            Self::Written(chunks) => {
                gate.hold(Hold::After, move |call| DrawScript::is_chunk(call, chunks));
            }
            Self::Whole => gate.hold(Hold::Before, |call| DrawScript::Switch.is(call)),
            Self::Switched => gate.hold(Hold::After, |call| DrawScript::Switch.is(call)),
        }
    }

    /// Waits until Redis holds what it does in this phase of round 1: a call that is held after Redis got it may still be
    /// on its way.
    async fn reached(self, truth: &DrawTruth) {
        let holds = async || {
            let making = truth.hash("making").await;
            let written = making.get("written").map(String::as_str);
            let running = truth.running().await.unwrap().number;
            match self {
                Self::Begun | Self::Led => written == Some("0"),
                Self::Written(chunks) => written == Some(&(chunks + 1).to_string()),
                Self::Whole => written == Some(&CHUNKS.to_string()) && running == 0,
                Self::Switched => written.is_none() && running == 1,
            }
        };
        eventually(&format!("{self:?}"), holds).await;
    }
}

fn limits() -> Limits {
    Limits {
        redis_timeout: DEADLINE,
        beat_limit: Duration::from_secs(1),
        ..draw_on_call(CHUNKS * CHUNK)
    }
}

/// A maker that stands in that phase of round 1.
async fn stand(redis: &RedisServer, phase: Phase, limits: Limits) -> (Instance, Gate) {
    let truth = DrawTruth::of(redis).await;
    truth.load_scripts().await;
    let gate = Gate::before(redis).await;
    let maker = Instance::start("ord", Endpoint::Url(gate.url()), limits);
    until_round(&maker, 0).await;
    gate.hold(Hold::Before, |call| DrawScript::Lead.is(call));
    gate.held().await;
    truth.make_due().await;
    phase.hold(&gate);
    gate.release();
    gate.held().await;
    phase.reached(&truth).await;
    (maker, gate)
}

async fn killed_in(phase: Phase) {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    let (maker, gate) = stand(&redis, phase, limits()).await;
    let left = truth.written().await;
    let abandoned = truth.hash("making").await.get("fence").cloned();

    maker.kill();
    drop(gate);
    let other = start_engine_with("fra", &redis.url(), limits());
    assert_eq!(until_round(&other, 1).await.round, 1);

    let running = truth.running().await.unwrap();
    assert_eq!(running.number, 1);
    assert_ne!(Some(&running.fence), abandoned.as_ref());
    let other_made_it = running.fence.ends_with(other.instance());
    assert_eq!(other_made_it, phase != Phase::Switched);
    truth.assert_answers(&other).await;
    let rounds = truth.rounds_made().await;
    assert!(rounds.keys().eq(&[0, 1]), "{rounds:?}");
    let written = truth.written().await;
    assert_eq!(written.len(), 2, "{written:?}, where there were {left:?}");
    assert!(truth.hash("making").await.is_empty());

    eventually("the lease", async || {
        truth.leader().await.as_deref() == Some(other.instance())
    })
    .await;
    truth.make_due().await;
    assert_eq!(until_round(&other, 2).await.round, 2);
    truth.assert_answers(&other).await;
    other.shutdown().await;
}

#[tokio::test]
async fn a_maker_killed_before_it_knows_that_it_makes_a_round() {
    killed_in(Phase::Begun).await;
}

#[tokio::test]
async fn a_maker_killed_before_it_has_written_anything() {
    killed_in(Phase::Led).await;
}

#[tokio::test]
async fn a_maker_killed_after_some_chunks() {
    killed_in(Phase::Written(0)).await;
    killed_in(Phase::Written(3)).await;
}

#[tokio::test]
async fn a_maker_killed_when_all_is_written() {
    killed_in(Phase::Written(CHUNKS as usize - 1)).await;
    killed_in(Phase::Whole).await;
}

#[tokio::test]
async fn a_maker_killed_before_it_knows_that_its_round_runs() {
    killed_in(Phase::Switched).await;
}

#[tokio::test]
async fn another_region_takes_over_within_ten_seconds() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    let defaults = Limits::default();
    let limits = Limits {
        redis_timeout: defaults.redis_timeout,
        beat_every: defaults.beat_every,
        beat_limit: defaults.beat_limit,
        ..limits()
    };
    let gate = Gate::before(&redis).await;
    truth.load_scripts().await;
    let maker = Instance::start("ord", Endpoint::Url(gate.url()), limits);
    until_round(&maker, 0).await;
    let others = ["fra", "syd"].map(|region| start_engine_with(region, &redis.url(), limits));
    for other in &others {
        until_round(other, 0).await;
    }

    gate.hold(Hold::Before, |call| DrawScript::is_chunk(call, 3));
    truth.make_due().await;
    gate.held().await;
    let since = Instant::now();
    maker.kill();
    drop(gate);

    let running = truth.until_running(1).await;
    assert!(since.elapsed() < TAKEN_OVER + LAG, "{:?}", since.elapsed());
    assert_eq!(running.number, 1);
    for other in &others {
        until_round(other, 1).await;
        truth.assert_answers(other).await;
    }
    assert_eq!(truth.written().await.len(), 2);
    for other in others {
        other.shutdown().await;
    }
}
