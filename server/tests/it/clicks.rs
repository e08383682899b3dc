//! `POST /api/clicks`.

use crate::support::{Server, client, json, start_redis};
use serde_json::{Value, json};

#[tokio::test]
async fn a_click_counts_up_or_down_and_says_where() {
    let redis = start_redis().await;
    let server = Server::start("fra", &redis).await;
    let mut revs = Vec::new();

    for (by, clicks) in [(1, 1), (1, 2), (-1, 1), (-1, 0), (-1, -1)] {
        let answer = server.post("/api/clicks").json(&json!({ "by": by }));
        let answer = answer.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let receipt = json(answer).await;
        assert_eq!(
            (&receipt["clicks"], &receipt["region"]),
            (&json!(clicks), &json!("fra"))
        );
        assert_eq!(receipt.as_object().unwrap().len(), 3);
        revs.push(receipt["rev"].as_u64().unwrap());
        // What was answered is in the world that the same instance shows.
        assert_eq!(server.report().await.clicks, clicks);
    }

    assert!(revs.is_sorted_by(|one, next| one < next), "{revs:?}");
}

#[tokio::test]
async fn a_key_counts_once_on_all_instances_together() {
    let redis = start_redis().await;
    let (ord, fra) = (
        Server::start("ord", &redis).await,
        Server::start("fra", &redis).await,
    );
    let first = json(ord.click("the-key").send().await.unwrap()).await;
    assert_eq!(first["clicks"], 1);

    for server in [&ord, &fra, &ord] {
        let again = server.click("the-key").send().await.unwrap();
        assert_eq!(again.status(), 200);
    }
    ord.click("another-key").send().await.unwrap();

    for server in [&ord, &fra] {
        server.until("two clicks", |world| world.clicks == 2).await;
    }
}

#[tokio::test]
async fn a_key_of_the_other_direction_is_refused() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    server.click("the-key").send().await.unwrap();

    let down = server.click("the-key").json(&json!({ "by": -1 }));
    let down = down.send().await.unwrap();
    assert_eq!(down.status(), 422);
    assert_problem(&json_problem(down).await, 422, "key-reused");

    let again = server.click("the-key").send().await.unwrap();
    assert_eq!(
        (again.status().as_u16(), &json(again).await["clicks"]),
        (200, &json!(1))
    );
}

#[tokio::test]
async fn a_key_sent_twenty_times_at_once_counts_once() {
    let redis = start_redis().await;
    let (ord, fra) = (
        Server::start("ord", &redis).await,
        Server::start("fra", &redis).await,
    );

    let calls = (0..20).map(|at| [&ord, &fra][at % 2].click("same").send());
    for answer in futures::future::join_all(calls).await {
        assert_eq!(answer.unwrap().status(), 200);
    }
    ord.click("end").send().await.unwrap();

    assert_eq!(ord.report().await.clicks, 2);
    fra.until("two clicks", |world| world.clicks == 2).await;
}

#[tokio::test]
async fn a_click_by_form_leads_back_to_the_page_it_came_from() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let cookie = server.cookie().await;

    for (referer, page) in [
        (server.url("/any?page=1"), "/any?page=1"),
        (server.url("//evil.example/"), "/"),
        ("https://evil.example/x".to_owned(), "/"),
        (String::new(), "/"),
    ] {
        let call = server.post("/clicks").body("by=1");
        let call = call.header("content-type", "application/x-www-form-urlencoded");
        let call = call
            .header("origin", server.origin())
            .header("cookie", &cookie);
        let answer = call.header("referer", &referer).send().await.unwrap();
        assert_eq!(answer.status(), 303);
        assert_eq!(answer.headers()["location"], page, "{referer}");
    }
}

#[tokio::test]
async fn without_a_key_each_request_is_a_click() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let call = || server.post("/api/clicks").json(&json!({ "by": 1 })).send();

    for answer in futures::future::join_all((0..20).map(|_| call())).await {
        assert_eq!(answer.unwrap().status(), 200);
    }

    assert_eq!(server.report().await.clicks, 20);
}

