//! The room on a party's page: what it shows, and who may say something by its form.

use crate::support::{Server, assert_problem, device, form, json, start_redis};
use reqwest::Response;
use serde_json::{Value, json};

/// What a form sends, percent-encoded.
fn message(text: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("message", text).finish()
}

/// A visitor with a cookie who has joined by the page's form.
async fn participant(server: &Server, code: &str, name: &str) -> String {
    let cookie = server.cookie().await;
    let fields = format!("name={name}");
    let joined = form(server, &format!("/party/{code}/join"), &fields, &cookie).await;
    assert_eq!(joined.status(), 303);
    cookie
}

async fn say(server: &Server, code: &str, cookie: &str, text: &str) -> Response {
    let path = format!("/party/{code}/chat");
    form(server, &path, &message(text), cookie).await
}

/// Says something as the page itself does once it runs.
async fn say_by_page(server: &Server, code: &str, cookie: &str, text: &str) -> Response {
    let call = server.post(&format!("/party/{code}/chat"));
    let call = call.header("content-type", "application/x-www-form-urlencoded");
    let call = call
        .header("origin", server.origin())
        .header("cookie", cookie);
    let call = call.header("accept", "application/json");
    call.body(message(text)).send().await.unwrap()
}

async fn page(server: &Server, path: &str, cookie: &str) -> String {
    let answer = server.get(path).header("cookie", cookie);
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    answer.text().await.unwrap()
}

/// What the page's elements hold, without what it hands over as JSON.
fn body(page: &str) -> &str {
    page.split_once("<body>").unwrap().1
}

async fn texts(server: &Server, code: &str) -> Vec<String> {
    let call = server.get(&format!("/party/{code}/messages"));
    let chat = json(call.send().await.unwrap()).await;
    let lines = chat["messages"].as_array().unwrap().iter();
    let text = |line: &Value| line["message"].as_str().unwrap().to_owned();
    lines.map(text).collect()
}

#[tokio::test]
async fn what_is_said_by_the_form_stands_on_every_page() {
    let redis = start_redis().await;
    let (ord, fra) = tokio::join!(Server::start("ord", &redis), Server::start("fra", &redis));
    let code = ord.create("ann", json!({})).await;
    let wren = participant(&fra, &code, "Wren").await;
    let path = format!("/party/{code}");
    assert!(body(&page(&fra, &path, &wren).await).contains("No messages yet."));

    let said = say(&fra, &code, &wren, "One\r\ntwo").await;
    let there = say_by_page(&fra, &code, &wren, "three").await;

    assert_eq!(said.status(), 303);
    assert_eq!(said.headers()["location"], format!("{path}#chat"));
    assert_eq!(there.status(), 201);
    assert_eq!(json(there).await["message"], "three");
    assert_eq!(texts(&ord, &code).await, ["One\ntwo", "three"]);
    let own = page(&fra, &path, &wren).await;
    assert_eq!(body(&own).matches("data-testid=\"message\"").count(), 2);
    assert!(body(&own).contains("One\ntwo") && body(&own).contains("data-own"));
    assert!(body(&own).contains("The last 1,000 messages"));
    let others = page(&ord, &path, "").await;
    assert!(body(&others).contains("three") && !body(&others).contains("data-own"));
}

#[tokio::test]
async fn only_who_is_in_may_say_something() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.create("ann", json!({})).await;
    let guest = server.cookie().await;
    let shown = page(&server, &format!("/party/{code}"), &guest).await;
    assert!(body(&shown).contains("Join to chat"));
    assert!(!body(&shown).contains("say-form"));

    let refused = say(&server, &code, &guest, "kept & <typed>").await;
    assert_eq!(refused.status(), 404);
    let without = say(&server, &code, "", "hi").await;
    assert_eq!(without.status(), 403);
    assert!(without.text().await.unwrap().contains("Allow cookies"));
    let by_page = say_by_page(&server, &code, &guest, "hi").await;
    assert_problem(by_page, 404, "not-in-party").await;

    assert!(texts(&server, &code).await.is_empty());
}

