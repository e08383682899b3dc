//! Every click counts once.

use crate::support::{
    AnyRedis, Crowd, Tab, Truth, all_agree, all_ready, eventually, impatient, link_to, ready,
    start_engine, start_engine_with, start_redis, until,
};
use edge::testing::Proxy;
use edge::{ClickError, ClickSource, Limits};
use protocol::Step;
use std::time::Duration;

pub async fn two_instances_of_one_region_add_up(redis: &impl AnyRedis) {
    let one = start_engine("fra", &redis.url());
    let two = start_engine("fra", &redis.url());
    all_ready(&[&one, &two]).await;
    let mut ann = Tab::open(&one, "ann");
    let mut bob = Tab::open(&two, "bob");

    ann.click_up(3);
    bob.click_up(4);
    ann.settled().await;
    bob.settled().await;

    for engine in [&one, &two] {
        let world = until(engine, "seven clicks", |world| world.clicks() == 7).await;
        assert_eq!(world.regions[0].instances, 2);
    }
    one.shutdown().await;
    two.shutdown().await;
}

#[tokio::test]
async fn a_click_whose_reply_was_lost_counts_once() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let one = start_engine_with("fra", &link.url(), impatient());
    let mut ann = Tab::open(&one, "ann");
    ready(&one).await;

    for _ in 0..5 {
        link.drop_replies();
        ann.click_up(7);
        eventually("the loss of a reply", async || !one.mirror().is_current()).await;
        link.restore();
        ann.settled().await;
    }

    until(&one, "35 clicks", |world| world.clicks() == 35).await;
    all_agree(&redis, &[&one]).await;
    one.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_that_fail_in_every_way_lose_and_double_nothing() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let limits = Limits {
        // A frozen link is noticed by nothing else.
        redis_timeout: Duration::from_secs(1),
        ..impatient()
    };
    let one = start_engine_with("fra", &link.url(), limits);
    let two = start_engine_with("ord", &redis.url(), impatient());
    all_ready(&[&one, &two]).await;
    let crowd = Crowd::gather(&[&one, &two], 8);

    let failures = [Proxy::cut, Proxy::drop_replies, Proxy::freeze];
    for fail in failures.iter().cycle().take(9) {
        crowd.click_on(200).await;
        fail(&link);
        crowd.click_on(50).await;
        eventually("a failure that is noticed", async || {
            !one.mirror().is_current()
        })
        .await;
        link.restore();
    }
    let tabs = crowd.settle().await;

    let sum: i64 = tabs.iter().map(Tab::sum).sum();
    until(&two, "all clicks", |world| world.clicks() == sum).await;
    all_agree(&redis, &[&one, &two]).await;
    one.shutdown().await;
    two.shutdown().await;
}

#[tokio::test]
async fn what_is_sent_again_on_another_instance_counts_once() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let one = start_engine_with("fra", &link.url(), Limits::default());
    let two = start_engine_with("ord", &redis.url(), impatient());
    let mut ann = Tab::open(&one, "ann");
    all_ready(&[&one, &two]).await;

    // The first instance keeps the clicks, cannot count them, and counts them later than the second.
    link.freeze();
    ann.click_up(10);
    ann.reconnect(&two);
    ann.click_up(5);
    ann.settled().await;
    link.restore();
    ann.reconnect(&one);
    ann.click_up(1);
    ann.settled().await;

    let world = until(&two, "16 clicks", |world| world.clicks() == 16).await;
    assert_eq!(
        world.regions.iter().map(|r| r.clicks).collect::<Vec<_>>(),
        [1, 15]
    );
    // The first instance's own batch has been answered by now, and has added nothing.
    assert_eq!(Truth::of(&redis).await.clicks().await, 16);
    all_agree(&redis, &[&one, &two]).await;
    one.shutdown().await;
    two.shutdown().await;
}

