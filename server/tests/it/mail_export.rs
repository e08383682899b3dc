//! A person takes away everything that is in their mailbox.

use crate::support::{Server, Setup, assert_problem, start_redis};
use futures::StreamExt;
use serde_json::Value;

/// More than are read at once, twice over.
const MANY: usize = 600;

async fn export(server: &Server, token: &str, address: &str) -> reqwest::Response {
    let path = format!("/api/messages/export?address={address}");
    server.get(&path).bearer_auth(token).send().await.unwrap()
}

fn lines(text: &str) -> Vec<Value> {
    let lines = text.split_terminator('\n');
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[tokio::test]
async fn an_owner_gets_all_that_came_and_all_they_wrote_in_order() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("MESSAGES_PER_MINUTE", "1000000");
    let setup = setup.with("MAIL_FROM_PER_MINUTE", "1000000");
    let server = setup.with("MAIL_TO_PER_MINUTE", "1000000").start().await;
    let token = server.claim("ord-ann").await;
    assert_eq!(
        export(&server, &token, "1-ann").await.text().await.unwrap(),
        ""
    );
    let mut expected = Vec::new();
    for number in 0..MANY {
        let text = number.to_string();
        if number % 3 == 0 {
            server.mail_as(&token, &text, "fra-bob", "ord-ann").await;
        } else {
            server.mail(&text, "ord-ann", "fra-bob").await;
        }
        expected.push((number % 3 == 0, text));
    }

    let answer = export(&server, &token, "1-ann").await;

    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/x-ndjson");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let attached = answer.headers()["content-disposition"].to_str().unwrap();
    assert_eq!(attached, "attachment; filename=\"ord-ann.jsonl\"");
    let lines = lines(&answer.text().await.unwrap());
    let told: Vec<_> = lines
        .iter()
        .map(|line| {
            (
                line["is_own"] == true,
                line["message"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    assert_eq!(told, expected);
    assert_eq!(
        (&lines[0]["to"], &lines[1]["to"]),
        (&"fra-bob".into(), &"ord-ann".into())
    );
    assert_eq!(
        (&lines[0]["verified"], &lines[1]["verified"]),
        (&true.into(), &false.into())
    );
}

#[tokio::test]
async fn nobody_else_gets_anything() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    server.claim("ord-ann").await;
    let bob = server.claim("ord-bob").await;

    for address in ["ord-ann", "ord-nobody"] {
        let refused = export(&server, &bob, address).await;
        assert_eq!(refused.headers()["www-authenticate"], "Bearer");
        assert_problem(refused, 401, "not-owner").await;
    }
}

#[tokio::test]
async fn an_export_that_cannot_go_on_breaks_off() {
    let mut redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("MESSAGES_PER_MINUTE", "1000000");
    let setup = setup.with("MAIL_FROM_PER_MINUTE", "1000000");
    let server = setup.with("MAIL_TO_PER_MINUTE", "1000000").start().await;
    let token = server.claim("ord-ann").await;
    // Too much for the buffers between here and there.
    let text = "\u{1}".repeat(4095) + ".";
    let sent = futures::stream::iter((0..1_500).map(|_| server.mail(&text, "ord-ann", "fra-bob")));
    let sent = sent.buffer_unordered(20);
    assert!(sent.all(async |answer| answer.status() == 201).await);

    let path = "/api/messages/export?address=ord-ann";
    let call = server.get(path).header("accept-encoding", "identity");
    let mut answer = call.bearer_auth(&token).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.chunk().await.unwrap().unwrap();
    redis.kill().unwrap();

    let end = loop {
        match answer.chunk().await {
            Ok(Some(_)) => {}
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    assert!(end.is_err(), "a part is not to pass for the whole");
}
