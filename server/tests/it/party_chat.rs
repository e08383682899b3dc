//! The rooms of parties over REST and the socket.

use crate::support::{Server, Setup, Tab, assert_problem, device, json, start_redis};
use reqwest::Response;
use serde_json::{Value, json};

async fn say(server: &Server, code: &str, name: &str, message: &str) -> Response {
    let body = json!({ "device_id": device(name), "message": message });
    let call = server.post(&format!("/parties/{code}/messages"));
    call.json(&body).send().await.unwrap()
}

async fn read(server: &Server, code: &str, query: &str) -> Value {
    let path = format!("/parties/{code}/messages{query}");
    let answer = server.get(&path).send().await.unwrap();
    assert_eq!(answer.status(), 200, "{query}");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    json(answer).await
}

fn texts(chat: &Value) -> Vec<&str> {
    let lines = chat["messages"].as_array().unwrap().iter();
    lines
        .map(|line| line["message"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn what_a_participant_says_anywhere_is_read_everywhere() {
    let redis = start_redis().await;
    let (ord, fra) = tokio::join!(Server::start("ord", &redis), Server::start("fra", &redis));
    let code = ord.create("ann", json!({})).await;
    fra.join(&code, "bob").await;
    assert_eq!(
        read(&ord, &code, "").await,
        json!({ "messages": [], "before": null })
    );

    let first = say(&fra, &code, "bob", "<b>hi</b>").await;
    assert_eq!(first.status(), 201);
    let first = json(first).await;
    let second = json(say(&ord, &code, "ann", "\u{202e}\0 you").await).await;

    assert_eq!(
        (&first["participant_id"], &first["participant_name"]),
        (&json!(1), &json!("bob"))
    );
    assert_eq!(first.as_object().unwrap().len(), 6);
    for server in [&ord, &fra] {
        let chat = read(server, &code, "").await;
        assert_eq!(chat["messages"], json!([first, second]));
    }
    assert_eq!(second["message"], "\u{202e}\0 you");
}

#[tokio::test]
async fn older_lines_come_page_by_page() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.create("ann", json!({})).await;
    for number in 0..5 {
        say(&server, &code, "ann", &number.to_string()).await;
    }

    let newest = read(&server, &code, "?limit=2").await;
    let before = |chat: &Value| format!("?limit=2&before={}", chat["before"].as_str().unwrap());
    let middle = read(&server, &code, &before(&newest)).await;
    let oldest = read(&server, &code, &before(&middle)).await;

    assert_eq!(texts(&newest), ["3", "4"]);
    assert_eq!(texts(&middle), ["1", "2"]);
    assert_eq!(
        (texts(&oldest), &oldest["before"]),
        (vec!["0"], &Value::Null)
    );
}

#[tokio::test]
async fn only_who_is_in_may_say_something_and_only_while_they_are() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.create("ann", json!({})).await;
    server.join(&code, "bob").await;
    let other = server.create("cid", json!({})).await;

    assert_problem(say(&server, &code, "cid", "hi").await, 404, "not-in-party").await;
    assert_problem(
        say(&server, "123456789", "ann", "hi").await,
        404,
        "unknown-party",
    )
    .await;
    assert_eq!(say(&server, &code, "bob", "bye").await.status(), 201);
    server.leave(&code, "bob").await;
    assert_problem(
        say(&server, &code, "bob", "still").await,
        404,
        "not-in-party",
    )
    .await;

    assert_eq!(texts(&read(&server, &code, "").await), ["bye"]);
    assert!(texts(&read(&server, &other, "").await).is_empty());
    server.leave(&code, "ann").await;
    let gone = server.get(&format!("/parties/{code}/messages"));
    assert_problem(gone.send().await.unwrap(), 404, "unknown-party").await;
}

#[tokio::test]
async fn what_cannot_be_said_is_refused_by_the_name_of_the_field() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.create("ann", json!({})).await;
    let path = format!("/parties/{code}/messages");
    let id = device("ann");

    for (body, field) in [
        (json!({ "device_id": id }), "`message`"),
        (json!({ "device_id": id, "message": 5 }), "`message`"),
        (json!({ "device_id": id, "message": " \n" }), "`message`"),
        (json!({ "message": "hi" }), "`device_id`"),
        (
            json!({ "device_id": "short", "message": "hi" }),
            "`device_id`",
        ),
    ] {
        let answer = server.post(&path).json(&body).send().await.unwrap();
        let problem = assert_problem(answer, 422, "bad-body").await;
        assert!(
            problem["detail"].as_str().unwrap().contains(field),
            "{problem}"
        );
    }
    let long = say(&server, &code, "ann", &"x".repeat(4097)).await;
    assert_problem(long, 413, "message-too-long").await;
    let hidden = "\u{1}".repeat(4095);
    let unseen = say(&server, &code, "ann", &hidden).await;
    assert_problem(unseen, 422, "bad-body").await;
    let longest = say(&server, &code, "ann", &format!("{hidden}.")).await;
    assert_eq!(longest.status(), 201);
    for (query, field) in [
        ("limit=0", "`limit`"),
        ("limit=201", "`limit`"),
        ("before=x", "`before`"),
    ] {
        let answer = server.get(&format!("{path}?{query}")).send().await.unwrap();
        let problem = assert_problem(answer, 400, "bad-query").await;
        assert!(
            problem["detail"].as_str().unwrap().contains(field),
            "{query}"
        );
    }
    let foreign = server
        .post(&path)
        .json(&json!({ "device_id": id, "message": "hi" }));
    let foreign = foreign.header("origin", "https://evil.example");
    assert_problem(foreign.send().await.unwrap(), 403, "other-origin").await;

    assert_eq!(
        read(&server, &code, "").await["messages"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn naming_codes_of_no_party_is_guessing_here_as_elsewhere() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("PARTY_MISSES_PER_MINUTE", "2");
    let server = setup.start().await;
    let code = server.create("ann", json!({})).await;
    let path = format!("/parties/{code}/messages");
    let guess = server.get("/parties/123456789/messages");

    assert_problem(guess.send().await.unwrap(), 404, "unknown-party").await;
    let said = say(&server, "123456789", "bob", "hi").await;
    assert_problem(said, 404, "unknown-party").await;

    let reading = server.get(&path).send().await.unwrap();
    assert_problem(reading, 429, "too-many-guesses").await;
    let said = say(&server, &code, "bob", "hi").await;
    assert_problem(said, 429, "too-many-guesses").await;
    let own = say(&server, &code, "ann", "hi").await;
    assert_eq!(own.status(), 201, "their own party's code is no guess");
}

#[tokio::test]
async fn while_redis_is_away_the_room_says_so() {
    let mut redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.create("ann", json!({})).await;
    redis.kill().unwrap();
    server.until("no Redis", |world| world.age_ms > 0).await;

    let said = say(&server, &code, "ann", "hi").await;
    let said = assert_problem(said, 503, "redis-away").await;
    let reading = server.get(&format!("/parties/{code}/messages"));
    let reading = assert_problem(reading.send().await.unwrap(), 503, "redis-away").await;

    assert_eq!(reading["detail"], "Try again in a minute.");
    assert!(
        said["detail"].as_str().unwrap().contains("sent only once"),
        "{said}"
    );
}

#[tokio::test]
async fn a_page_that_shows_the_party_hears_what_is_said() {
    let redis = start_redis().await;
    let (ord, fra) = tokio::join!(Server::start("ord", &redis), Server::start("fra", &redis));
    let code = ord.create("ann", json!({})).await;
    say(&ord, &code, "ann", "before").await;
    let mut tab = Tab::open(&fra, "tab").await;

    tab.watch("chat", Some(&code)).await;
    let first = tab.hear_a("chat").await;
    say(&ord, &code, "ann", "now").await;
    let second = tab.hear_a("chat").await;

    assert_eq!(texts(&first), ["before"]);
    assert_eq!(texts(&second), ["before", "now"]);
    assert!(!second.to_string().contains("secret-device-id"));
}
