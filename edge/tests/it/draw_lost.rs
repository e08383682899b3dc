//! What Redis has lost: numbers and fences are not given again, and instances look on.

use crate::support::{
    CHUNK, DEADLINE, DrawScript, DrawTruth, Gate, Hold, all_points, draw_every, draw_on_call,
    eventually, fence_number, start_engine_with, start_redis, until_report, until_round,
};
use edge::testing::RedisServer;
use edge::{DrawError, DrawLimits, Engine, Limits};
use std::time::Duration;

/// Limits under which nobody gives up a call.
fn patient(players: u32) -> Limits {
    Limits {
        redis_timeout: DEADLINE,
        ..draw_on_call(players)
    }
}

/// An instance behind a gate, with a round.
async fn start(redis: &RedisServer, region: &str, players: u32) -> (Engine, Gate) {
    let gate = Gate::before(redis).await;
    let engine = start_engine_with(region, &gate.url(), patient(players));
    until_round(&engine, 0).await;
    (engine, gate)
}

/// Waits until the instance answers from that round, be it an earlier one.
async fn in_round(engine: &Engine, number: u64) {
    let what = format!("round {number}");
    until_report(engine, &what, |report| report.round == number).await;
}

/// Lets Redis lose a round that all were about to load; then that instance makes the next one.
async fn lost_before_it_is_loaded(by_its_maker: bool) {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    truth.load_scripts().await;
    let (maker, maker_gate) = start(&redis, "ord", CHUNK + 1).await;
    let (other, other_gate) = start(&redis, "fra", CHUNK + 1).await;
    truth.make_due().await;
    for engine in [&maker, &other] {
        until_round(engine, 1).await;
    }
    let older = truth.all().await;
    for gate in [&maker_gate, &other_gate] {
        gate.hold(Hold::Before, |call| DrawScript::is_load(call, 2));
    }
    truth.make_due().await;
    maker_gate.held().await;
    other_gate.held().await;
    let lost = truth.running().await.unwrap();
    assert!(lost.fence.ends_with(maker.instance()));
    let lost_points = truth.points(2, &lost.fence).await;

    truth.restore(&older).await;
    let next = if by_its_maker { &maker } else { &other };
    let lease = DrawTruth::key("lease");
    let _: String = truth
        .run(&["SET", &lease, next.instance(), "PX", "600000"])
        .await;
    truth.make_due().await;
    maker_gate.release();
    other_gate.release();

    for engine in [&maker, &other] {
        in_round(engine, 2).await;
        truth.assert_answers(engine).await;
    }
    let running = truth.running().await.unwrap();
    assert!(running.fence.ends_with(next.instance()), "{running:?}");
    assert_ne!(running.fence, lost.fence);
    assert!(all_points(maker.draw()).1 != lost_points);
    assert!(all_points(other.draw()) == all_points(maker.draw()));
    maker.shutdown().await;
    other.shutdown().await;
}

#[tokio::test]
async fn a_lost_round_that_nobody_had_loaded_comes_again_under_another_fence() {
    lost_before_it_is_loaded(true).await;
    lost_before_it_is_loaded(false).await;
}

#[tokio::test]
async fn a_fresh_leader_of_an_emptied_redis_hears_what_others_remember() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    truth.load_scripts().await;
    let (old, gate) = start(&redis, "ord", 1_000).await;
    for number in 1..=3 {
        truth.make_due().await;
        until_round(&old, number).await;
    }
    let before = truth.running().await.unwrap();
    gate.hold(Hold::Before, |call| DrawScript::Lead.is(call));
    gate.held().await;

    let _: String = truth.run(&["FLUSHALL"]).await;
    let fresh = start_engine_with("fra", &redis.url(), patient(1_000));
    assert_eq!(until_round(&fresh, 0).await.round, 0);
    gate.release();
    // What there is comes first, for all.
    in_round(&old, 0).await;
    let seen = async || truth.hash("fence").await["number"] == "3";
    eventually("what the other remembers", seen).await;
    assert_eq!(truth.leader().await.as_deref(), Some(fresh.instance()));
    truth.make_due().await;

    let running = truth.until_running(1).await;
    assert_eq!(running.number, 4);
    assert!(fence_number(&running.fence) > fence_number(&before.fence));
    assert!(running.fence.ends_with(fresh.instance()));
    for engine in [&old, &fresh] {
        in_round(engine, 4).await;
        truth.assert_answers(engine).await;
    }
    old.shutdown().await;
    fresh.shutdown().await;
}

