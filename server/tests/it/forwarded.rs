//! `X-Forwarded-For`, as seen through the limits of an address.

use crate::support::{Server, Setup, start_redis};
use edge::testing::RedisServer;
use reqwest::header::{HeaderMap, HeaderValue};

/// More than the burst of four at one click a second.
const MANY: usize = 16;

#[tokio::test]
async fn nobody_hides_behind_a_header_of_his_own() {
    let redis = start_redis().await;
    let server = frugal(&redis).start().await;

    let refused = refusals(&server, |at| vec![format!("198.51.100.{at}")]).await;

    assert!(refused > 0, "each made-up address had a budget of its own");
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_visitor_has_a_budget() {
    let redis = start_redis().await;
    let server = frugal(&redis)
        .with("TRUSTED_PROXIES", "127.0.0.0/8, 10.0.0.0/8")
        .start()
        .await;

    let different = refusals(&server, |at| vec![format!("198.51.100.{at}, 10.0.0.1")]).await;
    let same = refusals(&server, |_| vec!["203.0.113.7".into()]).await;

    assert_eq!(different, 0);
    assert!(same > 0);
}

#[tokio::test]
async fn what_a_visitor_writes_before_the_proxy_does_is_not_believed() {
    let redis = start_redis().await;
    let server = frugal(&redis)
        .with("TRUSTED_PROXIES", "127.0.0.1")
        .start()
        .await;

    let made_up = refusals(&server, |at| vec![format!("198.51.100.{at}, 203.0.113.1")]).await;
    let in_lines = refusals(&server, |at| {
        vec![format!("198.51.100.{at}"), "203.0.113.2".into()]
    })
    .await;
    // The proxy adds to the last line, behind bytes that are no text.
    let unreadable = refusals(&server, |at| {
        vec![format!("198.51.100.{at}"), "\u{e9}, 203.0.113.3".into()]
    })
    .await;

    assert!(made_up > 0);
    assert!(in_lines > 0);
    assert!(
        unreadable > 0,
        "an unreadable line was skipped, and the one before it believed"
    );
}

fn frugal(redis: &RedisServer) -> Setup {
    Setup::new("ord", redis).with("ADDRESS_CLICKS_PER_SECOND", "1")
}

/// Clicks many times, each with its lines of `X-Forwarded-For`. Returns how many were refused.
async fn refusals(server: &Server, lines: impl Fn(usize) -> Vec<String>) -> usize {
    let mut refused = 0;
    for at in 0..MANY {
        let mut headers = HeaderMap::new();
        for line in lines(at) {
            headers.append(
                "x-forwarded-for",
                HeaderValue::from_bytes(line.as_bytes()).unwrap(),
            );
        }
        let click = server.post("/api/clicks").headers(headers);
        let answer = click
            .json(&serde_json::json!({ "by": 1 }))
            .send()
            .await
            .unwrap();
        match answer.status().as_u16() {
            200 => {}
            429 => refused += 1,
            other => panic!("{other}"),
        }
    }
    refused
}