#[tokio::test]
async fn bodies_that_say_anything_else_are_refused_and_count_nothing() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let bodies = [
        "",
        "x",
        "{",
        "[]",
        "null",
        "{}",
        r#"{"by":0}"#,
        r#"{"by":2}"#,
        r#"{"by":1.5}"#,
        r#"{"by":"1"}"#,
        r#"{"by":true}"#,
        r#"{"by":1e400}"#,
        r#"{"by":9223372036854775808}"#,
        r#"{"by":1}{"by":1}"#,
        r#"{"by":1,"by":1}"#,
        "\u{feff}{\"by\":1}",
        "{\"by\":1}\0",
    ];

    for body in bodies {
        let answer = server
            .post("/api/clicks")
            .header("content-type", "application/json");
        let answer = answer.body(body).send().await.unwrap();
        assert_eq!(answer.status(), 422, "{body:?}");
        assert_problem(&json_problem(answer).await, 422, "bad-body");
    }

    assert_eq!(server.report().await.clicks, 0);
}

#[tokio::test]
async fn bodies_of_other_kinds_and_sizes_are_refused() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let send = async |kind: Option<&str>, body: String| {
        let mut call = client().post(server.url("/api/clicks")).body(body);
        if let Some(kind) = kind {
            call = call.header("content-type", kind);
        }
        call.send().await.unwrap()
    };
    let click = r#"{"by":1}"#.to_owned();

    for kind in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data"),
    ] {
        let answer = send(kind, click.clone()).await;
        assert_problem(&json_problem(answer).await, 415, "not-json");
    }
    let padded = format!("{{\"by\":1{}}}", " ".repeat(5000));
    let answer = send(Some("application/json"), padded).await;
    assert_problem(&json_problem(answer).await, 413, "too-large");
    assert_eq!(server.report().await.clicks, 0);

    let answer = send(Some("application/json; charset=utf-8"), click).await;
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn keys_that_cannot_be_used_are_refused() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for key in [
        "with space",
        "",
        "tab\tinside",
        &"k".repeat(129),
        "caf\u{e9}",
    ] {
        let answer = server
            .post("/api/clicks")
            .header("idempotency-key", key.as_bytes());
        let answer = answer.json(&json!({ "by": 1 })).send().await.unwrap();
        assert_problem(&json_problem(answer).await, 400, "bad-idempotency-key");
    }
    let twice = server
        .click("one")
        .header("idempotency-key", "two")
        .send()
        .await
        .unwrap();
    assert_problem(&json_problem(twice).await, 400, "bad-idempotency-key");
    assert_eq!(server.report().await.clicks, 0);

    assert_eq!(
        server
            .click(&"k".repeat(128))
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
}

#[tokio::test]
async fn keys_belong_to_the_person_who_sent_them() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let (ann, bob) = (server.cookie().await, server.cookie().await);
    let click = async |cookie: &str| {
        let click = server.click("key").header("origin", server.origin());
        json(click.header("cookie", cookie).send().await.unwrap()).await
    };

    assert_eq!(click(&ann).await["clicks"], 1);
    assert_eq!(click(&bob).await["clicks"], 2, "another person's key");
    assert_eq!(click(&ann).await["clicks"], 2, "the same person's key");
    assert_eq!(
        clicks_of_forged(&server).await,
        3,
        "nobody's cookie: the address's key"
    );
}

async fn clicks_of_forged(server: &Server) -> i64 {
    let click = server.click("key").header("origin", server.origin());
    let click = click.header("cookie", "person=00000000000000000000000000000001");
    json(click.send().await.unwrap()).await["clicks"]
        .as_i64()
        .unwrap()
}

async fn json_problem(answer: reqwest::Response) -> Value {
    let status = answer.status().as_u16();
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let problem = json(answer).await;
    assert_eq!(problem["status"], status);
    problem
}

fn assert_problem(problem: &Value, status: u16, kind: &str) {
    assert_eq!(
        (&problem["status"], &problem["type"]),
        (&json!(status), &json!(kind)),
        "{problem}"
    );
    assert!(!problem["title"].as_str().unwrap().is_empty());
}
