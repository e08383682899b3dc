//! The permissions that the documentation lists are enough, and one that is missing is told.

use crate::support::{Server, Setup, eventually};
use edge::testing::{RedisCluster, RedisOptions, RedisServer};
use serde_json::json;

const DOCUMENT: &str = include_str!("../../../docs/operations.md");

/// The user of the documentation, with a password.
fn options(more: &str) -> RedisOptions {
    let mut lines = DOCUMENT.lines();
    let rules = lines.find_map(|line| line.strip_prefix("ACL SETUSER "));
    let rules = rules.unwrap().replace("PASSWORD", "secret");
    RedisOptions::default().tcp().user(&(rules + more))
}

fn setup(url: &str) -> Setup {
    Setup::bare()
        .with("REDIS_PREFIX", "murmuration:")
        .with("REDIS_URL", url)
}

/// Clicks, meets and writes, and has no complaint about Redis.
async fn all_works(server: &Server) {
    server
        .click("a")
        .send()
        .await
        .unwrap()
        .error_for_status()
        .unwrap();
    let party = server.create("ann", json!({})).await;
    assert_eq!(server.join(&party, "bob").await.status(), 201);
    let token = server.claim("ord-wren").await;
    assert!(
        server
            .mail("hello", "ord-wren", "ord-ann")
            .await
            .status()
            .is_success()
    );
    assert_eq!(server.inbox(&token, "ord-wren").await, ["hello"]);
    let answer = server.get("/writez").send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "writes\n");
    assert!(!server.log().contains("NOPERM"), "{}", server.log());
}

#[tokio::test]
async fn the_documented_permissions_are_enough_for_one_redis() {
    let redis = RedisServer::start_with(options("")).await.unwrap();

    let server = setup(&redis.url_of("murmuration", "secret")).start().await;

    all_works(&server).await;
}

#[tokio::test]
async fn the_documented_permissions_are_enough_for_a_cluster_with_replicas() {
    let cluster = RedisCluster::start_with(options("")).await.unwrap();

    let url = cluster.url().replace("://", "://murmuration:secret@");
    let server = setup(&url).start().await;

    all_works(&server).await;
}

#[tokio::test]
async fn what_is_wrong_with_redis_is_in_the_log_once_and_where_operators_look() {
    let redis = options(" -xack").max_memory("100mb", "volatile-lru");
    let redis = RedisServer::start_with(redis).await.unwrap();

    let server = setup(&redis.url_of("murmuration", "secret")).start().await;

    for says in [
        "forbids this user XACK;",
        "maxmemory-policy is volatile-lru",
    ] {
        eventually(says, async || {
            let answer = server.get("/writez").send().await.unwrap();
            answer.text().await.unwrap().contains(says)
        })
        .await;
        assert_eq!(server.log().matches(says).count(), 1, "{}", server.log());
    }
    let figures = server
        .get("/metrics")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(figures.contains("murmuration_redis_concerns{concern=\"forbids\"} 1"));
    assert!(figures.contains("murmuration_redis_concerns{concern=\"evicts\"} 1"));
}

#[tokio::test]
async fn a_wrong_password_is_told_once_and_where_operators_look() {
    let redis = RedisServer::start_with(options("")).await.unwrap();

    let server = setup(&redis.url_of("murmuration", "hunter2"))
        .start_unready()
        .await;

    let says = "the password is wrong";
    eventually(says, async || {
        let figures = server
            .get("/metrics")
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        figures.contains("concern=\"wrong-password\"")
    })
    .await;
    assert_eq!(server.log().matches(says).count(), 1, "{}", server.log());
    assert!(!server.log().contains("hunter2"), "{}", server.log());
}
