//! What clicks leave behind, and that they count once all the same.

use crate::support::{
    Truth, all_agree, all_ready, eventually, impatient, link_to, ready_engine, start_engine_with,
    start_redis, until,
};
use edge::{ClickError, ClickSource, Limits};
use protocol::Step;
use std::time::Duration;

fn key() -> ClickSource {
    ClickSource::idempotency_key("ann", "a")
}

/// Limits under which keys are forgotten soon.
fn forgetful() -> Limits {
    Limits {
        click_keys_for: Duration::from_secs(1),
        ..impatient()
    }
}

/// The keys of clicks.
async fn remembered(truth: &mut Truth) -> Vec<String> {
    truth.run(&["KEYS", "*:seq:*"]).await
}

#[tokio::test]
async fn keys_of_clicks_live_for_minutes_and_clicks_without_one_leave_none() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let mut truth = Truth::of(&redis).await;

    for _ in 0..3 {
        let once = ClickSource::once();
        one.click_once(once, Step::Up).await.unwrap();
    }
    assert!(remembered(&mut truth).await.is_empty());
    one.click_once(key(), Step::Up).await.unwrap();

    let [left] = &remembered(&mut truth).await[..] else {
        panic!("one key");
    };
    let ttl_s: i64 = truth.run(&["TTL", left]).await;
    assert!((1..=600).contains(&ttl_s), "{ttl_s}");
    one.shutdown().await;
}

#[tokio::test]
async fn a_batch_whose_reply_was_lost_counts_once_though_its_key_is_forgotten() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let one = start_engine_with("fra", &link.url(), forgetful());
    all_ready(&[&one]).await;
    let mut truth = Truth::of(&redis).await;
    let mut clicks = 0;

    // The reply that is lost may be that to another call, which was first.
    let waiting = loop {
        let engine = one.clone();
        let source = ClickSource::idempotency_key("ann", &clicks.to_string());
        link.drop_replies();
        let both = tokio::spawn(async move {
            let once = ClickSource::once();
            tokio::join!(
                engine.click_once(source, Step::Up),
                engine.click_once(once, Step::Up)
            )
        });
        eventually("the loss of a reply", async || !one.mirror().is_current()).await;
        clicks += 2;
        if truth.clicks().await == clicks {
            break both;
        }
        link.restore();
        let (keyed, once) = both.await.unwrap();
        assert!(keyed.is_ok() && once.is_ok());
    };
    eventually("a forgotten key", async || {
        let mut truth = Truth::of(&redis).await;
        remembered(&mut truth).await.is_empty()
    })
    .await;
    link.restore();
    let (keyed, once) = waiting.await.unwrap();

    assert!(keyed.is_ok() && once.is_ok(), "{keyed:?} {once:?}");
    assert_eq!(truth.clicks().await, clicks);
    all_agree(&redis, &[&one]).await;
    one.shutdown().await;
}

#[tokio::test]
async fn a_click_that_another_instance_may_have_counted_and_forgotten_is_refused() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let one = start_engine_with("fra", &link.url(), forgetful());
    let two = start_engine_with("ord", &redis.url(), forgetful());
    all_ready(&[&one, &two]).await;

    link.freeze();
    let elsewhere = async {
        // The first has taken it by then: the call that cannot be sent keeps it waiting.
        tokio::task::yield_now().await;
        two.click_once(key(), Step::Up).await.unwrap();
        eventually("a forgotten key", async || {
            let mut truth = Truth::of(&redis).await;
            remembered(&mut truth).await.is_empty()
        })
        .await;
        link.cut();
        link.restore();
    };
    let (late, ()) = tokio::join!(one.click_once(key(), Step::Up), elsewhere);

    assert_eq!(late, Err(ClickError::Late));
    until(&one, "the one click", |world| world.clicks() == 1).await;
    let again = one.click_once(key(), Step::Up).await;
    assert!(again.is_ok(), "another try is a click: {again:?}");
    all_agree(&redis, &[&one, &two]).await;
    one.shutdown().await;
    two.shutdown().await;
}
