//! A token is seen by whoever claimed with it, and by nobody else: it is in no other answer, log, list, figure, or
//! value in Redis.

use crate::support::{Server, Setup, dump, start_redis, whole};

/// A token of no address, with a mark to be found again.
const WRONG: &str = "mail_hunter2hunter2hunter2hunter2hunter2hunter2hu";

#[tokio::test]
async fn tokens_are_seen_by_nobody() {
    let redis = start_redis().await;
    let ord = Server::start("ord", &redis).await;
    let fra = Setup::new("fra", &redis).with("RUST_LOG", "trace");
    let fra = fra.start().await;
    let ann = ord.claim("ord-ann").await;
    let bob = fra.claim("fra-bob").await;

    let mut seen = live(&ord, &fra, (&ann, &bob)).await;
    seen.push_str(&refusals(&ord, &ann).await);
    seen.push_str(&dump(&redis, "a letter of ann's").await);
    let logs = ord.log() + &fra.log();
    for personal in ["a letter of ann's", "from nobody", "ord-ann", "fra-bob"] {
        assert!(!logs.contains(personal), "{personal} is in a log");
    }
    seen.push_str(&logs);

    for shown in [
        "a letter of ann's",
        "\"verified\":true",
        "not-owner",
        "murmuration",
    ] {
        assert!(seen.contains(shown), "{shown}");
    }
    for secret in [&ann[..], &bob, "hunter2"] {
        if let Some(at) = seen.find(secret.trim_start_matches("mail_")) {
            let around = &seen[at.saturating_sub(200)..(at + 200).min(seen.len())];
            panic!("{secret} is in {around:?}");
        }
    }
}

/// Does with mail all that can be done. Returns all that came back.
async fn live(ord: &Server, fra: &Server, (ann, bob): (&str, &str)) -> String {
    let mut seen = String::new();
    let letter = |key: &str| {
        let letter = fra.letter("a letter of ann's", "fra-bob", "ord-ann");
        letter.bearer_auth(ann).header("idempotency-key", key)
    };
    for answer in [
        letter("one").send().await.unwrap(),
        letter("one").send().await.unwrap(),
        ord.mail("from nobody", "ord-ann", "syd-cid").await,
        fra.try_inbox(ann, "ord-ann", "").await,
        ord.try_inbox(bob, "fra-bob", "").await,
        ord.get("/api/messages/export?address=fra-bob")
            .bearer_auth(bob)
            .send()
            .await
            .unwrap(),
        ord.try_claim("ord-ann").await,
        ord.get("/api/world").send().await.unwrap(),
        ord.get("/managers").send().await.unwrap(),
        ord.get("/metrics").send().await.unwrap(),
        ord.get("/api/openapi.json").send().await.unwrap(),
        ord.get("/").send().await.unwrap(),
    ] {
        assert!(answer.status().is_success() || answer.status() == 409);
        seen.push_str(&whole(answer).await);
    }
    seen
}

/// Ways in which a call with a token can be refused. Returns all that came back.
async fn refusals(server: &Server, token: &str) -> String {
    let mut seen = String::new();
    let calls = [
        server.letter("x", "fra-bob", "ord-ann").bearer_auth(WRONG),
        server.letter("x", "4-bob", "ord-ann").bearer_auth(token),
        server.letter("", "fra-bob", "ord-ann").bearer_auth(token),
        server.letter(token, "4-x", token),
        server
            .get("/api/messages?address=ord-ann")
            .bearer_auth(WRONG),
        server
            .get("/api/messages?address=ord-ann&limit=x")
            .bearer_auth(token),
        server.get(&format!("/api/messages?address={token}")),
        server.get(&format!("/api/messages?address=ord-ann&after={token}")),
        server
            .get("/api/messages?address=ord-ann")
            .header("authorization", token),
        server.get("/nowhere").bearer_auth(token),
        server
            .get("/nowhere")
            .bearer_auth(token)
            .header("accept", "text/html"),
    ];
    for call in calls {
        let answer = call.send().await.unwrap();
        assert!(answer.status().is_client_error(), "{}", answer.status());
        seen.push_str(&whole(answer).await);
    }
    seen
}
