//! One instance at a time makes rounds, and each of them once.

use crate::support::{
    CHUNK, DEADLINE, DrawScript, DrawTruth, Gate, Hold, LAG, config, draw_every, draw_on_call,
    eventually, fence_number, link_to, metrics, ready, start_engine_with, start_redis, until_round,
};
use edge::{DrawLimits, Endpoint, Engine, Limits, Metrics};
use std::time::{Duration, Instant};

/// The draw's round every so often, but a lease that a moment's inattention loses.
fn slippery(every: Duration) -> Limits {
    Limits {
        // No answer is given up: what was done is known.
        redis_timeout: DEADLINE,
        beat_every: Duration::from_millis(5),
        beat_limit: Duration::from_millis(15),
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
    let limits = slippery(Duration::from_millis(20));
    let instances = ["ord", "fra", "syd"].map(|region| start(region, redis.url(), limits));

    let mut leaders = Vec::new();
    for number in 0..60 {
        for (engine, _) in &instances {
            until_round(engine, number).await;
        }
        leaders.extend(truth.leader().await);
        // The leader comes to nothing for a while, as if it were busy.
        if number % 5 == 0 {
            let _: u32 = truth.run(&["DEL", &DrawTruth::key("lease")]).await;
        }
    }
    for (engine, _) in &instances {
        engine.shutdown().await;
    }

    let rounds = truth.rounds_made().await;
    let last = truth.running().await.unwrap();
    assert!(rounds.keys().copied().eq(0..=last.number), "{rounds:?}");
    let made = instances.iter().map(|(_, own)| own.draw_rounds_made.get());
    assert_eq!(made.sum::<u64>(), last.number + 1);
    let fences: Vec<_> = rounds.values().map(|fence| fence_number(fence)).collect();
    assert!(fences.is_sorted(), "{fences:?}");
    for (engine, _) in &instances {
        truth.assert_answers(engine).await;
    }
    leaders.sort();
    leaders.dedup();
    assert!(leaders.len() > 1, "always the same one");
}

#[tokio::test]
async fn whoever_leads_goes_on_while_it_lives() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    let limits = Limits {
        beat_limit: Duration::from_secs(2),
        ..draw_on_call(1_000)
    };
    let (first, _) = start("ord", redis.url(), limits);
    until_round(&first, 0).await;
    let (second, made_there) = start("fra", redis.url(), limits);
    let begun = Instant::now();

    // Longer than a lease lasts, and with no round to make: it is renewed all the same.
    while begun.elapsed() < limits.beat_limit * 3 {
        let leader = truth.leader().await;
        assert_eq!(leader.as_deref(), Some(first.instance()));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }

    truth.make_due().await;
    until_round(&second, 1).await;
    assert_eq!(made_there.draw_rounds_made.get(), 0);
    first.shutdown().await;
    second.shutdown().await;
}

#[tokio::test]
async fn a_round_that_takes_longer_than_the_lease_is_made_by_one() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    let link = link_to(&redis);
    let limits = Limits {
        redis_timeout: DEADLINE,
        beat_limit: Duration::from_secs(2),
        ..draw_on_call(8 * CHUNK)
    };
    let (slow, made) = start("ord", link.url(), limits);
    until_round(&slow, 0).await;
    let (other, made_there) = start("fra", redis.url(), limits);
    until_round(&other, 0).await;
    let fence = truth.running().await.unwrap().fence;

    // Each chunk takes so long; all of them more than twice the lease.
    link.delay(Duration::from_millis(600));
    truth.make_due().await;
    until_round(&other, 1).await;
    link.restore();

    let running = truth.running().await.unwrap();
    assert!(running.started_ms - running.began_ms > 4_000, "{running:?}");
    assert_eq!(fence_number(&running.fence), fence_number(&fence) + 1);
    assert!(running.fence.ends_with(slow.instance()));
    eventually("an answer", async || made.draw_rounds_made.get() == 2).await;
    assert_eq!(made_there.draw_rounds_made.get(), 0);
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
        let limits = slippery(Duration::from_millis(50));
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
