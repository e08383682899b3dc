//! One instance at a time makes rounds, and each of them once.

use crate::support::{
    CHUNK, DEADLINE, DrawScript, DrawTruth, Gate, Hold, LAG, config, draw_every, draw_on_call,
    eventually, fence_number, metrics, ready, start_engine_with, start_redis, until_round,
};
use edge::{DrawLimits, Endpoint, Engine, Limits, Metrics};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// A round every so often, and many looks at whose it is to make.
fn contested(every: Duration) -> Limits {
    Limits {
        beat_every: Duration::from_millis(5),
        // No shorter: to draw the points of a chunk takes a busy machine a while, in which nothing renews the lease.
        beat_limit: Duration::from_secs(1),
        ..draw_every(CHUNK + 1, every)
    }
}

/// Starts an instance with figures of its own.
fn start(region: &str, url: String, limits: Limits) -> (Engine, Metrics) {
    let metrics = metrics();
    let config = config(region, Endpoint::Url(url), limits);
    (Engine::start(config, metrics.clone()).unwrap(), metrics)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_round_is_made_once_while_the_lease_goes_round() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    let limits = contested(Duration::from_millis(20));
    let instances = ["ord", "fra", "syd"].map(|region| start(region, redis.url(), limits));

    let mut leaders = Vec::new();
    let mut rounds = BTreeMap::new();
    for number in 0..60 {
        for (engine, _) in &instances {
            until_round(engine, number).await;
        }
        // Redis does not keep what was made for the whole test.
        truth.note_rounds(&mut rounds).await;
        leaders.extend(truth.leader().await);
        // As if the leader had been busy, wherever it is in a round.
        let _: u32 = truth.run(&["DEL", &DrawTruth::key("lease")]).await;
    }
    // A shutdown may drop the answer to a switch: let the last one come.
    truth.end_rounds().await;
    let last = truth.running().await.unwrap();
    let made = || {
        let made = instances.iter().map(|(_, own)| own.draw.rounds_made.get());
        made.sum::<u64>()
    };
    eventually("all answers", async || made() > last.number).await;
    for (engine, _) in &instances {
        engine.shutdown().await;
    }

    assert_eq!(truth.running().await.unwrap(), last);
    truth.note_rounds(&mut rounds).await;
    assert!(rounds.keys().copied().eq(0..=last.number), "{rounds:?}");
    assert_eq!(made(), last.number + 1);
    let fences: Vec<_> = rounds.values().map(|fence| fence_number(fence)).collect();
    assert!(fences.is_sorted(), "{fences:?}");
    for (engine, _) in &instances {
        truth.assert_answers(engine).await;
    }
    leaders.sort();
    leaders.dedup();
    assert!(leaders.len() > 1, "always the same one");
}

/// Limits under which nobody loses the lease by being held up.
fn unhurried(players: u32) -> Limits {
    Limits {
        redis_timeout: DEADLINE,
        beat_limit: DEADLINE * 2,
        ..draw_on_call(players)
    }
}

#[tokio::test]
async fn whoever_leads_goes_on_while_it_lives() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    let limits = unhurried(1_000);
    let (first, _) = start("ord", redis.url(), limits);
    until_round(&first, 0).await;
    let (second, made_there) = start("fra", redis.url(), limits);
    until_round(&second, 0).await;

    // With no round to make it is renewed all the same.
    for _ in 0..5 {
        truth.shorten_lease(DEADLINE).await;
        eventually("a longer lease", async || {
            truth.lease_left().await > DEADLINE
        })
        .await;
        let leader = truth.leader().await;
        assert_eq!(leader.as_deref(), Some(first.instance()));
    }

    truth.make_due().await;
    until_round(&second, 1).await;
    assert_eq!(made_there.draw.rounds_made.get(), 0);
    first.shutdown().await;
    second.shutdown().await;
}

