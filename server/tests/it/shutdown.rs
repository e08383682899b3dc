//! SIGTERM.

use crate::support::{LAG, Server, Setup, Tab, clicks_in, eventually, json, start_redis};
use edge::testing::Proxy;
use std::time::Duration;
use tokio::time::Instant;

/// What platforms give a process to end.
const IN_TIME: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_server_that_is_told_to_end_sends_its_browsers_elsewhere_and_loses_nothing() {
    let redis = start_redis().await;
    // No beat is ever too old: nobody is removed but by leaving.
    let patient = |region| Setup::new(region, &redis).with("BEAT_LIMIT_MS", "600000");
    let (mut ord, fra) = (patient("ord").start().await, patient("fra").start().await);
    let mut tab = Tab::open(&ord, "ann").await;
    let mut silent = Tab::connect(&ord).await;
    for seq in 1..=50 {
        tab.click(seq).await;
    }
    let started = Instant::now();
    ord.terminate();

    let (code, reason, frames) = tab.closing().await;
    assert_eq!(code, 1012, "{reason}");
    assert_eq!(
        silent.closing().await.0,
        1012,
        "one that had not said hello yet"
    );
    let acks = frames.iter().filter(|frame| frame["type"] == "ack");
    let acknowledged = acks
        .filter_map(|ack| ack["seq"].as_u64())
        .max()
        .unwrap_or(0);
    let mut again = Tab::open(&fra, "ann").await;
    for seq in acknowledged + 1..=50 {
        again.click(seq).await;
    }
    if acknowledged < 50 {
        again.settled(50).await;
    }
    let status = ord.ended_within(IN_TIME + LAG).await;
    assert!(started.elapsed() < IN_TIME + LAG);
    assert!(status.success(), "{status}");
    fra.until("one off the registry", |world| world.instances() == 1)
        .await;
    fra.until("all clicks", |world| world.clicks == 50).await;
}

#[tokio::test]
async fn a_server_that_ends_is_not_ready_but_answers_what_was_asked_before() {
    let redis = start_redis().await;
    let slow = Proxy::start(&redis.url()).unwrap();
    let setup = Setup::new("ord", &redis).with("REDIS_URL", &slow.url());
    let mut server = setup.patient().start().await;
    // From here on Redis knows the script: a click is one call.
    assert_eq!(server.click("first").send().await.unwrap().status(), 200);
    // For so long, Redis has counted a click and the server does not know.
    slow.delay(Duration::from_millis(300));
    let click = tokio::spawn(server.click("key").send());
    eventually("the click in Redis", async || clicks_in(&redis).await == 2).await;

    server.terminate();

    eventually("no readiness", async || {
        match server.get("/readyz").send().await {
            Ok(answer) => answer.status() == 503,
            Err(_) => true,
        }
    })
    .await;
    assert_eq!(click.await.unwrap().unwrap().status(), 200);
    assert!(server.ended_within(IN_TIME + LAG).await.success());
}

#[tokio::test]
async fn a_server_ends_in_time_while_redis_is_away() {
    let redis = start_redis().await;
    let link = Proxy::start(&redis.url()).unwrap();
    let setup = Setup::new("ord", &redis)
        .with("REDIS_URL", &link.url())
        .with("CLICKS_WAITING", "2");
    let mut server = setup.start().await;
    let mut tab = Tab::open(&server, "ann").await;
    link.freeze();
    tab.click(1).await;
    let _stuck = tokio::spawn(server.click("key").send());
    eventually("two clicks that wait", async || {
        let another = server.post("/api/clicks");
        let another = another.json(&serde_json::json!({ "by": 1 }));
        let answer = another.send().await.unwrap();
        json(answer).await["title"] == "This click cannot be kept"
    })
    .await;

    server.terminate();

    assert_eq!(tab.closing().await.0, 1012);
    assert!(server.ended_within(IN_TIME + LAG).await.success());
}

#[tokio::test]
async fn an_interrupt_ends_it_too() {
    let redis = start_redis().await;
    let mut server = Server::start("ord", &redis).await;

    let pid = server.pid().to_string();
    std::process::Command::new("kill")
        .args(["-INT", &pid])
        .status()
        .unwrap();

    assert!(server.ended_within(IN_TIME + LAG).await.success());
}