#[tokio::test]
async fn a_full_buffer_refuses_and_what_it_kept_counts_later() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let limits = Limits {
        clicks_waiting: 10,
        ..impatient()
    };
    let one = start_engine_with("fra", &link.url(), limits);
    let mut ann = Tab::open(&one, "ann");
    ready(&one).await;

    link.cut();
    eventually("Redis away", async || !one.mirror().is_current()).await;
    let outcomes: Vec<_> = (0..15).map(|_| ann.click(Step::Up)).collect();
    link.restore();
    ann.settled().await;
    ann.click_up(1);
    ann.settled().await;

    assert!(outcomes[..10].iter().all(Result::is_ok));
    assert!(
        outcomes[10..]
            .iter()
            .all(|outcome| *outcome == Err(ClickError::Full))
    );
    until(&one, "the kept ones", |world| world.clicks() == 11).await;
    all_agree(&redis, &[&one]).await;
    one.shutdown().await;
}

pub async fn an_idempotency_key_counts_once_on_all_instances(redis: &impl AnyRedis) {
    let one = start_engine("fra", &redis.url());
    let two = start_engine("fra", &redis.url());
    let key = |key: &str| ClickSource::idempotency_key("ann", key);

    let (here, there) = tokio::join!(
        one.click_once(key("a"), Step::Up),
        two.click_once(key("a"), Step::Up)
    );
    let again = one.click_once(key("a"), Step::Up).await.unwrap();
    let other = two.click_once(key("b"), Step::Up).await.unwrap();

    assert_eq!((here.unwrap().clicks, there.unwrap().clicks), (1, 1));
    assert_eq!((again.clicks, other.clicks), (1, 2));
    all_agree(redis, &[&one, &two]).await;
    one.shutdown().await;
    two.shutdown().await;
}

#[tokio::test]
async fn an_idempotency_key_keeps_its_direction_on_all_instances() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    let two = start_engine("ord", &redis.url());

    for (name, step, other) in [("a", Step::Up, Step::Down), ("b", Step::Down, Step::Up)] {
        let key = || ClickSource::idempotency_key("ann", name);
        let first = one.click_once(key(), step).await.unwrap();
        for engine in [&one, &two] {
            let reused = engine.click_once(key(), other).await;
            assert_eq!(reused, Err(ClickError::KeyReused));
        }
        let again = one.click_once(key(), step).await.unwrap();
        assert_eq!(again.clicks, first.clicks);
        two.click_once(key(), step).await.unwrap();
    }
    let key = || ClickSource::idempotency_key("ann", "both");
    let (up, down) = tokio::join!(
        one.click_once(key(), Step::Up),
        one.click_once(key(), Step::Down)
    );
    assert!(up.is_ok() != down.is_ok(), "{up:?} {down:?}");

    let kept = if up.is_ok() { 1 } else { -1 };
    until(&two, "the one click", |world| world.clicks() == kept).await;
    all_agree(&redis, &[&one, &two]).await;
    one.shutdown().await;
    two.shutdown().await;
}

#[tokio::test]
async fn numbers_that_cannot_be_counted_exactly_are_refused() {
    const EXACT_MAX: u64 = (1 << 53) - 1;
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    let id = crate::support::session_id("ann");
    let mut ann = one.session(&id, crate::support::person("ann"));

    assert_eq!(ann.click(0, Step::Up), Err(ClickError::OutOfOrder));
    assert_eq!(ann.click(EXACT_MAX, Step::Up), Ok(()));
    assert_eq!(
        ann.click(EXACT_MAX + 1, Step::Up),
        Err(ClickError::OutOfOrder)
    );
    assert_eq!(ann.click(u64::MAX, Step::Up), Err(ClickError::OutOfOrder));

    until(&one, "one click", |world| world.clicks() == 1).await;
    one.shutdown().await;
}

#[tokio::test]
async fn clicks_that_wait_are_counted_before_a_shutdown_ends() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let one = start_engine("fra", &link.url());
    let mut ann = Tab::open(&one, "ann");
    ready(&one).await;

    link.delay(Duration::from_millis(20));
    ann.click_up(5);
    tokio::task::yield_now().await;
    ann.click_up(5);
    one.shutdown().await;

    assert_eq!(Truth::of(&redis).await.clicks().await, 10);
    ann.settled().await;
}