#[tokio::test]
async fn one_that_starts_with_a_chunk_lost_looks_on_and_has_the_next_round() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    truth.load_scripts().await;
    let first = start_engine_with("ord", &redis.url(), patient(CHUNK * 2));
    until_round(&first, 0).await;
    truth.make_due().await;
    until_round(&first, 1).await;
    let fence = truth.running().await.unwrap().fence;
    let lost = DrawTruth::key(&format!("points:1:{fence}:1"));
    assert_eq!(truth.run::<u32>(&["DEL", &lost]).await, 1);

    let gate = Gate::before(&redis).await;
    let fresh = start_engine_with("fra", &gate.url(), patient(CHUNK * 2));
    eventually("a second try", async || {
        let calls = gate.calls();
        let loads = calls.iter().filter(|call| DrawScript::is_load(call, 1));
        loads.count() > 1
    })
    .await;
    let mut changes = fresh.draw().changes();
    first.draw().ask().unwrap();
    // It hears of the query, which is all that there is to hear.
    changes.changed().await.unwrap();
    assert!(!fresh.draw().is_ready());
    assert_eq!(fresh.draw().ask().unwrap_err(), DrawError::NotReady);
    assert_eq!(fresh.draw().report().unwrap_err(), DrawError::NotReady);
    // Who holds the round answers on.
    assert_eq!(all_points(first.draw()).0, 1);
    let asked = first.draw().news().unwrap().asked_at;

    truth.make_due().await;
    assert_eq!(until_round(&fresh, 2).await.round, 2);
    assert_eq!(fresh.draw().news().unwrap().asked_at, asked);
    truth.assert_answers(&fresh).await;
    first.shutdown().await;
    fresh.shutdown().await;
}

#[tokio::test]
async fn a_clock_that_was_set_back_does_not_hold_up_the_next_round() {
    const LONGER: Duration = Duration::from_secs(7200);
    for (every, rest) in [
        (LONGER, Duration::from_secs(60)),
        (Duration::from_secs(60), LONGER),
    ] {
        let redis = start_redis().await;
        let truth = DrawTruth::of(&redis).await;
        let limits = draw_every(10, every);
        let draw = DrawLimits {
            rest,
            ..limits.draw
        };
        let engine = start_engine_with("ord", &redis.url(), Limits { draw, ..limits });
        until_round(&engine, 0).await;
        let before = truth.running().await.unwrap();

        let next_at = engine.draw().report().unwrap().next_at;
        let far = (before.next_ms + 1_000_000_000).to_string();
        let round = DrawTruth::key("round");
        let _: u32 = truth.run(&["HSET", &round, "next_ms", &far]).await;
        let longer_ms = LONGER.as_millis() as u64;
        let next_ms = async || truth.running().await.unwrap().next_ms;
        eventually("a time within reach", async || {
            let next_ms = next_ms().await;
            let (seconds, _): (u64, u64) = truth.run(&["TIME"]).await;
            next_ms <= (seconds + 1) * 1_000 + longer_ms
        })
        .await;

        eventually("the time is told", async || {
            engine.draw().report().unwrap().next_at != next_at
        })
        .await;
        // Beyond that it is as it was: no round comes for it.
        assert!(next_ms().await >= before.started_ms + longer_ms);
        let same = truth.running().await.unwrap();
        assert_eq!((same.number, &same.fence), (0, &before.fence));
        engine.shutdown().await;
    }
}
