//! Redis goes away: the last round is served, with its age.

use crate::support::{
    DEADLINE, Server, Setup, Tab, assert_problem, eventually, json, settled, start_redis,
};
use edge::testing::{Proxy, RedisServer};
use std::time::{Duration, Instant};

/// The `Age` of an answer.
async fn age(server: &Server, path: &str) -> Option<u64> {
    let answer = server.get(path).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    let age = answer.headers().get("age")?;
    Some(age.to_str().unwrap().parse().unwrap())
}

#[tokio::test]
async fn the_last_round_is_served_with_its_age_and_goes_on_after() {
    let mut redis = RedisServer::start_durable().await.unwrap();
    let server = settled(&Setup::new("ord", &redis), &redis).await;
    let before = server.draw().await;
    let player = server.player(7).await;
    assert_eq!(server.max_two().await.age, None);
    redis.kill().unwrap();

    let mut aged = server.draw_until("an age", |draw| draw.age_ms > 0).await;
    aged.age_ms = 0;
    assert_eq!(aged, before, "all but the age");
    for path in ["/api/max-two", "/api/players/7"] {
        assert!(age(&server, path).await >= Some(1), "{path}");
    }
    let first = server.max_two().await;
    let older = server
        .draw_until("another second", |draw| {
            Some(draw.age_ms / 1_000) > first.age
        })
        .await;
    let second = server.max_two().await;
    assert!(second.age > first.age && second.age >= Some(older.age_ms / 1_000));
    assert_eq!(
        (second.round, second.users.len()),
        (before.round, first.users.len())
    );
    assert_eq!(server.player(7).await, player);
    let problem = server.try_player(0).await;
    assert_problem(problem, 404, "unknown-player").await;
    assert_eq!(server.get("/readyz").send().await.unwrap().status(), 200);
    redis.restart().await.unwrap();

    let after = server.draw_until("no age", |draw| draw.age_ms == 0).await;
    assert_eq!(after, before);
    eventually("answers without an age", async || {
        server.max_two().await.age.is_none() && age(&server, "/api/players/7").await.is_none()
    })
    .await;
}

/// The headers that the document names for a call's answer, with their values in an answer.
async fn headers(server: &Server, path: &str, route: &str) -> Vec<(String, Option<String>)> {
    let document = json(server.get("/api/openapi.json").send().await.unwrap()).await;
    let documented = &document["paths"][route]["get"]["responses"]["200"]["headers"];
    let answer = server.get(path).send().await.unwrap();
    let names = documented.as_object().unwrap().keys();
    let value = |name: &String| Some(answer.headers().get(name)?.to_str().unwrap().to_owned());
    names.map(|name| (name.clone(), value(name))).collect()
}

#[tokio::test]
async fn answers_have_the_headers_that_the_document_names() {
    let mut redis = start_redis().await;
    let server = settled(&Setup::new("ord", &redis), &redis).await;
    let round = server.draw().await.round.to_string();
    let all = [
        ("/api/max-two", "/api/max-two"),
        ("/api/players/7", "/api/players/{id}"),
    ];

    for (path, route) in all {
        for (name, value) in headers(&server, path, route).await {
            match name.as_str() {
                "Age" => assert_eq!(value, None, "{path}: all is of now"),
                "Draw-Round" => assert_eq!(value.as_ref(), Some(&round), "{path}"),
                _ => assert!(value.is_some(), "{path}: {name}"),
            }
        }
    }
    redis.kill().unwrap();
    server.draw_until("an age", |draw| draw.age_ms > 0).await;

    for (path, route) in all {
        let headers = headers(&server, path, route).await;
        assert!(headers.iter().any(|(name, _)| name == "Age"), "{headers:?}");
        for (name, value) in headers {
            assert!(value.is_some(), "{path}: {name}");
        }
    }
}

#[tokio::test]
async fn pages_are_told_that_redis_went_away_and_came_back_though_nobody_asks() {
    let mut redis = RedisServer::start_durable().await.unwrap();
    let server = settled(&Setup::new("ord", &redis), &redis).await;
    let mut tab = Tab::open_draw(&server, "ann").await;
    assert_eq!(tab.hear_a("draw").await["report"]["age_ms"], 0);

    redis.kill().unwrap();
    hears(&mut tab, "an age", |age_ms| age_ms > 0).await;
    redis.restart().await.unwrap();
    hears(&mut tab, "no age", |age_ms| age_ms == 0).await;
}

