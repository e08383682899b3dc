//! What other tests take for granted of a cluster.

use super::*;

/// Runs a command at the node that serves the key.
async fn run<T: redis::FromRedisValue>(cluster: &RedisCluster, key: &str, words: &[&str]) -> T {
    let mut connection = cluster.connection(key).await.unwrap();
    let mut command = redis::Cmd::new();
    command.arg(words);
    command.query_async(&mut connection).await.unwrap()
}

#[test]
fn slots_are_those_of_tags() {
    // Redis's own answers.
    assert_eq!(RedisCluster::slot_of("123456789"), 12_739);
    assert_eq!(RedisCluster::slot_of("a{123456789}b{c}"), 12_739);
    assert_eq!(RedisCluster::slot_of("{}x"), 10_595);
}

#[tokio::test]
async fn a_killed_node_is_replaced_and_comes_back_as_a_replica() {
    let mut cluster = RedisCluster::start().await.unwrap();
    let url = cluster.url();
    assert!(url.starts_with("redis-cluster://127.0.0.1:") && url.matches("node=").count() == 2);
    let first = cluster.primary_of("key").await.unwrap();
    let _: () = run(&cluster, "key", &["SET", "key", "7"]).await;
    let reached: u32 = run(&cluster, "key", &["WAIT", "1", "10000"]).await;
    assert_eq!(reached, 1);

    cluster.kill(first).unwrap();
    cluster.restart(first).await.unwrap();
    cluster.healthy().await.unwrap();

    assert_eq!(
        cluster.primary_of("key").await.unwrap(),
        (first + PRIMARIES) % NODES
    );
    assert_eq!(cluster.dump().await.unwrap().trim(), "key = 7");
}

#[tokio::test]
async fn a_frozen_node_is_replaced_and_its_slot_moves_with_all_its_keys() {
    let mut cluster = RedisCluster::start().await.unwrap();
    let first = cluster.primary_of("{t}").await.unwrap();
    cluster.freeze(first).unwrap();
    assert!(!cluster.nodes()[first].answers());
    cluster.replaced(first).await.unwrap();
    cluster.thaw(first).unwrap();
    cluster.healthy().await.unwrap();
    for number in 0..25 {
        let key = format!("{{t}}{number}");
        let _: () = run(&cluster, &key, &["SET", &key, "x"]).await;
    }
    let before = cluster.dump().await.unwrap();
    let slot = RedisCluster::slot_of("{t}");
    let home = cluster.primary_of_slot(slot).await.unwrap();
    assert_eq!(home, (first + PRIMARIES) % NODES);
    let other = (first + 1) % PRIMARIES;

    cluster.move_slot(slot, other).await.unwrap();
    cluster.healthy().await.unwrap();

    assert_eq!(cluster.primary_of("{t}24").await.unwrap(), other);
    let sorted = |dump: &str| {
        let mut lines: Vec<String> = dump
            .lines()
            .filter(|line| !line.is_empty())
            .map(Into::into)
            .collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&cluster.dump().await.unwrap()), sorted(&before));
    cluster.move_slot(slot, home).await.unwrap();
    cluster.healthy().await.unwrap();
    assert_eq!(cluster.primary_of_slot(slot).await.unwrap(), home);
    cluster.demote(home).await.unwrap();
    cluster.replaced(home).await.unwrap();
    cluster.healthy().await.unwrap();
    assert_eq!(cluster.primary_of_slot(slot).await.unwrap(), first);
}

#[tokio::test]
async fn a_cluster_can_ask_for_tls_and_a_password() {
    let certificates = crate::testing::Certificates::make().unwrap();
    let options = RedisOptions::default()
        .tls(&certificates)
        .password("secret");
    let mut cluster = RedisCluster::start_with(options).await.unwrap();
    assert!(
        cluster
            .url()
            .starts_with("rediss-cluster://:secret@127.0.0.1:")
    );
    let _: () = run(&cluster, "key", &["SET", "key", "7"]).await;
    let slot = RedisCluster::slot_of("key");
    let other = (cluster.primary_of_slot(slot).await.unwrap() + 1) % PRIMARIES;

    cluster.move_slot(slot, other).await.unwrap();
    cluster.healthy().await.unwrap();
    cluster.kill(other).unwrap();
    cluster.restart(other).await.unwrap();
    cluster.healthy().await.unwrap();

    assert_eq!(run::<u32>(&cluster, "key", &["GET", "key"]).await, 7);
}
