//! A line that is narrow or long carries rounds that need far longer than any other call.

use crate::support::{
    CHUNK, DrawScript, DrawTruth, Gate, Hold, draw_on_call, start_engine_with, start_redis,
    until_round,
};
use edge::Limits;
use edge::testing::Proxy;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

/// What a chunk of a round, or four of them at a time, exceed by far on the narrow line.
const TIMEOUT: Duration = Duration::from_millis(300);
/// What a call for a round may take by itself.
const OWN_TIMEOUT: Duration = Duration::from_secs(30);
/// Bytes a second: a chunk takes a second.
const NARROW: u32 = CHUNK;

fn limits() -> Limits {
    Limits {
        redis_timeout: TIMEOUT,
        ..draw_on_call(2 * CHUNK)
    }
}

#[tokio::test]
async fn rounds_are_made_and_loaded_over_a_narrow_line() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    let proxy = Proxy::start(&redis.url()).unwrap();
    proxy.narrow(NonZeroU32::new(NARROW).unwrap());
    let begun = Instant::now();

    let engine = start_engine_with("ord", &proxy.url(), limits());
    until_round(&engine, 0).await;
    assert!(begun.elapsed() > 4 * TIMEOUT, "the line is not narrow");
    truth.make_due().await;
    until_round(&engine, 1).await;

    truth.assert_answers(&engine).await;
    assert_eq!(truth.rounds_made().await.len(), 2, "each at the first try");
    engine.shutdown().await;
}

#[tokio::test]
async fn a_line_that_swallows_a_round_is_given_up_as_soon_as_the_common_one_breaks() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    let gate = Gate::before(&redis).await;
    let maker = start_engine_with("fra", &redis.url(), limits());
    until_round(&maker, 0).await;
    let engine = start_engine_with("ord", &gate.url(), limits());
    until_round(&engine, 0).await;
    gate.hold(Hold::Alone, |call| DrawScript::is_load(call, 1));
    truth.make_due().await;
    gate.held().await;
    let held = Instant::now();

    let _: u32 = truth.run(&["CLIENT", "KILL", "TYPE", "pubsub"]).await;

    assert_eq!(until_round(&engine, 1).await.round, 1);
    truth.assert_answers(&engine).await;
    assert!(held.elapsed() < OWN_TIMEOUT, "it waited for the answer");
    engine.shutdown().await;
    maker.shutdown().await;
}
