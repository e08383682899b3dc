//! What other tests take for granted of servers that Sentinels watch.

use super::*;
use redis::FromRedisValue;

async fn run<T: FromRedisValue>(server: &RedisServer, words: &[&str]) -> T {
    let mut command = redis::Cmd::new();
    command.arg(words);
    let mut connection = server.connection().await.unwrap();
    command.query_async(&mut connection).await.unwrap()
}

#[tokio::test]
async fn a_killed_primary_is_replaced_and_comes_back_as_a_replica() {
    let mut all = RedisSentinels::start().await.unwrap();
    assert!(all.url().starts_with("redis-sentinel://127.0.0.1:"));
    assert_eq!(all.url().matches("node=127.0.0.1:").count(), 2);
    let first = all.primary().await.unwrap();
    let _: () = run(&all.servers()[first], &["SET", "key", "7"]).await;
    let reached: u32 = run(&all.servers()[first], &["WAIT", "2", "10000"]).await;
    assert_eq!(reached, 2);

    for _ in 0..2 {
        let before = all.primary().await.unwrap();
        all.kill(before).unwrap();
        all.restart_dead().await.unwrap();
        all.healthy().await.unwrap();
        assert_ne!(all.primary().await.unwrap(), before);
    }

    let last = all.primary().await.unwrap();
    assert_eq!(run::<u32>(&all.servers()[last], &["GET", "key"]).await, 7);
}

#[tokio::test]
async fn a_frozen_primary_is_demoted_when_it_goes_on_and_a_dead_sentinel_comes_back() {
    let mut all = RedisSentinels::start().await.unwrap();
    let first = all.primary().await.unwrap();
    all.kill_sentinel(0).unwrap();
    all.freeze(first).unwrap();
    all.replaced(first).await.unwrap();
    let second = all.primary().await.unwrap();

    all.thaw(first).unwrap();
    all.restart_dead().await.unwrap();
    all.healthy().await.unwrap();

    assert_eq!(all.primary().await.unwrap(), second);
    let role: Vec<redis::Value> = run(&all.servers()[first], &["ROLE"]).await;
    assert_eq!(role[0], redis::Value::BulkString(b"slave".to_vec()));
    all.demote().await.unwrap();
    assert_ne!(all.primary().await.unwrap(), second);
    all.healthy().await.unwrap();
}

#[tokio::test]
async fn all_can_ask_for_tls_and_a_password() {
    let certificates = crate::testing::Certificates::make().unwrap();
    let options = RedisOptions::default()
        .tls(&certificates)
        .password("secret");
    let mut all = RedisSentinels::start_with(options).await.unwrap();
    assert!(
        all.url()
            .starts_with("rediss-sentinel://:secret@127.0.0.1:")
    );
    let first = all.primary().await.unwrap();

    all.kill(first).unwrap();
    all.restart_dead().await.unwrap();
    all.healthy().await.unwrap();

    assert_ne!(all.primary().await.unwrap(), first);
}
