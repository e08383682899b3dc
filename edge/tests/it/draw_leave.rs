//! A maker that shuts down in the middle of a round leaves nothing of it, and one that cannot make it leaves it to others.

use crate::support::{
    CHUNK, Call, DEADLINE, DrawScript, DrawTruth, Gate, Hold, Kept, LAG, draw_on_call, eventually,
    start_engine_with, start_redis, until_report, until_round,
};
use edge::testing::RedisServer;
use edge::{Engine, Limits};
use std::time::{Duration, Instant};

/// A lease that no test waits for.
fn limits() -> Limits {
    Limits {
        redis_timeout: DEADLINE,
        beat_limit: Duration::from_secs(600),
        ..draw_on_call(2 * CHUNK + 1)
    }
}

/// A maker that stands before the second chunk of round 1, and another instance that sees it.
struct Stand {
    truth: DrawTruth,
    maker: Engine,
    gate: Gate,
    other: Engine,
    /// The fence of the round that is made.
    fence: String,
}

async fn stand(redis: &RedisServer) -> Stand {
    let truth = DrawTruth::of(redis).await;
    truth.load_scripts().await;
    let gate = Gate::before(redis).await;
    let maker = start_engine_with("ord", &gate.url(), limits());
    until_round(&maker, 0).await;
    let other = start_engine_with("fra", &redis.url(), limits());
    until_round(&other, 0).await;

    gate.hold(Hold::Alone, |call| DrawScript::is_chunk(call, 1));
    truth.make_due().await;
    gate.held().await;
    until_report(&other, "progress", |report| report.progress.is_some()).await;
    let fence = truth.hash("making").await["fence"].clone();
    Stand {
        truth,
        maker,
        gate,
        other,
        fence,
    }
}

/// The call of the second chunk under that fence, once it has passed the gate.
async fn late_chunk(gate: &Gate, fence: &str) -> Call {
    let find = || {
        let is_late = |call: &Call| {
            let args = DrawScript::Write.args(call);
            args.is_some_and(|args| args[2] == fence && args[3] == "1")
        };
        gate.calls().into_iter().find(is_late)
    };
    eventually("the late call", async || find().is_some()).await;
    find().unwrap()
}

#[tokio::test]
async fn another_makes_the_round_at_once_and_a_late_call_changes_nothing() {
    let redis = start_redis().await;
    let Stand {
        truth,
        maker,
        gate,
        other,
        fence,
    } = stand(&redis).await;

    maker.shutdown().await;
    let since = Instant::now();
    assert_eq!(until_round(&other, 1).await.round, 1);

    assert!(since.elapsed() < limits().beat_every + LAG);
    let running = truth.running().await.unwrap();
    assert_eq!(running.number, 1);
    assert!(running.fence.ends_with(other.instance()));
    let before = truth.all().await;
    gate.release();
    let late = late_chunk(&gate, &fence).await;
    truth.repeat(&late).await;
    assert!(truth.all().await == before, "something has changed");
    assert_eq!(truth.leader().await.as_deref(), Some(other.instance()));
    truth.make_due().await;
    assert_eq!(until_round(&other, 2).await.round, 2);
    truth.assert_answers(&other).await;
    let written = truth.written().await;
    assert!(written.keys().all(|(_, of)| *of != fence), "{written:?}");
    assert_eq!(truth.leader().await.as_deref(), Some(other.instance()));
    other.shutdown().await;
}

#[tokio::test]
async fn nobody_shows_how_far_it_was_and_a_late_call_takes_no_lease() {
    let redis = start_redis().await;
    let Stand {
        truth,
        maker,
        gate,
        other,
        fence,
    } = stand(&redis).await;
    // Nobody goes on with the round.
    let lease = DrawTruth::key("lease");
    let _: String = truth.run(&["SET", &lease, "nobody"]).await;

    maker.shutdown().await;

    until_report(&other, "no progress", |report| report.progress.is_none()).await;
    assert_eq!(other.draw().report().unwrap().round, 0);
    let written = truth.written().await;
    assert!(written.values().eq(&[Kept::Running]), "{written:?}");
    assert!(truth.hash("making").await.is_empty());
    // It took nobody's lease away, and what comes late takes none that is free.
    assert_eq!(truth.leader().await.as_deref(), Some("nobody"));
    let before = truth.all().await;
    gate.release();
    let late = late_chunk(&gate, &fence).await;
    truth.repeat(&late).await;
    assert!(truth.all().await == before, "something has changed");
    assert_eq!(truth.leader().await.as_deref(), Some("nobody"));

    let _: u32 = truth.run(&["DEL", &lease]).await;
    assert_eq!(until_round(&other, 1).await.round, 1);
    assert_eq!(truth.leader().await.as_deref(), Some(other.instance()));
    truth.assert_answers(&other).await;
    other.shutdown().await;
}

#[tokio::test]
async fn a_maker_that_cannot_write_leaves_the_round_to_another() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    truth.load_scripts().await;
    let gate = Gate::before(&redis).await;
    let maker = start_engine_with("ord", &gate.url(), limits());
    until_round(&maker, 0).await;
    let other = start_engine_with("fra", &redis.url(), limits());
    until_round(&other, 0).await;
    assert_eq!(truth.leader().await.as_deref(), Some(maker.instance()));

    gate.refuse(|call| DrawScript::is_chunk(call, 1));
    truth.make_due().await;

    for engine in [&maker, &other] {
        assert_eq!(until_round(engine, 1).await.round, 1);
        truth.assert_answers(engine).await;
    }
    let running = truth.running().await.unwrap();
    assert!(running.fence.ends_with(other.instance()), "{running:?}");
    let written = truth.written().await;
    assert_eq!(written.len(), 2, "{written:?}");
    maker.shutdown().await;
    other.shutdown().await;
}

#[tokio::test]
async fn a_lease_that_a_clock_set_back_made_longer_ends_as_soon_as_any() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    let lease = DrawTruth::key("lease");
    let _: String = truth.run(&["SET", &lease, "gone", "PX", "3600000"]).await;
    let engine = start_engine_with("ord", &redis.url(), draw_on_call(10));

    assert_eq!(until_round(&engine, 0).await.round, 0);

    assert_eq!(truth.leader().await.as_deref(), Some(engine.instance()));
    engine.shutdown().await;
}
