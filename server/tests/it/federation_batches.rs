//! Calls between clusters with as much mail as fits.

use crate::support::{body, claims, eventually, json, token, two_clusters};
use edge::testing::Proxy;
use serde_json::{Value, json};
use std::time::Duration;

/// More than one call takes.
const LETTERS: u64 = 70;

/// A letter of 4 KiB that is six times as large as JSON, but for its number.
fn letter(number: u64) -> String {
    format!("{number:02}{}", "\u{1}".repeat(4094))
}

#[tokio::test]
async fn more_than_one_call_takes_comes_in_order_after_calls_that_fail() {
    let (larks, starlings) = two_clusters().await;
    let ord = larks.start(&[&starlings]).await;
    let moon = starlings.setup(&[&larks]).start().await;
    let ann = moon.claim("moon-ann").await;
    for number in 0..LETTERS {
        let sent = ord.mail(&letter(number), "moon-ann", "ord-anyone").await;
        assert_eq!(sent.status(), 201);
    }
    eventually("two calls that fail", async || {
        ord.log().matches("cannot be reached").count() >= 2
    })
    .await;

    starlings.gate.lead_to(moon.address);

    eventually("an empty outbox", async || {
        larks.waiting_for("starlings").await == 0
    })
    .await;
    let letters = moon.inbox(&ann, "moon-ann").await;
    assert_eq!(letters, (0..LETTERS).map(letter).collect::<Vec<_>>());
}

/// What became of the messages of a call, in their order.
async fn outcomes(answer: reqwest::Response) -> Vec<String> {
    assert_eq!(answer.status(), 200);
    let answer = json(answer).await;
    let outcomes = answer["outcomes"].as_array().unwrap().iter();
    let outcome = |one: &Value| one["outcome"].as_str().unwrap().to_owned();
    outcomes.map(outcome).collect()
}

/// A call with messages to these, in order.
fn call(recipients: impl Iterator<Item = &'static str>) -> String {
    let messages = recipients.map(|to| {
        let mut batch: Value = serde_json::from_str(&body(to, "ord-wren", "hi")).unwrap();
        batch["messages"][0].take()
    });
    json!({ "messages": messages.collect::<Vec<_>>() }).to_string()
}

#[tokio::test]
async fn a_slow_redis_takes_what_it_can_in_time_and_the_rest_later() {
    let (larks, starlings) = two_clusters().await;
    let slow = Proxy::start(&starlings.redis.url()).unwrap();
    let setup = starlings.setup(&[&larks]).patient();
    let moon = setup.with("REDIS_URL", &slow.url()).start().await;
    let body = call((0..100).map(|at| if at % 10 == 9 { "moon-bob" } else { "moon-ann" }));
    slow.delay(Duration::from_millis(150));

    let first = moon
        .federate(&token(&larks.keys, &claims(&body)), &body)
        .await;
    let first = outcomes(first).await;
    slow.restore();
    let again = moon
        .federate(&token(&larks.keys, &claims(&body)), &body)
        .await;

    let of = |to: usize| -> Vec<_> {
        let all = first.iter().enumerate();
        let theirs = all.filter(|(at, _)| usize::from(at % 10 == 9) == to);
        theirs.map(|(_, outcome)| outcome.as_str()).collect()
    };
    let (ann, bob) = (of(0), of(1));
    assert!(
        bob.iter().all(|outcome| *outcome == "stored"),
        "side by side: {bob:?}"
    );
    let stored = ann
        .iter()
        .take_while(|outcome| **outcome == "stored")
        .count();
    assert!((1..90).contains(&stored), "{ann:?}");
    assert!(
        ann[stored..].iter().all(|outcome| *outcome == "later"),
        "{ann:?}"
    );
    assert!(
        outcomes(again)
            .await
            .iter()
            .all(|outcome| outcome == "stored")
    );
    assert_eq!(starlings.letters("moon-ann").await, 90);
    assert_eq!(starlings.letters("moon-bob").await, 10);
}

#[tokio::test]
async fn too_much_junk_for_somebody_comes_later_and_owners_mail_at_once() {
    let (larks, starlings) = two_clusters().await;
    let setup = starlings.setup(&[&larks]);
    let moon = setup.with("MAIL_UNVERIFIED_PER_MINUTE", "1").start().await;
    let ann = moon.claim("moon-ann").await;
    let bob = "/api/addresses/moon-ann/blocks/ord-bob";
    let blocking = moon.request("PUT", bob).bearer_auth(&ann);
    assert_eq!(blocking.send().await.unwrap().status(), 204);
    let message = |number: usize, from: &str, verified: bool| {
        let mut batch: Value = serde_json::from_str(&body("moon-ann", from, "hi")).unwrap();
        batch["messages"][0]["id"] = json!(format!("{number:032x}"));
        batch["messages"][0]["verified"] = json!(verified);
        batch["messages"][0].take()
    };
    let messages: Vec<_> = (0..6)
        .map(|number| message(number, "ord-junk", false))
        .chain([message(7, "ord-wren", true), message(8, "ord-bob", true)])
        .collect();
    let body = json!({ "messages": messages }).to_string();

    let answer = moon
        .federate(&token(&larks.keys, &claims(&body)), &body)
        .await;

    let outcomes = outcomes(answer).await;
    // The minute may end meanwhile.
    assert!(outcomes[..6].contains(&"later".to_owned()), "{outcomes:?}");
    assert_eq!(outcomes[6..], ["stored", "refused"]);
}
