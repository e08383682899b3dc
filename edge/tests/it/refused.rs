//! Redis is in reach and takes no writes.

use crate::support::{
    Instance, LAG, Refusal, Tab, Truth, all_agree, all_ready, eventually, roomy, start_engine_with,
    start_redis, until, until_within,
};
use edge::testing::RedisServer;
use edge::{Endpoint, Limits};
use std::collections::BTreeSet;
use std::time::Duration;

/// A killed instance is gone from every page within this (DESIGN.md).
const GONE: Duration = Duration::from_secs(6);

/// An age that no new connection and no single heartbeat makes, in milliseconds.
const LASTING_MS: u64 = 2_000;

/// The usual limits: a paused Redis answers nothing, and that must be noticed.
fn usual() -> Limits {
    Limits {
        mail: roomy(),
        ..Limits::default()
    }
}

#[tokio::test]
async fn a_redis_that_refuses_writes_makes_numbers_old_and_clicks_wait_and_count_once() {
    for refusal in Refusal::ALL {
        let redis = start_redis().await;
        let mut truth = Truth::of(&redis).await;
        let engine = start_engine_with("ord", &redis.url(), usual());
        let mut ann = Tab::open(&engine, "ann");
        ann.click_up(1);
        ann.settled().await;
        until(&engine, "ann", |world| world.people() == 1).await;

        refusal.begin(&mut truth).await;
        // Not that of a connection that is made anew, after which the next heartbeat has yet to be refused.
        ann.listen_until("an age", |tab| tab.view().age_ms > LASTING_MS)
            .await;
        assert!(!engine.takes_writes(), "{refusal:?}");
        assert!(engine.draw().age_ms() > 0, "{refusal:?}");
        let before = world_in(&redis, refusal).await;
        ann.click_up(2);
        let _bob = Tab::open(&engine, "bob");
        let age = ann.view().age_ms;
        ann.listen_until("a greater age, all the time", |tab| {
            assert!(tab.view().age_ms > 0, "{refusal:?}: it seemed to be over");
            tab.view().age_ms > age + 4_000
        })
        .await;
        let after = world_in(&redis, refusal).await;
        assert_eq!(before, after, "{refusal:?}: a script ran by half");
        assert_eq!(ann.acked(), 1, "{refusal:?}");
        refusal.end(&mut truth).await;

        ann.settled().await;
        until(&engine, "no age, and who came meanwhile", |world| {
            (world.age_ms, world.clicks(), world.people()) == (0, 3, 2)
        })
        .await;
        assert_eq!(truth.clicks().await, 3, "{refusal:?}");
        eventually("writes", async || engine.takes_writes()).await;
        engine.shutdown().await;
    }
}

/// All that Redis holds of the world, with the number of the newest batch; nothing of one that would not answer.
async fn world_in(redis: &RedisServer, refusal: Refusal) -> BTreeSet<String> {
    if refusal == Refusal::Pause {
        return BTreeSet::new();
    }
    let dump = redis.dump().await.unwrap();
    let lines = dump.lines().filter(|line| line.contains("{world}"));
    lines.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_killed_instance_disappears_while_redis_refuses_writes_and_nobody_else_does() {
    for refusal in [Refusal::Memory, Refusal::Disk, Refusal::Replicas] {
        let redis = start_redis().await;
        let mut truth = Truth::of(&redis).await;
        let watcher = start_engine_with("fra", &redis.url(), usual());
        let other = start_engine_with("ord", &redis.url(), usual());
        let doomed = Instance::start("ord", Endpoint::Url(redis.url()), usual());
        let alone = Instance::start("syd", Endpoint::Url(redis.url()), usual());
        all_ready(&[&watcher, &other, &doomed, &alone]).await;
        let _tabs = ["ann", "bob"].map(|name| Tab::open(&doomed, name));
        let _cem = Tab::open(&alone, "cem");
        let _dan = Tab::open(&other, "dan");
        until(&watcher, "four people", |world| world.people() == 4).await;
        refusal.begin(&mut truth).await;
        until(&watcher, "an age", |world| world.age_ms > 0).await;
        until(&other, "an age", |world| world.age_ms > 0).await;

        doomed.kill();
        alone.kill();

        for engine in [&watcher, &other] {
            until_within(GONE + LAG, engine, "those that live, and theirs", |world| {
                let numbers = world.regions.iter();
                let numbers: Vec<_> = numbers
                    .map(|region| (region.code.as_str(), region.instances, region.people))
                    .collect();
                numbers == [("fra", 1, 0), ("ord", 1, 1)]
            })
            .await;
            assert_eq!(engine.addresses().len(), 2, "{refusal:?}");
        }
        refusal.end(&mut truth).await;
        for engine in [&watcher, &other] {
            until(engine, "the truth", |world| {
                (world.age_ms, world.people(), world.regions.len()) == (0, 1, 2)
            })
            .await;
        }
        all_agree(&redis, &[&watcher, &other]).await;
        watcher.shutdown().await;
        other.shutdown().await;
    }
}