#[tokio::test]
async fn each_chunk_renews_the_lease_so_that_one_makes_a_round_that_takes_long() {
    const CHUNKS: u32 = 5;
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    truth.load_scripts().await;
    let gate = Gate::before(&redis).await;
    let limits = unhurried(CHUNKS * CHUNK);
    let (slow, made) = start("ord", gate.url(), limits);
    until_round(&slow, 0).await;
    let (other, made_there) = start("fra", redis.url(), limits);
    until_round(&other, 0).await;
    let fence = truth.running().await.unwrap().fence;

    gate.hold(Hold::Before, |call| DrawScript::is_chunk(call, 0));
    truth.make_due().await;
    for chunk in 1..CHUNKS as usize {
        gate.held().await;
        // As if all that time had passed.
        truth.shorten_lease(DEADLINE).await;
        gate.hold(Hold::Before, move |call| DrawScript::is_chunk(call, chunk));
        gate.release();
        gate.held().await;
        assert!(truth.lease_left().await > DEADLINE, "chunk {chunk}");
        let leader = truth.leader().await;
        assert_eq!(leader.as_deref(), Some(slow.instance()));
    }
    gate.release();
    until_round(&other, 1).await;

    let running = truth.running().await.unwrap();
    assert_eq!(fence_number(&running.fence), fence_number(&fence) + 1);
    assert!(running.fence.ends_with(slow.instance()));
    eventually("an answer", async || made.draw.rounds_made.get() == 2).await;
    assert_eq!(made_there.draw.rounds_made.get(), 0);
    slow.shutdown().await;
    other.shutdown().await;
}

#[tokio::test]
async fn a_leader_that_shuts_down_hands_over_at_once() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    let limits = Limits {
        // Far longer than the test waits.
        beat_limit: Duration::from_secs(600),
        ..draw_on_call(1_000)
    };
    let first = start_engine_with("ord", &redis.url(), limits);
    until_round(&first, 0).await;
    let second = start_engine_with("fra", &redis.url(), limits);
    until_round(&second, 0).await;
    ready(&second).await;

    first.shutdown().await;
    let since = Instant::now();
    truth.make_due().await;
    until_round(&second, 1).await;

    assert!(since.elapsed() < limits.beat_every + LAG);
    assert_eq!(truth.leader().await.as_deref(), Some(second.instance()));
    // One that does not lead takes the lease from nobody.
    let third = start_engine_with("syd", &redis.url(), limits);
    until_round(&third, 1).await;
    third.shutdown().await;
    assert_eq!(truth.leader().await.as_deref(), Some(second.instance()));
    second.shutdown().await;
    assert_eq!(truth.leader().await, None);
}

#[tokio::test]
async fn a_round_without_one_of_its_chunks_is_made_anew() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    truth.load_scripts().await;
    let gate = Gate::before(&redis).await;
    let limits = Limits {
        redis_timeout: DEADLINE,
        ..draw_on_call(2 * CHUNK + 1)
    };
    let engine = start_engine_with("ord", &gate.url(), limits);
    until_round(&engine, 0).await;
    let before = truth.running().await.unwrap();

    for chunk in 0..3 {
        gate.hold(Hold::Before, |call| DrawScript::Switch.is(call));
        truth.make_due().await;
        gate.held().await;
        let making = truth.hash("making").await;
        let (number, fence) = (&making["number"], &making["fence"]);
        let lost = DrawTruth::key(&format!("points:{number}:{fence}:{chunk}"));
        let gone: u32 = truth.run(&["DEL", &lost]).await;
        assert_eq!(gone, 1);
        gate.release();

        let number = before.number + chunk + 1;
        assert_eq!(until_round(&engine, number).await.round, number);
        let running = truth.running().await.unwrap();
        assert_ne!(&running.fence, fence);
        truth.assert_answers(&engine).await;
    }
    engine.shutdown().await;
}

#[tokio::test]
async fn limits_of_two_instances_do_not_mix() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    let limits = |players, points_max| {
        let limits = contested(Duration::from_millis(50));
        let draw = DrawLimits {
            players,
            points_max,
            ..limits.draw
        };
        Limits { draw, ..limits }
    };
    let few = start_engine_with("ord", &redis.url(), limits(10, 1));
    let many = start_engine_with("fra", &redis.url(), limits(CHUNK + 9, 200));

    for number in 0..30 {
        for engine in [&few, &many] {
            let report = until_round(engine, number).await;
            let of = (report.players, report.histogram.len());
            assert!([(10, 2), (CHUNK + 9, 201)].contains(&of), "{of:?}");
            assert_eq!(report.histogram.iter().sum::<u32>(), report.players);
        }
        let _: u32 = truth.run(&["DEL", &DrawTruth::key("lease")]).await;
    }

    few.shutdown().await;
    many.shutdown().await;
}
