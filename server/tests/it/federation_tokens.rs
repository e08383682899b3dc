//! Tokens that are not good.

use crate::support::{
    Cluster, KeyTexts, Server, assert_problem, body, claims, in_seconds, json, token, two_clusters,
};
use serde_json::{Value, json};

const TO: &str = "moon-ann";

/// Starlings with a server, and larks without.
async fn receiver() -> (Cluster, Cluster, Server) {
    let (larks, starlings) = two_clusters().await;
    let moon = starlings.start(&[&larks]).await;
    (larks, starlings, moon)
}

/// The claims with one of them changed.
fn with(body: &str, name: &str, value: Value) -> Value {
    let mut claims = claims(body);
    claims[name] = value;
    claims
}

async fn refused(server: &Server, reason: &str) -> u64 {
    let metrics = server.get("/metrics").send().await.unwrap();
    let metrics = metrics.text().await.unwrap();
    let name = format!("murmuration_federation_tokens_refused_total{{reason=\"{reason}\"}} ");
    let line = metrics.lines().find_map(|line| line.strip_prefix(&name));
    line.map_or(0, |count| count.parse().unwrap())
}

#[tokio::test]
async fn a_good_token_is_accepted_once() {
    let (larks, starlings, moon) = receiver().await;
    let body = body(TO, "ord-wren", "hi");
    let good = token(&larks.keys, &claims(&body));

    let first = moon.federate(&good, &body).await;
    let replayed = moon.federate(&good, &body).await;
    let fresh = token(&larks.keys, &claims(&body));
    let again = moon.federate(&fresh, &body).await;

    assert_eq!(first.status(), 200);
    let stored = json!({ "outcomes": [{ "outcome": "stored" }] });
    assert_eq!(json(first).await, stored);
    assert_problem(replayed, 401, "bad-token").await;
    assert_eq!(json(again).await, stored, "with another token, it is known");
    assert_eq!(starlings.letters(TO).await, 1);
    assert_eq!(refused(&moon, "replay").await, 1);
}

#[tokio::test]
async fn whatever_is_wrong_with_a_token_the_answer_is_the_same_and_nothing_is_stored() {
    let (larks, starlings, moon) = receiver().await;
    let body = body(TO, "ord-wren", "hi");
    let good = claims(&body);
    let signed = |claims: &Value| token(&larks.keys, claims);
    let other = KeyTexts::fresh();
    let mut changed = signed(&good);
    changed.replace_range(40..41, if &changed[40..41] == "A" { "B" } else { "A" });
    let unsigned = signed(&good)[..120].to_owned();
    let cases = [
        ("signature", token(&other, &good)),
        (
            "expired",
            signed(&with(&body, "exp", json!(in_seconds(-20)))),
        ),
        (
            "too_long",
            signed(&with(&body, "exp", json!(in_seconds(300)))),
        ),
        ("form", signed(&with(&body, "exp", json!("soon")))),
        ("form", signed(&with(&body, "jti", json!("short")))),
        ("form", signed(&with(&body, "exp", json!(null)))),
        ("audience", signed(&with(&body, "aud", json!("larks")))),
        ("issuer", signed(&with(&body, "iss", json!("gulls")))),
        ("issuer", signed(&with(&body, "iss", json!("starlings")))),
        ("digest", signed(&with(&body, "digest", json!("00")))),
        ("form", "v4.public.".into()),
        ("form", "x".repeat(5000)),
    ];

    let mut answers = Vec::new();
    for (reason, token) in cases {
        let before = refused(&moon, reason).await;
        let answer = moon.federate(&token, &body).await;
        answers.push(assert_problem(answer, 401, "bad-token").await);
        assert_eq!(refused(&moon, reason).await, before + 1, "{reason}");
    }
    for token in [changed, unsigned] {
        let answer = moon.federate(&token, &body).await;
        answers.push(assert_problem(answer, 401, "bad-token").await);
    }
    let without = moon.post("/api/federation/messages").body(body.clone());
    answers.push(assert_problem(without.send().await.unwrap(), 401, "bad-token").await);

    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(starlings.letters(TO).await, 0);
}

#[tokio::test]
async fn a_changed_body_is_refused_and_does_not_use_the_token_up() {
    let (larks, starlings, moon) = receiver().await;
    let body = body(TO, "ord-wren", "Give Eve 10 seeds.");
    let token = token(&larks.keys, &claims(&body));

    let changed = body.replace("10", "99");
    assert_problem(moon.federate(&token, &changed).await, 401, "bad-token").await;
    assert_eq!(starlings.letters(TO).await, 0);

    assert_eq!(moon.federate(&token, &body).await.status(), 200);
}

