//! Nodes of Redis are killed and their slots move, while people click, change a party and write letters.

use crate::support::{
    AnyRedis, Blow, Failing, LAG, Load, Truth, all_agree_within, all_ready, impatient,
    start_engine_with, until,
};
use edge::testing::{RedisCluster, RedisSentinels};
use edge::{Engine, Limits, PartyLimits};
use std::time::Duration;

/// Kills of each shape of Redis.
const KILLS: usize = 10;
/// What replaces a primary that lives.
const REPLACED_ALIVE: [Blow; 4] = [Blow::Demote, Blow::Freeze, Blow::Demote, Blow::Freeze];
/// How often slots move to another node and back.
const MOVES: usize = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killing_the_node_of_the_world_loses_and_doubles_nothing_acknowledged() {
    blows_lose_nothing(RedisCluster::start().await.unwrap(), &[Blow::Kill; KILLS]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killing_the_primary_loses_and_doubles_nothing_acknowledged() {
    blows_lose_nothing(RedisSentinels::start().await.unwrap(), &[Blow::Kill; KILLS]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_is_replaced_while_it_lives_takes_nothing_acknowledged_with_it() {
    blows_lose_nothing(RedisCluster::start().await.unwrap(), &REPLACED_ALIVE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_primary_that_is_replaced_while_it_lives_takes_nothing_acknowledged_with_it() {
    blows_lose_nothing(RedisSentinels::start().await.unwrap(), &REPLACED_ALIVE).await;
}

async fn blows_lose_nothing(mut redis: impl Failing, blows: &[Blow]) {
    let engines = pair(&redis).await;
    let mut clicks = 0;

    for (number, blow) in blows.iter().enumerate() {
        let load = Load::begin(&engines, number).await;
        load.go_on().await;
        let struck = redis.strike(*blow, &Truth::key("meta")).await;
        load.click_on().await;
        redis.recover(struck).await;
        load.go_on().await;

        clicks += load.settle().await;
        check(&redis, &engines, clicks).await;
    }
    shutdown(engines).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slots_that_move_lose_and_double_nothing() {
    let cluster = RedisCluster::start().await.unwrap();
    let engines = pair(&cluster).await;
    let load = Load::begin(&engines, 0).await;
    let mailbox = Truth::mail_key(&Load::recipient(0), "");

    for _ in 0..MOVES {
        for key in [&Truth::key("meta"), &mailbox] {
            let slot = RedisCluster::slot_of(key);
            let home = cluster.primary_of_slot(slot).await.unwrap();
            // The first three are the primaries, and nobody dies.
            for node in [(home + 1) % 3, home] {
                load.go_on().await;
                cluster.move_slot(slot, node).await.unwrap();
            }
        }
    }
    load.go_on().await;

    let clicks = load.settle().await;
    check(&cluster, &engines, clicks).await;
    shutdown(engines).await;
}

/// An instance in each of two regions.
async fn pair(redis: &impl AnyRedis) -> Vec<Engine> {
    let limits = Limits {
        redis_timeout: Duration::from_secs(5),
        // All that come to a party while it is looked at.
        parties: PartyLimits {
            participants: 100_000,
            ..PartyLimits::default()
        },
        ..impatient()
    };
    let start = |region| start_engine_with(region, &redis.url(), limits);
    let engines: Vec<Engine> = ["fra", "ord"].map(start).into();
    all_ready(&[&engines[0], &engines[1]]).await;
    engines
}

/// Checks that every click is there once, and that all see the same.
async fn check(redis: &impl AnyRedis, engines: &[Engine], clicks: i64) {
    for engine in engines {
        until(engine, "every click once", |world| world.clicks() == clicks).await;
    }
    assert_eq!(Truth::of(redis).await.clicks().await, clicks);
    let each: Vec<&Engine> = engines.iter().collect();
    all_agree_within(impatient().beat_limit + LAG, redis, &each).await;
}

async fn shutdown(engines: Vec<Engine>) {
    for engine in engines {
        engine.shutdown().await;
    }
}
