//! Redis goes away and comes back.

use crate::support::{LAG, Server, Setup, Tab, eventually, eventually_within, json, start_redis};
use edge::testing::{Proxy, RedisServer};
use std::time::Duration;

#[tokio::test]
async fn the_last_known_world_is_served_with_its_age() {
    let mut redis = RedisServer::start_durable().await.unwrap();
    let server = Server::start("ord", &redis).await;
    server.click("a").send().await.unwrap();
    let mut tab = Tab::open(&server, "ann").await;
    redis.kill().unwrap();

    let report = server.until("an age", |world| world.age_ms > 0).await;
    assert_eq!(report.clicks, 1);
    server
        .until("a greater age", |world| world.age_ms > report.age_ms + 500)
        .await;
    let state = server.page_state().await;
    assert_eq!(state.world.clicks(), 1);
    assert!(state.world.age_ms > 0);
    while tab.hear_a("world").await["age_ms"] == 0 {}
    assert_eq!(server.get("/readyz").send().await.unwrap().status(), 200);
    tab.click(1).await;
    redis.restart().await.unwrap();

    tab.settled(1).await;
    server
        .until("the click that waited", |world| {
            (world.clicks, world.age_ms) == (2, 0)
        })
        .await;
    let soon = Duration::from_millis(300) + LAG;
    eventually_within(soon, "a page with it", async || {
        server.page_state().await.world.clicks() == 2
    })
    .await;
}

#[tokio::test]
async fn a_first_visitor_is_served_though_redis_went_away_before() {
    let mut redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    server.knows_its_key().await;
    redis.kill().unwrap();
    server.until("an age", |world| world.age_ms > 0).await;

    let answer = server.get("/").send().await.unwrap();

    assert_eq!(answer.status(), 200);
    assert!(answer.headers().contains_key("set-cookie"));
    Tab::open(&server, "ann").await;
}

#[tokio::test]
async fn a_page_waits_for_no_redis() {
    let redis = start_redis().await;
    let link = Proxy::start(&redis.url()).unwrap();
    let setup = Setup::new("ord", &redis)
        .with("REDIS_URL", &link.url())
        .patient();
    let server = setup.start().await;
    server.knows_its_key().await;
    link.freeze();

    let started = std::time::Instant::now();
    for path in ["/", "/api/world", "/metrics", "/healthz", "/readyz"] {
        assert_eq!(
            server.get(path).send().await.unwrap().status(),
            200,
            "{path}"
        );
    }

    assert!(started.elapsed() < Duration::from_secs(2) + LAG);
}

#[tokio::test]
async fn writes_are_announced_while_redis_takes_them() {
    let mut redis = RedisServer::start_durable().await.unwrap();
    let server = Server::start("ord", &redis).await;
    let is = async |path: &str, status: u16| {
        let answer = server.get(path).send().await.unwrap();
        let status_was = answer.status();
        status_was == status && (status == 200 || json(answer).await["type"] == "no-writes")
    };

    eventually("writes", async || is("/writez", 200).await).await;
    set_max_memory(&redis, "1").await;
    eventually("a full Redis", async || is("/writez", 503).await).await;
    let full = [
        ("/readyz", "ready, but nothing can be stored\n"),
        ("/metrics", "murmuration_redis_takes_writes 0\n"),
    ];
    for (path, says) in full {
        let answer = server.get(path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "pages are served");
        assert!(answer.text().await.unwrap().contains(says), "{path}");
    }
    assert!(server.page_state().await.world.age_ms > 0);
    set_max_memory(&redis, "0").await;
    eventually("room again", async || is("/writez", 200).await).await;
    redis.kill().unwrap();
    eventually("no Redis", async || is("/writez", 503).await).await;
    assert!(is("/readyz", 200).await, "pages are served");
    redis.restart().await.unwrap();

    eventually("Redis again", async || is("/writez", 200).await).await;
}

async fn set_max_memory(redis: &RedisServer, bytes: &str) {
    let mut connection = redis.connection().await.unwrap();
    let mut set = redis::cmd("CONFIG");
    set.arg("SET").arg("maxmemory").arg(bytes);
    set.query_async::<()>(&mut connection).await.unwrap();
}

#[tokio::test]
async fn a_call_that_waits_in_vain_says_so_and_counts_once_when_sent_again() {
    let redis = start_redis().await;
    let link = Proxy::start(&redis.url()).unwrap();
    let setup = Setup::new("ord", &redis)
        .with("REDIS_URL", &link.url())
        .with("REDIS_TIMEOUT_MS", "500");
    let server = setup.start().await;
    link.cut();

    let answer = server.click("key").send().await.unwrap();
    assert_eq!(answer.status(), 503);
    assert!(answer.headers().contains_key("retry-after"));
    assert_eq!(json(answer).await["type"], "redis-away");
    link.restore();

    eventually("the same call, counted", async || {
        server.click("key").send().await.unwrap().status() == 200
    })
    .await;
    server.until("one click", |world| world.clicks == 1).await;
    assert_eq!(server.click("other").send().await.unwrap().status(), 200);
    assert_eq!(server.report().await.clicks, 2);
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused() {
    let mut redis = start_redis().await;
    let server = Setup::new("ord", &redis)
        .with("CLICKS_WAITING", "3")
        .start()
        .await;
    let mut tab = Tab::open(&server, "ann").await;
    redis.kill().unwrap();
    server.until("an age", |world| world.age_ms > 0).await;

    for seq in 1..=5 {
        tab.click(seq).await;
    }

    let refused = tab.hear_a("refused").await;
    assert_eq!(
        (refused["seq"].as_u64(), &refused["problem"]["status"]),
        (Some(4), &503.into())
    );
    assert_eq!(refused["problem"]["type"], "redis-away");
    for answer in [server.click("key"), server.submit("by", "1")] {
        let answer = answer.send().await.unwrap();
        assert_eq!(answer.status(), 503);
        let problem = json(answer).await;
        assert_eq!(problem["title"], "This click cannot be kept");
    }
}
