//! Whoever changes parties or guesses codes too fast is told to wait.

use crate::support::{Server, Setup, Tab, assert_problem, device, start_redis};
use serde_json::json;

/// A code that is no party's here: of a billion, few are given out.
const GUESS: &str = "123456789";

#[tokio::test]
async fn an_address_creates_and_joins_parties_so_often_and_no_more() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("PARTY_CHANGES_PER_MINUTE", "3");
    let server = setup.start().await;
    let code = server.create("ann", json!({})).await;
    assert_eq!(server.join(&code, "bob").await.status(), 201);
    assert_eq!(server.join(&code, "cid").await.status(), 201);

    let joining = server.join(&code, "dan").await;
    assert_eq!(joining.headers()["retry-after"], "2");
    assert_problem(joining, 429, "too-many-party-changes").await;
    let body = json!({ "device_id": device("dan") });
    let creating = server.post("/parties").json(&body).send().await.unwrap();
    assert_problem(creating, 429, "too-many-party-changes").await;

    assert_eq!(server.members(&code).await.len(), 3, "looking is free");
    assert_eq!(
        server.leave(&code, "cid").await.status(),
        204,
        "so is leaving"
    );
}

#[tokio::test]
async fn an_address_that_guesses_codes_may_name_none_for_a_while() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("PARTY_MISSES_PER_MINUTE", "3");
    let server = setup.start().await;
    let code = server.create("ann", json!({})).await;
    let path = format!("/parties/{code}");
    for _ in 0..10 {
        let found = server.get(&path).send().await.unwrap();
        assert_eq!(found.status(), 200, "codes that are known cost nothing");
    }

    let guess = format!("/parties/{GUESS}");
    for answer in [
        server.get(&guess).send().await.unwrap(),
        server.join(GUESS, "bob").await,
        server.leave(GUESS, "bob").await,
    ] {
        assert_problem(answer, 404, "unknown-party").await;
    }

    for answer in [
        server.get(&path).send().await.unwrap(),
        server
            .get(&format!("{path}/participants"))
            .send()
            .await
            .unwrap(),
        server.join(&code, "bob").await,
        server.leave(&code, "ann").await,
    ] {
        assert_problem(answer, 429, "too-many-guesses").await;
    }
    let nearby = server.get("/parties?lat=0&lng=0").send().await.unwrap();
    assert_eq!(nearby.status(), 200, "this names no code");
}

#[tokio::test]
async fn guesses_sent_at_once_are_paid_for_later() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("PARTY_MISSES_PER_MINUTE", "30");
    let server = setup.start().await;
    let guess = async |server: &Server| {
        let answer = server.get(&format!("/parties/{GUESS}"));
        answer.send().await.unwrap().status().as_u16()
    };

    let at_once = futures::future::join_all((0..60).map(|_| guess(&server))).await;

    assert!(at_once.iter().all(|status| matches!(status, 404 | 429)));
    assert!(at_once.iter().filter(|status| **status == 404).count() >= 30);
    assert_eq!(guess(&server).await, 429);
}

#[tokio::test]
async fn a_socket_that_guesses_codes_is_closed_like_any_caller() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("PARTY_MISSES_PER_MINUTE", "2");
    let server = setup.start().await;
    let code = server.create("ann", json!({})).await;
    let mut tab = Tab::open(&server, "guesser").await;
    for _ in 0..10 {
        tab.say(json!({ "type": "party", "party_code": code }))
            .await;
        assert_eq!(
            tab.hear_a("party").await["party"]["party_code"],
            code.as_str()
        );
    }

    for guess in [GUESS, "987654321"] {
        tab.say(json!({ "type": "party", "party_code": guess }))
            .await;
        let frame = tab.hear_a("party").await;
        assert_eq!(
            (&frame["party_code"], &frame["party"]),
            (&json!(guess), &json!(null))
        );
    }
    tab.say(json!({ "type": "party", "party_code": code }))
        .await;

    let closed = loop {
        if let Err(closed) = tab.try_hear().await {
            break closed;
        }
    };
    assert_eq!(closed.0, 1013, "{closed:?}");
}
