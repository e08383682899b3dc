//! Whoever sends or claims too fast is told to wait.

use crate::support::{Server, Setup, assert_problem, start_redis};
use reqwest::Response;
use serde_json::json;

/// A server with one bound, over a Redis that the test keeps.
async fn bounded(redis: &edge::testing::RedisServer, name: &str, bound: &str) -> Server {
    Setup::new("ord", redis).with(name, bound).start().await
}

async fn assert_wait(answer: Response, kind: &str, most: u32) {
    let seconds = answer.headers()["retry-after"].to_str().unwrap();
    let seconds: u32 = seconds.parse().unwrap();
    assert!((1..=most).contains(&seconds), "{seconds}");
    let problem = assert_problem(answer, 429, kind).await;
    assert!(
        problem["detail"].as_str().unwrap().contains("Wait"),
        "{problem}"
    );
}

#[tokio::test]
async fn a_computer_sends_so_often_and_no_more() {
    let redis = start_redis().await;
    let server = bounded(&redis, "MESSAGES_PER_MINUTE", "3").await;
    let token = server.claim("ord-ann").await;

    for number in 0..3 {
        let from = format!("fra-name{number}");
        assert_eq!(server.mail("hi", "ord-ann", &from).await.status(), 201);
    }
    assert_wait(
        server.mail("hi", "ord-ann", "fra-other").await,
        "too-many-messages",
        20,
    )
    .await;
    let code = server.create("ann", json!({})).await;
    let said = json!({ "device_id": crate::support::device("ann"), "message": "hi" });
    let said = server
        .post(&format!("/parties/{code}/messages"))
        .json(&said);
    assert_wait(said.send().await.unwrap(), "too-many-messages", 20).await;

    assert_eq!(
        server.inbox(&token, "ord-ann").await.len(),
        3,
        "reading is free"
    );
}

#[tokio::test]
async fn a_computer_claims_so_often_and_no_more() {
    let redis = start_redis().await;
    let server = bounded(&redis, "CLAIMS_PER_MINUTE", "2").await;

    assert_eq!(server.try_claim("ord-ann").await.status(), 201);
    assert_problem(server.try_claim("ord-ann").await, 409, "address-taken").await;

    assert_wait(server.try_claim("ord-bob").await, "too-many-claims", 30).await;
}

#[tokio::test]
async fn an_address_is_written_from_so_often_and_no_more() {
    let redis = start_redis().await;
    let server = bounded(&redis, "MAIL_FROM_PER_MINUTE", "3").await;

    for number in 0..3 {
        let to = format!("fra-name{number}");
        assert_eq!(server.mail("hi", &to, "ord-ann").await.status(), 201);
    }

    let fourth = server.mail("hi", "fra-other", "ord-ann").await;
    assert_wait(fourth, "too-many-messages", 60).await;
    assert_eq!(
        server.mail("hi", "fra-other", "ord-bob").await.status(),
        201
    );
}

#[tokio::test]
async fn unverified_senders_write_to_an_address_so_often_and_hold_no_verified_one_up() {
    let redis = start_redis().await;
    let server = Setup::new("ord", &redis)
        .with("MAIL_TO_PER_MINUTE", "20")
        .with("MAIL_UNVERIFIED_PER_MINUTE", "3");
    let (server, other) = (server.start().await, server.start().await);
    let (token, friend) = (server.claim("fra-ann").await, server.claim("ord-bob").await);

    let mut sent = 0;
    for number in 0..30 {
        let from = format!("ord-name{number}");
        let server = if number % 2 == 0 { &server } else { &other };
        match server.mail("junk", "fra-ann", &from).await {
            answer if answer.status() == 201 => sent += 1,
            answer => assert_wait(answer, "too-many-messages", 60).await,
        }
    }

    // The minute may have ended meanwhile.
    assert!((3..=6).contains(&sent), "{sent}");
    other.mail_as(&friend, "hi", "fra-ann", "ord-bob").await;
    assert_eq!(
        server.mail("hi", "fra-cat", "ord-other").await.status(),
        201
    );
    assert_eq!(server.inbox(&token, "fra-ann").await.len(), sent + 1);
}

#[tokio::test]
async fn unverified_senders_of_a_network_send_so_often_whomever_they_write_to() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis)
        .with("TRUSTED_PROXIES", "127.0.0.0/8")
        .with("MAIL_UNVERIFIED_PER_NETWORK", "3");
    let (server, other) = (setup.start().await, setup.start().await);
    let friend = server.claim("ord-bob").await;
    let send = async |server: &Server, from_ip: &str, to: &str| {
        let letter = server.letter("junk", to, "ord-name");
        let letter = letter.header("x-forwarded-for", from_ip);
        letter.send().await.unwrap()
    };

    let mut sent = 0;
    for number in 0..20 {
        let server = if number % 2 == 0 { &server } else { &other };
        let ip = format!("2001:db8:1:{number}::1");
        match send(server, &ip, &format!("fra-name{number}")).await {
            answer if answer.status() == 201 => sent += 1,
            answer => assert_wait(answer, "too-many-messages", 60).await,
        }
    }

    // The minute may have ended meanwhile.
    assert!((3..=6).contains(&sent), "{sent}");
    let elsewhere = send(&server, "2001:db8:2::1", "fra-ann").await;
    assert_eq!(elsewhere.status(), 201);
    let verified = server.letter("hi", "fra-ann", "ord-bob");
    let verified = verified.header("x-forwarded-for", "2001:db8:1::1");
    let verified = verified.bearer_auth(&friend).send().await.unwrap();
    assert_eq!(verified.status(), 201);
    assert!(!server.log().contains("2001:db8"), "addresses are logged");
}
