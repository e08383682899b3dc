//! A maker that wakes up late, and calls that come late, change nothing.

use crate::support::{
    CHUNK, Call, DEADLINE, DrawScript, DrawTruth, Gate, Hold, draw_on_call, eventually,
    start_engine_with, start_redis, until_round,
};
use edge::testing::RedisServer;
use edge::{Engine, Limits};
use std::time::Duration;

const CHUNKS: u32 = 3;

fn limits() -> Limits {
    Limits {
        redis_timeout: DEADLINE,
        beat_limit: Duration::from_secs(1),
        ..draw_on_call((CHUNKS - 1) * CHUNK + 5)
    }
}

/// An instance behind a gate.
async fn start(redis: &RedisServer, region: &str) -> (Engine, Gate) {
    start_with(redis, region, limits()).await
}

async fn start_with(redis: &RedisServer, region: &str, limits: Limits) -> (Engine, Gate) {
    let gate = Gate::before(redis).await;
    let engine = start_engine_with(region, &gate.url(), limits);
    until_round(&engine, 0).await;
    (engine, gate)
}

/// Makes the next round due, and waits until an instance answers for it.
async fn next_round(truth: &DrawTruth, engine: &Engine) {
    let number = truth.running().await.unwrap().number + 1;
    truth.make_due().await;
    assert_eq!(until_round(engine, number).await.round, number);
}

/// Calls that write, as they passed that gate.
fn writes(gate: &Gate) -> Vec<Call> {
    let mut calls = gate.calls();
    calls.retain(|call| DrawScript::Write.is(call) || DrawScript::Switch.is(call));
    calls
}

/// Whoever pauses there wakes up two rounds later.
async fn paused(hold: Hold, at: impl Fn(&Call) -> bool + Send + 'static) {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    truth.load_scripts().await;
    let (paused, gate) = start(&redis, "ord").await;

    gate.hold(hold, at);
    truth.make_due().await;
    gate.held().await;
    let (other, _) = &start(&redis, "fra").await;
    // It is for the other to make the next ones, when the lease has lapsed.
    eventually("another leader", async || {
        truth.leader().await.as_deref() == Some(other.instance())
    })
    .await;
    let running = until_round(other, 1).await.round;
    next_round(&truth, other).await;
    next_round(&truth, other).await;
    let before = truth.all().await;

    gate.release();
    // It comes to itself, loads what runs, and would make rounds where it could.
    until_round(&paused, running + 2).await;
    let looks = || {
        let calls = gate.calls();
        calls.iter().filter(|c| DrawScript::Lead.is(c)).count()
    };
    let looked = looks();
    eventually("two more looks of it", async || looks() > looked + 1).await;

    assert!(truth.all().await == before, "something has changed");
    for engine in [&paused, other] {
        assert_eq!(truth.assert_answers(engine).await, running + 2);
    }
    next_round(&truth, other).await;
    until_round(&paused, running + 3).await;
    truth.assert_answers(&paused).await;
    // Nor does it stand in the way, and it leads again when it is its turn.
    other.shutdown().await;
    next_round(&truth, &paused).await;
    truth.assert_answers(&paused).await;
    paused.shutdown().await;
}

#[tokio::test]
async fn a_maker_that_wakes_up_before_its_first_chunk() {
    paused(Hold::Before, |call| DrawScript::is_chunk(call, 0)).await;
}

#[tokio::test]
async fn a_maker_that_wakes_up_in_the_middle_of_its_chunks() {
    paused(Hold::Before, |call| DrawScript::is_chunk(call, 1)).await;
    paused(Hold::After, |call| DrawScript::is_chunk(call, 1)).await;
}

#[tokio::test]
async fn a_maker_that_wakes_up_before_it_switches() {
    paused(Hold::Before, |call| DrawScript::Switch.is(call)).await;
}

#[tokio::test]
async fn a_maker_that_wakes_up_after_it_has_switched() {
    paused(Hold::After, |call| DrawScript::Switch.is(call)).await;
}

#[tokio::test]
async fn calls_of_all_earlier_rounds_that_come_late_change_nothing() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    truth.load_scripts().await;
    let (first, gate) = start(&redis, "ord").await;
    next_round(&truth, &first).await;
    // A try that comes to nothing.
    gate.hold(Hold::Before, |call| DrawScript::Switch.is(call));
    truth.make_due().await;
    gate.held().await;
    let (second, second_gate) = start(&redis, "fra").await;
    until_round(&second, 2).await;
    gate.release();
    until_round(&first, 2).await;
    first.shutdown().await;
    let late = [writes(&gate), writes(&second_gate)].concat();
    let switches = late.iter().filter(|call| DrawScript::Switch.is(call));
    assert_eq!(switches.count(), 4);
    assert_eq!(late.len(), 4 * (CHUNKS as usize + 1));
    let before = truth.all().await;

    // Those of the running round are among them, and every switch comes before and after all writes.
    for call in late.iter().chain(late.iter().rev()) {
        truth.repeat(call).await;
        assert!(truth.all().await == before, "{:?}", shown(call));
    }

    truth.assert_answers(&second).await;
    next_round(&truth, &second).await;
    truth.assert_answers(&second).await;
    second.shutdown().await;
}

/// Limits under which nobody loses the lease by being held up.
fn unhurried() -> Limits {
    Limits {
        beat_limit: DEADLINE,
        ..limits()
    }
}

#[tokio::test]
async fn calls_that_come_late_do_not_touch_the_round_that_is_made() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    truth.load_scripts().await;
    let (first, first_gate) = start_with(&redis, "ord", unhurried()).await;
    next_round(&truth, &first).await;
    first.shutdown().await;
    let (engine, gate) = start_with(&redis, "fra", unhurried()).await;
    next_round(&truth, &engine).await;
    let mut late = [first_gate.calls(), writes(&gate)].concat();
    late.retain(|call| DrawScript::ALL.iter().any(|script| script.is(call)));
    gate.hold(Hold::Before, |call| DrawScript::is_chunk(call, 2));
    truth.make_due().await;
    gate.held().await;
    let before = truth.all().await;
    assert_eq!(truth.hash("making").await["written"], "2");

    for call in late.iter().chain(late.iter().rev()) {
        truth.repeat(call).await;
        assert!(truth.all().await == before, "{:?}", shown(call));
    }

    gate.release();
    assert_eq!(until_round(&engine, 3).await.round, 3);
    truth.assert_answers(&engine).await;
    engine.shutdown().await;
}

#[tokio::test]
async fn a_maker_whose_own_look_comes_late_makes_the_round_anew() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    truth.load_scripts().await;
    let (engine, gate) = start_with(&redis, "fra", unhurried()).await;
    gate.hold(Hold::Before, |call| DrawScript::Switch.is(call));
    truth.make_due().await;
    gate.held().await;
    let abandoned = truth.hash("making").await["fence"].clone();

    let mut calls = gate.calls();
    calls.retain(|call| DrawScript::Lead.is(call));
    truth.repeat(calls.last().unwrap()).await;
    assert_ne!(truth.hash("making").await["fence"], abandoned);
    gate.release();

    assert_eq!(until_round(&engine, 1).await.round, 1);
    truth.assert_answers(&engine).await;
    let written = truth.written().await;
    assert!(written.keys().all(|(_, fence)| *fence != abandoned));
    engine.shutdown().await;
}

/// A call without its points.
fn shown(call: &Call) -> Option<Vec<String>> {
    let mut args = DrawScript::Write
        .args(call)
        .or_else(|| DrawScript::Switch.args(call))?;
    args.retain(|arg| arg.len() < 100);
    Some(args)
}
