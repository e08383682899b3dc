//! Claiming addresses over REST.

use crate::support::{Server, assert_problem, json, start_redis};
use serde_json::json;

#[tokio::test]
async fn a_claim_resolves_aliases_and_tells_its_token_once() {
    let redis = start_redis().await;
    let server = Server::start("fra", &redis).await;

    let claimed = server.try_claim(" 1-Wren ").await;

    assert_eq!(claimed.status(), 201);
    assert_eq!(claimed.headers()["cache-control"], "no-store");
    let claimed = json(claimed).await;
    assert_eq!(claimed["address"], "ord-wren");
    let token = claimed["token"].as_str().unwrap();
    assert!(token.starts_with("mail_") && token.len() == 48, "{token}");
    assert_eq!(claimed.as_object().unwrap().len(), 2);
    for again in ["ord-wren", "1-wren", "ORD-WREN"] {
        let taken = assert_problem(server.try_claim(again).await, 409, "address-taken").await;
        assert!(!taken.to_string().contains(token));
    }
    let other = server.claim("fra-wren").await;
    assert_ne!(other, token);
}

#[tokio::test]
async fn of_two_who_claim_at_once_one_gets_the_address() {
    let redis = start_redis().await;
    let (ord, fra) = tokio::join!(Server::start("ord", &redis), Server::start("fra", &redis));

    for number in 0..20 {
        let address = format!("syd-name{number}");
        let (one, other) = tokio::join!(ord.try_claim(&address), fra.try_claim(&address));

        let mut statuses = [one.status().as_u16(), other.status().as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409]);
        let winner = if one.status() == 201 { one } else { other };
        let token = json(winner).await["token"].as_str().unwrap().to_owned();
        assert!(fra.inbox(&token, &address).await.is_empty());
    }
}

#[tokio::test]
async fn what_cannot_be_claimed_is_refused_by_name() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    let unknown = server.try_claim("4-wren").await;
    let problem = assert_problem(unknown, 404, "unknown-place").await;
    assert!(problem["detail"].as_str().unwrap().contains("`4`"));
    let alike = assert_problem(server.try_claim("orf-wren").await, 404, "unknown-place").await;
    assert!(alike["detail"].as_str().unwrap().contains("ord"), "{alike}");
    for address in ["ord-postmaster", "1-Postmaster", "1-Echo"] {
        assert_problem(server.try_claim(address).await, 403, "reserved-address").await;
    }
    for body in [
        json!({}),
        json!({ "address": "" }),
        json!({ "address": "wren" }),
        json!({ "address": "ord-hunter 2" }),
        json!({ "address": 5 }),
        json!({ "address": ["ord-wren"] }),
    ] {
        let answer = server
            .post("/api/addresses")
            .json(&body)
            .send()
            .await
            .unwrap();
        let problem = assert_problem(answer, 422, "bad-body").await;
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.contains("`address`") && !detail.contains("hunter"),
            "{detail}"
        );
    }
    let call = server
        .post("/api/addresses")
        .json(&json!({ "address": "ord-wren" }));
    let foreign = call
        .header("origin", "https://evil.example")
        .send()
        .await
        .unwrap();
    assert_problem(foreign, 403, "other-origin").await;
    assert_eq!(
        server.try_claim("ord-wren").await.status(),
        201,
        "it is free still"
    );
}
