//! Every mirror is what Redis holds.

use crate::support::{
    AnyRedis, Crowd, LAG, Tab, Truth, all_agree, all_agree_within, all_ready, eventually, ready,
    start_engine, start_redis, until,
};
use std::time::Duration;

/// What nothing announces is known with the next beat; this is three.
const REPAIRED: Duration = Duration::from_secs(3);

pub async fn a_fresh_instance_starts_with_the_full_world(redis: &impl AnyRedis) {
    let mut truth = Truth::of(redis).await;
    let _: u32 = truth
        .run(&["RPUSH", &Truth::key("history"), "1", "2", "3"])
        .await;
    let gone = start_engine("ord", &redis.url());
    let here = start_engine("fra", &redis.url());
    let (mut ann, mut bob) = (Tab::open(&gone, "ann"), Tab::open(&here, "bob"));
    ann.click_up(5);
    bob.click_up(2);
    ann.settled().await;
    bob.settled().await;
    gone.shutdown().await;

    let fresh = start_engine("syd", &redis.url());
    let world = until(&fresh, "a full world", |_| true).await;

    assert_eq!(world.age_ms, 0);
    let ord = world
        .regions
        .iter()
        .find(|region| region.code.as_str() == "ord")
        .unwrap();
    assert_eq!((ord.clicks, ord.people, ord.instances), (5, 0, 0));
    assert_eq!((ord.city.as_str(), ord.lat > 41.0), ("Chicago", true));
    let fra = world
        .regions
        .iter()
        .find(|region| region.code.as_str() == "fra")
        .unwrap();
    assert_eq!((fra.clicks, fra.people, fra.instances), (2, 1, 1));
    assert_eq!(fresh.mirror().history()[..3], [1, 2, 3]);
    assert!(
        fresh.mirror().history().len() > 3,
        "beats go on with the history"
    );
    all_agree(redis, &[&fresh, &here]).await;
    here.shutdown().await;
    fresh.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn subscriptions_dropped_in_a_stream_of_clicks_are_repaired() {
    let redis = start_redis().await;
    let mut truth = Truth::of(&redis).await;
    let engines = ["fra", "ord", "syd"].map(|region| start_engine(region, &redis.url()));
    let engines = engines.each_ref();
    all_ready(&engines).await;
    let crowd = Crowd::gather(&engines, 4);

    for _ in 0..10 {
        crowd.click_on(100).await;
        // As Redis knows it: an engine may not have noticed yet that its own is gone.
        let looker = truth.connection.clone();
        eventually("subscriptions", async || {
            let mut truth = Truth {
                connection: looker.clone(),
            };
            let (_, subscribers): (String, usize) = truth
                .run(&["PUBSUB", "SHARDNUMSUB", &Truth::key("events")])
                .await;
            subscribers == engines.len()
        })
        .await;
        let killed: u32 = truth.run(&["CLIENT", "KILL", "TYPE", "pubsub"]).await;
        assert!(killed > 0);
    }
    let tabs = crowd.settle().await;

    let sum: i64 = tabs.iter().map(Tab::sum).sum();
    for engine in engines {
        until(engine, "all clicks", |world| world.clicks() == sum).await;
    }
    all_agree_within(REPAIRED + LAG, &redis, &engines).await;
    for engine in engines {
        engine.shutdown().await;
    }
}

pub async fn a_change_whose_event_was_lost_is_found_without_another(redis: &impl AnyRedis) {
    let engines = ["fra", "ord"].map(|region| start_engine(region, &redis.url()));
    let engines = engines.each_ref();
    all_ready(&engines).await;

    lose_an_event(redis, "fra", 7).await;

    for engine in engines {
        let found = until(engine, "the lost change", |world| world.clicks() == 7);
        tokio::time::timeout(REPAIRED + LAG, found).await.unwrap();
    }
    all_agree(redis, &engines).await;
    for engine in engines {
        engine.shutdown().await;
    }
}

#[tokio::test]
async fn an_event_lost_between_others_is_repaired() {
    let redis = start_redis().await;
    let engines = ["fra", "ord"].map(|region| start_engine(region, &redis.url()));
    let engines = engines.each_ref();
    all_ready(&engines).await;
    let mut ann = Tab::open(engines[0], "ann");

    ann.click_up(1);
    ann.settled().await;
    lose_an_event(&redis, "ord", 10).await;
    ann.click_up(1);
    ann.settled().await;

    for engine in engines {
        until(engine, "all clicks", |world| world.clicks() == 12).await;
    }
    all_agree_within(REPAIRED + LAG, &redis, &engines).await;
    for engine in engines {
        engine.shutdown().await;
    }
}

#[tokio::test]
async fn events_that_cannot_be_read_harm_nothing() {
    let redis = start_redis().await;
    let mut truth = Truth::of(&redis).await;
    let one = start_engine("fra", &redis.url());
    let mut ann = Tab::open(&one, "ann");
    ready(&one).await;

    for payload in ["", "{}", "[1", "{\"epoch\":-1}", "\u{0}\u{ffff}"] {
        let heard: u32 = truth
            .run(&["SPUBLISH", &Truth::key("events"), payload])
            .await;
        assert_eq!(heard, 1);
    }
    ann.click_up(3);
    ann.settled().await;

    until(&one, "three clicks", |world| world.clicks() == 3).await;
    all_agree(&redis, &[&one]).await;
    one.shutdown().await;
}

/// Changes the world as a script does, but tells nobody.
async fn lose_an_event(redis: &impl AnyRedis, region: &str, clicks: i64) {
    let mut truth = Truth::of(redis).await;
    let by = clicks.to_string();
    let _: i64 = truth
        .run(&["HINCRBY", &Truth::key("clicks"), region, &by])
        .await;
    let _: i64 = truth
        .run(&["HINCRBY", &Truth::key("meta"), "rev", "1"])
        .await;
}
