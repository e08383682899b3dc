//! `POST /live`: the frames of a page whose sockets something blocks.

use crate::support::{
    Server, Setup, Tab, assert_problem, clicks_in, exchange, is_state_of, post_frames, session_id,
    start_redis,
};
use edge::testing::RedisServer;
use protocol::live::{UNACKNOWLEDGED_MAX, VERSION};
use serde_json::{Value, json};

/// Lets Redis hang, or go on.
fn signal(redis: &RedisServer, signal: &str) {
    let pid = redis.pid().unwrap().to_string();
    let status = std::process::Command::new("kill")
        .args([signal, &pid])
        .status();
    assert!(status.unwrap().success());
}

fn click(seq: u64) -> Value {
    json!({ "type": "click", "seq": seq, "by": 1 })
}

#[tokio::test]
async fn an_exchange_tells_all_that_a_socket_would() {
    let redis = start_redis().await;
    let server = Server::start("fra", &redis).await;
    let code = server.create("ann", json!({})).await;
    let watch = json!({ "type": "watch", "topic": "party", "key": code });

    let frames = exchange(&server, "ann", &[watch]).await;

    assert_eq!(
        (&frames[0]["type"], &frames[0]["region"]),
        (&json!("welcome"), &json!("fra"))
    );
    let world = frames
        .iter()
        .find(|frame| is_state_of(frame, "world"))
        .unwrap();
    assert_eq!(world["state"]["full"], true);
    let party = frames
        .iter()
        .find(|frame| is_state_of(frame, "party"))
        .unwrap();
    assert_eq!(party["key"], code);
}

#[tokio::test]
async fn clicks_count_once_however_often_they_are_sent() {
    let redis = start_redis().await;
    let server = Server::start("fra", &redis).await;

    for clicks in [
        &[click(1), click(2)][..],
        &[click(1), click(2), click(3)],
        &[click(3)],
    ] {
        let frames = exchange(&server, "ann", clicks).await;
        let newest = &clicks.last().unwrap()["seq"];
        let is_ack = |frame: &Value| frame["type"] == "ack" && frame["seq"] == *newest;
        assert!(frames.iter().any(is_ack), "{frames:?}");
    }
    let mut socket = Tab::open(&server, "ann").await;
    socket.click(3).await;
    socket.settled(3).await;

    server
        .until("three clicks", |report| report.clicks == 3)
        .await;
}

#[tokio::test]
async fn all_clicks_that_may_wait_fit_into_one_exchange() {
    let redis = start_redis().await;
    let server = Server::start("fra", &redis).await;
    let all = UNACKNOWLEDGED_MAX as u64;
    let clicks: Vec<_> = (1..=all).map(click).collect();
    let is_last = |frame: &Value| frame["type"] == "ack" && frame["seq"] == all;

    // Where an answer was too early for the last ones, the next has them.
    while !exchange(&server, "ann", &clicks).await.iter().any(is_last) {}

    assert_eq!(clicks_in(&redis).await, all as i64);
}

#[tokio::test]
async fn a_redis_that_hangs_holds_no_exchange_for_long() {
    let redis = start_redis().await;
    let server = Server::start("fra", &redis).await;
    let watch = |at: u32| json!({ "type": "watch", "topic": "party", "key": (100_000_000 + at).to_string() });
    let frames: Vec<_> = std::iter::once(click(1))
        .chain((0..16).map(watch))
        .collect();

    signal(&redis, "-STOP");
    let frames = exchange(&server, "ann", &frames).await;
    signal(&redis, "-CONT");

    assert!(
        frames.iter().any(|frame| is_state_of(frame, "world")),
        "{frames:?}"
    );
    server.until("the click", |report| report.clicks == 1).await;
}

#[tokio::test]
async fn who_exchanges_is_present() {
    let redis = start_redis().await;
    let server = Server::start("fra", &redis).await;

    // Without cookies, too, one session is one person.
    for _ in 0..3 {
        exchange(&server, "ann", &[]).await;
    }

    server.until("all", |report| report.connections == 3).await;
    assert_eq!(server.report().await.people, 1);
    server.until("nobody", |report| report.people == 0).await;
}

#[tokio::test]
async fn an_answer_says_whether_there_is_room_for_a_socket() {
    let redis = start_redis().await;
    let server = Setup::new("fra", &redis)
        .with("ADDRESS_CONNECTIONS", "1")
        .start()
        .await;
    let room = async || post_frames(&server, "bob", &[]).await.headers()["live-socket"].clone();

    assert_eq!(room().await, "open");
    let socket = Tab::open(&server, "ann").await;
    assert_eq!(room().await, "too-many-connections");

    drop(socket);
    while room().await != "open" {}
}

#[tokio::test]
async fn what_would_close_a_socket_is_a_problem() {
    let redis = start_redis().await;
    let server = Server::start("fra", &redis).await;
    let hello = json!({ "type": "hello", "version": VERSION, "session": session_id("ann") });

    for frames in [&[hello][..], &[json!({ "type": "dance" })]] {
        assert_problem(post_frames(&server, "ann", frames).await, 422, "bad-body").await;
    }
    let empty = server.post("/live").send().await.unwrap();
    assert_problem(empty, 422, "bad-body").await;
    let huge = server
        .post("/live")
        .body("x".repeat(1 << 20))
        .send()
        .await
        .unwrap();
    assert_problem(huge, 413, "too-large").await;
    let foreign = server
        .post("/live")
        .header("origin", "https://evil.example")
        .send()
        .await
        .unwrap();
    assert_problem(foreign, 403, "other-origin").await;

    assert_eq!(server.report().await.clicks, 0);
}
