//! The forms of parties: who may send them, and what they answer where they cannot be done.

use crate::support::{Server, Setup, assert_problem, eventually, form, start_redis};
use reqwest::Response;
use serde_json::json;

/// Every form of that party's, with the fields of all of them.
fn forms(code: &str) -> [(String, String); 5] {
    let fields = format!("name=Wren&code={code}");
    [
        "/party".to_owned(),
        "/party/join".to_owned(),
        format!("/party/{code}/join"),
        format!("/party/{code}/rename"),
        format!("/party/{code}/leave"),
    ]
    .map(|path| (path, fields.clone()))
}

async fn assert_page(answer: Response, status: u16, says: &str) {
    let path = answer.url().path().to_owned();
    assert_eq!(answer.status(), status, "{path}");
    let page = answer.text().await.unwrap();
    assert!(page.starts_with("<!DOCTYPE html>"), "{path}: {page}");
    assert!(page.contains(says), "{path}: {page}");
}

#[tokio::test]
async fn forms_of_other_sites_change_nothing() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.create("ann", json!({})).await;
    let cookie = server.cookie().await;

    for (path, fields) in forms(&code) {
        let call = server.post(&path).body(fields).header("cookie", &cookie);
        let call = call.header("content-type", "application/x-www-form-urlencoded");
        let call = call.header("origin", "https://evil.example");
        assert_problem(call.send().await.unwrap(), 403, "other-origin").await;
    }

    assert_eq!(server.members(&code).await, ["ann*"]);
}

#[tokio::test]
async fn who_sends_no_cookie_is_told_to_allow_it() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.create("ann", json!({})).await;

    for (path, fields) in forms(&code) {
        let answer = form(&server, &path, &fields, "").await;
        assert_page(answer, 403, "Allow cookies for this site").await;
    }

    assert_eq!(server.members(&code).await, ["ann*"]);
}

#[tokio::test]
async fn a_program_has_no_rights_of_a_cookie() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.create("ann", json!({})).await;
    let cookie = server.cookie().await;

    for (path, fields) in forms(&code) {
        let call = server.post(&path).body(fields).header("cookie", &cookie);
        let call = call.header("content-type", "application/x-www-form-urlencoded");
        assert_eq!(call.send().await.unwrap().status(), 403, "{path}");
    }

    assert_eq!(server.members(&code).await, ["ann*"]);
}

#[tokio::test]
async fn a_form_sent_while_redis_is_away_says_what_to_do() {
    let mut redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.create("ann", json!({})).await;
    let cookie = server.cookie().await;
    redis.kill().unwrap();
    server.until("no Redis", |world| world.age_ms > 0).await;

    for (path, fields) in forms(&code) {
        let answer = form(&server, &path, &fields, &cookie).await;
        assert_page(answer, 503, "Try again in a minute").await;
    }
}

#[tokio::test]
async fn a_party_that_nobody_touches_ends() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("PARTY_TTL_SECONDS", "1");
    let setup = setup.with("PARTY_SEARCHES_PER_MINUTE", "1000000");
    let server = setup.start().await;
    let code = server.create("ann", json!({})).await;

    eventually("the party's end", async || {
        let path = format!("/parties/{code}");
        server.get(&path).send().await.unwrap().status() == 404
    })
    .await;

    let nearby = server.get("/parties?lat=0&lng=0&radius_km=20037");
    eventually("a search without it", async || {
        let found = nearby.try_clone().unwrap().send().await.unwrap();
        found.text().await.unwrap() == "[]"
    })
    .await;
}

#[tokio::test]
async fn the_address_of_a_form_leads_to_its_page() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for (path, page) in [
        ("/party/join", "/party"),
        ("/party/123456789/join", "/party/123456789"),
        ("/party/123456789/rename", "/party/123456789"),
        ("/party/123456789/leave", "/party/123456789"),
    ] {
        let answer = server.get(path).send().await.unwrap();
        assert_eq!(answer.status(), 303, "{path}");
        assert_eq!(answer.headers()["location"], page, "{path}");
    }
}