#[tokio::test]
async fn a_claimed_issuer_is_logged_on_one_bounded_line() {
    let (larks, _starlings, moon) = receiver().await;
    let body = body(TO, "ord-wren", "hi");
    let issuer = format!("gulls\nforged line \u{1b}[31m{}", "x".repeat(500));
    let token = token(&larks.keys, &with(&body, "iss", json!(issuer)));

    assert_problem(moon.federate(&token, &body).await, 401, "bad-token").await;

    let log = moon.log();
    let line = log.lines().find(|line| line.contains("gulls")).unwrap();
    assert!(
        line.contains("the issuer is no peer") && line.contains("forged line"),
        "{line}"
    );
    assert!(!line.contains(&"x".repeat(100)), "{line}");
    assert!(!log.contains("\u{1b}[31m"));
}

#[tokio::test]
async fn a_sender_at_a_place_of_another_cluster_is_refused() {
    let (larks, starlings, moon) = receiver().await;

    for from in ["moon-bob", "mars-eve", "ord-postmaster"] {
        let body = body(TO, from, "hi");
        let token = token(&larks.keys, &claims(&body));
        let answer = json(moon.federate(&token, &body).await).await;
        assert_eq!(answer["outcomes"][0]["outcome"], "refused", "{from}");
    }

    assert_eq!(starlings.letters(TO).await, 0);
}

#[tokio::test]
async fn one_message_that_cannot_be_read_does_not_stop_the_others() {
    let (larks, starlings, moon) = receiver().await;
    let mut batch: Value = serde_json::from_str(&body(TO, "ord-wren", "hi")).unwrap();
    let good = batch["messages"][0].clone();
    let mut elsewhere = good.clone();
    elsewhere["to"] = json!("mars-eve");
    elsewhere["id"] = json!("0".repeat(32));
    batch["messages"] = json!([{ "hello": 1 }, elsewhere, good]);
    let body = batch.to_string();

    let token = token(&larks.keys, &claims(&body));
    let answer = json(moon.federate(&token, &body).await).await;

    let outcomes = answer["outcomes"].as_array().unwrap();
    let outcomes: Vec<_> = outcomes
        .iter()
        .map(|one| one["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(outcomes, ["refused", "refused", "stored"]);
    assert_eq!(starlings.letters(TO).await, 1);
}

#[tokio::test]
async fn bodies_are_bounded_and_no_others_are_read() {
    let (larks, starlings, moon) = receiver().await;
    let large = " ".repeat(2 << 20);
    let good = token(&larks.keys, &claims(&large));

    let answer = moon.federate(&good, &large).await;
    assert_problem(answer, 413, "too-large").await;
    for body in ["", "{", "[]", r#"{"messages":1}"#] {
        let token = token(&larks.keys, &claims(body));
        assert_problem(moon.federate(&token, body).await, 422, "bad-body").await;
    }

    assert_eq!(starlings.letters(TO).await, 0);
}

#[tokio::test]
async fn an_address_brings_so_many_bad_tokens_and_no_more() {
    let (larks, _starlings, moon) = receiver().await;

    let (mut refused, mut limited) = (0, None);
    for _ in 0..100 {
        let answer = moon.federate("x", "{}").await;
        match answer.status().as_u16() {
            429 => limited = Some(answer),
            status => {
                assert_eq!(status, 401);
                refused += 1;
            }
        }
    }

    let limited = limited.expect("an end");
    assert!(limited.headers().contains_key("retry-after"));
    assert_problem(limited, 429, "too-many-tokens").await;
    // One comes back each second: how many there are depends on the time, but not that no other is logged.
    let logged = moon.log().matches("is not accepted").count();
    assert_eq!(logged, refused);
    let body = body(TO, "ord-wren", "hi");
    let good = token(&larks.keys, &claims(&body));
    let answer = moon.federate(&good, &body).await;
    assert_eq!(answer.status(), 200, "a peer at that address");
}

#[tokio::test]
async fn a_token_is_remembered_for_as_long_as_the_slowest_clock_takes_it() {
    let (larks, starlings, moon) = receiver().await;
    let body = body(TO, "ord-wren", "hi");
    let claims = with(&body, "exp", json!(in_seconds(-10)));

    let answer = moon.federate(&token(&larks.keys, &claims), &body).await;

    assert_eq!(answer.status(), 200);
    let id = claims["jti"].as_str().unwrap();
    let seconds = starlings.remembers_token("larks", id).await;
    assert!((100..=120).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn a_call_bears_one_token() {
    let (larks, _starlings, moon) = receiver().await;
    let body = body(TO, "ord-wren", "hi");
    let good = token(&larks.keys, &claims(&body));

    let call = moon.post("/api/federation/messages").bearer_auth(&good);
    let two = call.bearer_auth("x").body(body.clone()).send();

    assert_problem(two.await.unwrap(), 401, "bad-token").await;
    assert_eq!(moon.federate(&good, &body).await.status(), 200);
}
