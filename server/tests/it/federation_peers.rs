//! Peers that answer badly.

use crate::support::{Cluster, Gate, Server, eventually, two_clusters};
use serde_json::json;

/// Larks with a server, which has a message for starlings, who answer that.
async fn answered_with(answer: &[u8]) -> (Cluster, Cluster, Server) {
    let (larks, starlings) = two_clusters().await;
    let ord = larks.start(&[&starlings]).await;
    starlings.gate.say(answer);
    assert_eq!(ord.mail("hi", "moon-ann", "ord-anyone").await.status(), 201);
    (larks, starlings, ord)
}

fn http(head: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}").into()
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Gate::start().await;
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let head = format!("{status}\r\nlocation: {}/", elsewhere.url());
        let (larks, starlings, ord) = answered_with(&http(&head, "")).await;

        eventually("an answer that is no use", async || {
            ord.log().contains("has moved")
        })
        .await;

        assert_eq!(larks.waiting_for("starlings").await, 1);
        assert!(starlings.gate.calls() > 0);
    }
    assert_eq!(elsewhere.calls(), 0);
}

#[tokio::test]
async fn an_answer_that_is_no_use_leaves_the_message_for_later() {
    let endless = http("200 OK", &" ".repeat(4 << 20));
    let cases: [(&[u8], &str); 8] = [
        (&endless, "too large"),
        (&http("200 OK", "{}"), "cannot read"),
        (&http("200 OK", r#"{"outcomes":[]}"#), "0 outcomes of 1"),
        (
            &http("200 OK", r#"{"outcomes":[{"outcome":"eaten"}]}"#),
            "cannot read",
        ),
        (&http("401 Unauthorized", ""), "compare their keys"),
        (&http("500 Oops", ""), "cannot take mail now"),
        (&http("404 Not Found", ""), "(404)"),
        (b"garbage", "cannot be reached"),
    ];

    for (answer, told) in cases {
        let (larks, _starlings, ord) = answered_with(answer).await;

        eventually(told, async || ord.log().contains(told)).await;
        assert_eq!(larks.waiting_for("starlings").await, 1);
    }
}

#[tokio::test]
async fn a_peer_that_asks_to_wait_is_left_alone() {
    let (larks, starlings, ord) =
        answered_with(&http("429 Slow Down\r\nretry-after: 1000", "")).await;
    eventually("an answer", async || ord.log().contains("asks to wait")).await;
    let calls = starlings.gate.calls();

    let mut connection = larks.redis.connection().await.unwrap();
    let until = async || -> Option<u64> {
        let mut until = redis::cmd("HGET");
        let until = until
            .arg("test:{mail:outbox:starlings}:1:peer")
            .arg("until");
        let mut connection = larks.redis.connection().await.unwrap();
        until.query_async(&mut connection).await.unwrap()
    };
    eventually("a note of it", async || until().await.is_some()).await;
    let until = until().await.unwrap();
    let (seconds, _): (u64, u64) = redis::cmd("TIME")
        .query_async(&mut connection)
        .await
        .unwrap();

    assert!(until / 1000 > seconds + 900, "{until} {seconds}");
    assert_eq!(starlings.gate.calls(), calls);
}

#[tokio::test]
async fn only_peers_over_tls_take_certificates() {
    let (larks, starlings) = two_clusters().await;
    let plain = starlings.as_peer();
    let setup = |peers: &str| {
        let setup = larks.setup_with(peers);
        let setup = setup.with("SSL_CERT_FILE", "/nowhere");
        setup.with("SSL_CERT_DIR", "/nowhere")
    };

    let _server = setup(&plain).start().await;
    let over_tls = setup(&plain.replace("http://", "https://"));
    let ended = over_tls.with("LEPTOS_SITE_ADDR", "127.0.0.1:0").run().await;

    assert!(!ended.status.success());
    assert!(ended.log.contains("SSL_CERT_FILE"), "{}", ended.log);
}

/// What would turn, hide or colour the text around it.
const HOSTILE: &str = "a\u{202e}b\u{200b}c\u{1b}[31m\nd\u{7}\u{feff}";

#[tokio::test]
async fn what_a_hostile_peer_says_turns_and_hides_no_text() {
    for outcome in ["later", "refused"] {
        let (larks, starlings) = two_clusters().await;
        let ord = larks.start(&[&starlings]).await;
        let wren = ord.claim("ord-wren").await;
        let problem = json!({ "type": HOSTILE, "title": HOSTILE, "status": 200, "detail": HOSTILE.repeat(200) });
        let answer = json!({ "outcomes": [{ "outcome": outcome, "problem": problem }] });
        starlings.gate.say(&http("200 OK", &answer.to_string()));

        ord.mail_as(&wren, "hi", "moon-ann", "ord-wren").await;

        let told = async || match outcome {
            "later" => larks.reasons("ord-wren").await,
            _ => ord.inbox(&wren, "ord-wren").await,
        };
        let is_told = async || told().await.iter().any(|text| text.contains("abc"));
        eventually("what it said", is_told).await;
        for text in told().await {
            let unseen = |one: char| one.is_control() || "\u{202e}\u{200b}\u{feff}".contains(one);
            assert!(!text.contains(unseen), "{text:?}");
            assert!(!text.contains("\\u00"), "as JSON: {text:?}");
            assert!(text.chars().count() < 500, "{text:?}");
        }
        assert!(!ord.log().contains('\u{202e}'));
    }
}