#[tokio::test]
async fn what_cannot_be_said_stays_in_the_field_with_the_reason() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.create("ann", json!({})).await;
    let wren = participant(&server, &code, "Wren").await;
    let long = format!("</textarea><b>{}", "x".repeat(4096));

    let refused = say(&server, &code, &wren, &long).await;
    assert_eq!(refused.status(), 413);
    let shown = refused.text().await.unwrap();
    assert!(body(&shown).contains("The message is too long"));
    assert!(body(&shown).contains("&lt;/textarea&gt;&lt;b&gt;xxx"));
    let empty = say(&server, &code, &wren, " \r\n ").await;
    assert_eq!(empty.status(), 422);
    assert!(empty.text().await.unwrap().contains("The message is empty"));
    let by_page = say_by_page(&server, &code, &wren, &long).await;
    assert_problem(by_page, 413, "message-too-long").await;

    assert!(texts(&server, &code).await.is_empty());
}

#[tokio::test]
async fn other_sites_and_programs_have_no_rights_of_a_cookie() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.create("ann", json!({})).await;
    let wren = participant(&server, &code, "Wren").await;
    let call = || {
        let call = server.post(&format!("/party/{code}/chat"));
        let call = call.header("content-type", "application/x-www-form-urlencoded");
        call.header("cookie", &wren).body(message("hi"))
    };

    let evil = call().header("origin", "https://evil.example").send().await;
    assert_problem(evil.unwrap(), 403, "other-origin").await;
    assert_eq!(call().send().await.unwrap().status(), 403);

    assert!(texts(&server, &code).await.is_empty());
}

#[tokio::test]
async fn hostile_text_is_text_and_no_secret_is_told() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.create("ann", json!({})).await;
    let wren = participant(&server, &code, "Wren").await;
    let hostile = "</bdi></script><script>alert(1)</script>\u{202e}\u{7}&amp;";
    assert_eq!(say(&server, &code, &wren, hostile).await.status(), 303);

    let shown = page(&server, &format!("/party/{code}"), &wren).await;

    assert!(!shown.contains("<script>alert"));
    assert!(body(&shown).contains("&lt;script&gt;alert(1)&lt;/script&gt;\u{202e}␇&amp;amp;"));
    assert_eq!(texts(&server, &code).await, [hostile]);
    let secret = wren.split_once('=').unwrap().1;
    assert!(!shown.contains(secret) && !shown.contains(&device("ann")));
}

#[tokio::test]
async fn older_lines_are_reached_by_a_link() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.create("ann", json!({})).await;
    let path = format!("/parties/{code}/messages");
    for number in 0..52 {
        let line = json!({ "device_id": device("ann"), "message": format!("line {number}.") });
        let said = server.post(&path).json(&line).send().await.unwrap();
        assert_eq!(said.status(), 201);
    }

    let newest = page(&server, &format!("/party/{code}"), "").await;
    let (_, link) = body(&newest).split_once("?before=").unwrap();
    let (cursor, _) = link.split_once("#chat").unwrap();
    let older = page(&server, &format!("/party/{code}?before={cursor}"), "").await;

    assert!(body(&newest).contains("line 2.") && !body(&newest).contains("line 1."));
    assert!(body(&older).contains("line 1.") && !body(&older).contains("line 2."));
    assert!(body(&older).contains("Go to the newest to chat"));
    let bad = server
        .get(&format!("/party/{code}/messages?before=x"))
        .send()
        .await;
    assert_problem(bad.unwrap(), 400, "bad-query").await;
}

#[tokio::test]
async fn the_room_goes_with_the_party() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.create("ann", json!({})).await;
    server.leave(&code, "ann").await;
    let cookie = server.cookie().await;

    let gone = server.get(&format!("/party/{code}/messages")).send().await;
    assert_problem(gone.unwrap(), 404, "unknown-party").await;
    let said = say(&server, &code, &cookie, "hi").await;
    assert_eq!(said.status(), 404);
    assert!(
        said.text()
            .await
            .unwrap()
            .contains("There is no such party")
    );
    let again = server
        .get(&format!("/party/{code}/chat"))
        .send()
        .await
        .unwrap();
    assert_eq!(again.headers()["location"], format!("/party/{code}#chat"));
}
