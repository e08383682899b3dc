//! Instances come, go, and are killed.

use crate::support::{
    Crowd, Instance, LAG, Tab, Truth, all_agree, all_ready, impatient, ready, ready_engine,
    start_engine, start_engine_with, start_redis, until, until_within, without_beats,
};
use edge::{Endpoint, Limits};
use std::time::Duration;

/// A killed instance is gone from every page within this (DESIGN.md).
const GONE: Duration = Duration::from_secs(6);

#[test]
fn by_default_a_killed_instance_is_missed_in_time() {
    let Limits {
        beat_every,
        beat_limit,
        ..
    } = Limits::default();

    assert!(beat_limit + beat_every <= GONE);
}

#[tokio::test]
async fn a_killed_instance_disappears_with_its_people() {
    let redis = start_redis().await;
    let watcher = start_engine("fra", &redis.url());
    let doomed = Instance::start_at("ord", &redis.url());
    let tabs = ["ann", "bob", "cem"].map(|name| Tab::open(&doomed, name));
    let mut dan = Tab::open(&doomed, "dan");
    dan.click_up(1);
    dan.settled().await;
    until(&watcher, "four people", |world| world.people() == 4).await;

    doomed.kill();

    let world = until_within(GONE + LAG, &watcher, "nobody", |world| {
        world.people() == 0 && world.connections() == 0
    })
    .await;
    let ord = world
        .regions
        .iter()
        .find(|region| region.code.as_str() == "ord")
        .unwrap();
    assert_eq!((ord.clicks, ord.instances), (1, 0), "its clicks stay");
    all_agree(&redis, &[&watcher]).await;
    drop((tabs, dan));
    watcher.shutdown().await;
}

#[tokio::test]
async fn a_killed_instance_disappears_in_time_though_the_clock_was_set_back() {
    let redis = start_redis().await;
    let [watcher, other] = ["fra", "syd"].map(|region| start_engine(region, &redis.url()));
    let doomed = Instance::start_at("ord", &redis.url());
    let _ann = Tab::open(&other, "ann");
    all_ready(&[&watcher, &other, &doomed]).await;
    until(&watcher, "ann", |world| world.people() == 1).await;

    doomed.kill();
    // As a clock that is set back by an hour leaves the heartbeats.
    let set_back = "for _, one in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
        redis.call('ZINCRBY', KEYS[1], 3600000, one)
    end";
    let mut truth = Truth::of(&redis).await;
    let _: () = truth
        .run(&["EVAL", set_back, "1", &Truth::key("beats")])
        .await;

    let mut least = u32::MAX;
    until_within(GONE + LAG, &watcher, "two instances", |world| {
        least = least.min(world.people());
        world.regions.len() == 2
    })
    .await;
    assert_eq!(least, 1, "who lives stays");
    all_agree(&redis, &[&watcher, &other]).await;
    watcher.shutdown().await;
    other.shutdown().await;
}

#[tokio::test]
async fn a_killed_instance_without_anybody_disappears_too() {
    let redis = start_redis().await;
    let watcher = start_engine_with("fra", &redis.url(), impatient());
    let doomed = Instance::start("ord", Endpoint::Url(redis.url()), impatient());
    ready(&doomed).await;
    until(&watcher, "two instances", |world| world.regions.len() == 2).await;

    doomed.kill();

    until(&watcher, "one instance", |world| world.regions.len() == 1).await;
    all_agree(&redis, &[&watcher]).await;
    watcher.shutdown().await;
}

#[tokio::test]
async fn an_instance_that_shuts_down_disappears_at_once() {
    let redis = start_redis().await;
    // No beat is ever too old: nobody is removed but by leaving.
    let [watcher, full, empty] = ["fra", "ord", "syd"]
        .map(|region| start_engine_with(region, &redis.url(), without_beats()));
    let _ann = Tab::open(&full, "ann");
    until(&watcher, "three regions and one person", |world| {
        world.regions.len() == 3 && world.people() == 1
    })
    .await;

    full.shutdown().await;
    empty.shutdown().await;

    until(&watcher, "one region", |world| {
        world.regions.len() == 1 && world.people() == 0
    })
    .await;
    all_agree(&redis, &[&watcher]).await;
    watcher.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rolling_restart_under_load_loses_and_doubles_no_click() {
    let redis = start_redis().await;
    let mut engines = Vec::new();
    for region in ["fra", "ord", "fra"] {
        engines.push(start_engine(region, &redis.url()));
    }
    all_ready(&engines.iter().collect::<Vec<_>>()).await;
    let crowd = Crowd::gather(&engines.iter().collect::<Vec<_>>(), 8);

    for at in 0..3 {
        crowd.click_on(300).await;
        let old = engines[at].clone();
        let refuge = engines[(at + 1) % 3].clone();
        let shutdown = tokio::spawn({
            let old = old.clone();
            async move { old.shutdown().await }
        });
        crowd.click_on(100).await;
        crowd.move_all(&old, &refuge);
        shutdown.await.unwrap();
        // Some clicked on it to the end, or after it.
        engines[at] = start_engine(old.place().code.as_str(), &redis.url());
        all_ready(&engines.iter().collect::<Vec<_>>()).await;
        crowd.move_all(&refuge, &engines[at]);
    }
    let tabs = crowd.settle().await;

    let sum: i64 = tabs.iter().map(Tab::sum).sum();
    let engines: Vec<_> = engines.iter().collect();
    for engine in &engines {
        until(engine, "all clicks", |world| world.clicks() == sum).await;
    }
    all_agree(&redis, &engines).await;
    for engine in engines {
        engine.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_instance_under_load_loses_and_doubles_no_click() {
    let redis = start_redis().await;
    let refuge = ready_engine("fra", &redis.url()).await;
    let mut total = 0;
    for _ in 0..3 {
        let doomed = Instance::start_at("ord", &redis.url());
        ready(&doomed).await;
        let crowd = Crowd::gather(&[&doomed], 8);
        crowd.click_on(300).await;
        let shell = (*doomed).clone();

        doomed.kill();
        crowd.click_on(50).await;
        crowd.move_all(&shell, &refuge);
        let tabs = crowd.settle().await;

        total += tabs.iter().map(Tab::sum).sum::<i64>();
    }

    until(&refuge, "all clicks", |world| world.clicks() == total).await;
    until_within(GONE + LAG, &refuge, "one instance", |world| {
        world
            .regions
            .iter()
            .map(|region| region.instances)
            .sum::<u32>()
            == 1
    })
    .await;
    all_agree(&redis, &[&refuge]).await;
    refuge.shutdown().await;
}

#[tokio::test]
async fn all_instances_share_one_secret_that_survives_them() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    let two = start_engine("ord", &redis.url());
    all_ready(&[&one, &two]).await;

    let (first, second) = tokio::join!(one.shared_secret(None), two.shared_secret(None));
    let (first, second) = (first.unwrap(), second.unwrap());
    one.shutdown().await;
    two.shutdown().await;
    let three = ready_engine("syd", &redis.url()).await;

    assert_eq!(first.value, second.value);
    assert_eq!(first.value.len(), 64);
    let third = three.shared_secret(None).await.unwrap();
    assert_eq!(third.value, first.value);
    three.shutdown().await;
}