/// Waits until the draw's frames tell of such an age: the world's go on, whatever comes of them.
async fn hears(tab: &mut Tab, what: &str, holds: impl Fn(u64) -> bool) {
    let wait = async {
        loop {
            let frame = tab.hear_a("draw").await;
            if holds(frame["report"]["age_ms"].as_u64().unwrap()) {
                break;
            }
        }
    };
    let heard = tokio::time::timeout(DEADLINE, wait).await;
    heard.unwrap_or_else(|_| panic!("no frame of the draw told of {what}"));
}

#[tokio::test]
async fn a_query_while_redis_is_away_is_told_by_this_instance() {
    let mut redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    redis.kill().unwrap();
    server.draw_until("an age", |draw| draw.age_ms > 0).await;

    assert_eq!(server.max_two().await.timestamp, None);
    assert!(server.max_two().await.timestamp.is_some());
}

#[tokio::test]
async fn rounds_go_on_when_redis_comes_back_empty() {
    let mut redis = start_redis().await;
    let server = Setup::new("ord", &redis).in_a_hurry().start().await;
    let before = server.draw_until("a round", |draw| draw.round > 1).await;
    redis.kill().unwrap();
    let away = server.draw_until("an age", |draw| draw.age_ms > 0).await;
    assert!(away.round >= before.round);
    redis.restart().await.unwrap();

    let back = server
        .draw_until("another round", |draw| {
            assert_eq!(draw.histogram.iter().sum::<u32>(), draw.players);
            draw.age_ms == 0 && draw.started_at != away.started_at
        })
        .await;

    assert!(back.round > away.round, "numbers never come again");
}

#[tokio::test]
async fn a_server_that_has_no_round_yet_says_so_and_is_not_ready() {
    let mut redis = start_redis().await;
    let setup = Setup::new("ord", &redis);
    redis.kill().unwrap();
    let server = setup.start_unready().await;

    for path in [
        "/api/max-two",
        "/api/players/1",
        "/api/players/x",
        "/api/draw",
        "/draw",
        "/readyz",
    ] {
        let answer = server.get(path).send().await.unwrap();
        assert_eq!(answer.headers()["retry-after"], "2", "{path}");
        assert_problem(answer, 503, "not-ready").await;
    }
    redis.restart().await.unwrap();

    eventually("readiness", async || {
        server.get("/readyz").send().await.unwrap().status() == 200
    })
    .await;
    assert_eq!(server.draw().await.round, 0);
    assert_eq!(server.get("/draw").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn an_instance_is_ready_only_with_a_round() {
    let redis = start_redis().await;
    let mut connection = redis.connection().await.unwrap();
    // What is no hash can be no round, and no instance can make it one.
    let mut broken = redis::cmd("SET");
    let broken = broken.arg("test:{draw}:1:round").arg("broken");
    broken.query_async::<()>(&mut connection).await.unwrap();
    let server = Setup::new("ord", &redis).start_unready().await;
    eventually("the world", async || {
        server.get("/api/world").send().await.unwrap().status() == 200
    })
    .await;

    for path in ["/readyz", "/live", "/api/draw"] {
        let answer = server.get(path).send().await.unwrap();
        assert_ne!(answer.status(), 200, "{path}");
    }
    assert_eq!(
        json(server.get("/readyz").send().await.unwrap()).await["type"],
        "not-ready"
    );
    let mut mend = redis::cmd("DEL");
    let mend = mend.arg("test:{draw}:1:round");
    mend.query_async::<()>(&mut connection).await.unwrap();

    eventually("readiness", async || {
        server.get("/readyz").send().await.unwrap().status() == 200
    })
    .await;
    Tab::open_draw(&server, "ann").await.hear_a("draw").await;
}

#[tokio::test]
async fn the_draw_waits_for_no_redis() {
    let redis = start_redis().await;
    let link = Proxy::start(&redis.url()).unwrap();
    let setup = Setup::new("ord", &redis)
        .with("REDIS_URL", &link.url())
        .patient();
    let server = setup.start().await;
    server.knows_its_key().await;
    link.freeze();

    let started = Instant::now();
    for path in [
        "/api/max-two",
        "/api/players/1",
        "/api/draw",
        "/draw",
        "/draw?player=7",
    ] {
        for _ in 0..3 {
            let answer = server.get(path).send().await.unwrap();
            assert_eq!(answer.status(), 200, "{path}");
        }
    }

    assert!(started.elapsed() < Duration::from_secs(2) + crate::support::LAG);
}
