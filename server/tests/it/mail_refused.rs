//! Mail that cannot be sent, and how that is said.

use crate::support::{Server, Setup, assert_problem, json, start_redis};
use serde_json::json;

#[tokio::test]
async fn bodies_that_cannot_be_used_are_refused_by_the_name_of_the_field() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let whole = json!({ "message": "hi", "to": "ord-ann", "from": "fra-bob" });

    for field in ["message", "to", "from"] {
        let mut without = whole.clone();
        without.as_object_mut().unwrap().remove(field);
        let mut bodies = vec![without];
        for odd in [
            json!(null),
            json!(5),
            json!(true),
            json!(["x"]),
            json!({ "x": 1 }),
        ] {
            let mut with = whole.clone();
            with[field] = odd;
            bodies.push(with);
        }
        for body in bodies {
            let answer = server
                .post("/api/messages")
                .json(&body)
                .send()
                .await
                .unwrap();
            let problem = assert_problem(answer, 422, "bad-body").await;
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.contains(&format!("`{field}`")), "{body}: {detail}");
        }
    }
    for body in ["", "[]", "null", "{", "{} {}"] {
        let call = server.post("/api/messages").body(body);
        let call = call.header("content-type", "application/json");
        assert_problem(call.send().await.unwrap(), 422, "bad-body").await;
    }
    let text = server.post("/api/messages").body(whole.to_string());
    assert_problem(text.send().await.unwrap(), 415, "not-json").await;
}

#[tokio::test]
async fn keys_that_cannot_be_used_are_refused() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let send = async |keys: &[&str]| {
        let mut letter = server.letter("hi", "ord-ann", "fra-bob");
        for key in keys {
            letter = letter.header("idempotency-key", key.as_bytes());
        }
        letter.send().await.unwrap()
    };

    for keys in [
        &["with space"][..],
        &[""],
        &[&"k".repeat(129)],
        &["é"],
        &["one", "two"],
    ] {
        assert_problem(send(keys).await, 400, "bad-idempotency-key").await;
    }
    assert_eq!(send(&[&"k".repeat(128)]).await.status(), 201);
}

#[tokio::test]
async fn places_nobody_knows_are_named_wherever_they_stand() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for (to, from) in [("4-ann", "ord-bob"), ("ord-ann", "4-bob")] {
        let problem = assert_problem(server.mail("hi", to, from).await, 404, "unknown-place").await;
        assert!(
            problem["detail"].as_str().unwrap().contains("`4`"),
            "{problem}"
        );
    }
    for path in ["/api/messages", "/api/messages/export"] {
        let answer = server
            .get(&format!("{path}?address=4-ann"))
            .bearer_auth("x");
        let problem = assert_problem(answer.send().await.unwrap(), 404, "unknown-place").await;
        assert!(
            problem["detail"].as_str().unwrap().contains("`4`"),
            "{problem}"
        );
    }
}

#[tokio::test]
async fn the_servers_own_address_is_nobodys() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for (to, from) in [
        ("ord-postmaster", "ord-bob"),
        ("ord-ann", "1-Postmaster"),
        ("ord-ann", "1-echo"),
        ("fra-echo", "ord-echo"),
    ] {
        assert_problem(server.mail("hi", to, from).await, 403, "reserved-address").await;
    }
}

#[tokio::test]
async fn addresses_of_other_clusters_are_written_to_and_nothing_else() {
    let redis = start_redis().await;
    let folder = tempfile::tempdir().unwrap();
    let peers = folder.path().join("peers.toml");
    let key = "k4.public.cHFyc3R1dnd4eXp7fH1-f4CBgoOEhYaHiImKi4yNjo8";
    let peer = format!(
        "[[peer]]\nname=\"starlings\"\nurl=\"http://127.0.0.1:9\"\npublic_key=\"{key}\"\nplaces=[\"moon\"]\n"
    );
    std::fs::write(&peers, peer).unwrap();
    let setup = Setup::new("ord", &redis).with("PEERS_FILE", peers.to_str().unwrap());
    let server = setup.start().await;

    let sent = server.mail("hi", "moon-ann", "ord-bob").await;

    assert_eq!(sent.status(), 201);
    let sent = json(sent).await;
    assert_eq!(
        (&sent["status"], &sent["to"]),
        (&json!("queued"), &json!("moon-ann"))
    );
    for answer in [
        server.mail("hi", "ord-bob", "moon-ann").await,
        server.try_claim("moon-ann").await,
        server.try_inbox("x", "moon-ann", "").await,
    ] {
        let problem = assert_problem(answer, 422, "address-elsewhere").await;
        assert!(problem["detail"].as_str().unwrap().contains("starlings"));
    }
}

#[tokio::test]
async fn pages_of_other_sites_may_send_nothing() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let token = server.claim("ord-ann").await;

    let letter = server.letter("hi", "ord-ann", "fra-bob");
    let foreign = letter
        .header("origin", "https://evil.example")
        .bearer_auth(&token);
    assert_problem(foreign.send().await.unwrap(), 403, "other-origin").await;

    assert!(server.inbox(&token, "ord-ann").await.is_empty());
}

#[tokio::test]
async fn while_redis_is_away_every_call_says_so() {
    let mut redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let token = server.claim("ord-ann").await;
    redis.kill().unwrap();
    server.until("no Redis", |world| world.age_ms > 0).await;

    let export = server.get("/api/messages/export?address=ord-ann");
    for answer in [
        server.mail("hi", "ord-ann", "fra-bob").await,
        server.try_claim("ord-bob").await,
        server.try_inbox(&token, "ord-ann", "").await,
        export.bearer_auth(&token).send().await.unwrap(),
    ] {
        assert_eq!(answer.headers()["retry-after"], "2");
        assert_problem(answer, 503, "redis-away").await;
    }
}
