//! The poll's pages and forms.

use crate::support::{Server, assert_problem, client, form, handed_over, json, start_redis};
use reqwest::Response;
use serde_json::{Value, json};

const ASK: &str = "question=When+do+we+fly%3F&option=Dawn&option=Dusk&option=";
/// A vote for the second option.
const VOTE: &str = "change=%7B%22vote%22%3A1%7D";
const CLOSE: &str = "change=%22close%22";

/// The state that a page hands over, once it has that status.
async fn state(answer: Response, status: u16) -> Value {
    assert_eq!(answer.status(), status);
    let mut page = handed_over(&answer.text().await.unwrap());
    assert_eq!(page["page"], "poll");
    let state = page["state"].as_object_mut().unwrap();
    assert_eq!(state.len(), 1, "the form, or a poll");
    std::mem::take(state).into_iter().next().unwrap().1
}

/// A page as the visitor of that cookie sees it.
async fn look(server: &Server, path: &str, cookie: &str) -> Value {
    let call = server.get(path).header("cookie", cookie);
    state(call.send().await.unwrap(), 200).await
}

/// Asks the question. Returns the path of the poll.
async fn ask(server: &Server, fields: &str, cookie: &str) -> String {
    let answer = form(server, "/poll", fields, cookie).await;
    assert_eq!(answer.status(), 303);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

async fn change(server: &Server, poll: &str, fields: &str, cookie: &str) -> Response {
    form(server, &format!("{poll}/changes"), fields, cookie).await
}

#[tokio::test]
async fn without_scripts_people_ask_vote_and_close() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let (ann, bob) = (server.cookie().await, server.cookie().await);

    let poll = ask(&server, ASK, &ann).await;
    let code = poll.strip_prefix("/poll/").unwrap();
    for _ in 0..2 {
        let voted = change(&server, &poll, VOTE, &bob).await;
        assert_eq!(voted.status(), 303);
        assert_eq!(voted.headers()["location"], poll);
    }

    let shown = look(&server, &poll, &bob).await;
    assert_eq!(
        (&shown["key"], &shown["is_known"]),
        (&json!(code), &json!(true))
    );
    assert_eq!(
        shown["seen"]["own"],
        json!({ "vote": 1, "is_maker": false })
    );
    assert_eq!(shown["seen"]["value"]["options"][1]["votes"], 1);
    assert_eq!(shown["link"], server.url(&poll));
    assert_eq!(
        look(&server, &poll, &ann).await["seen"]["own"]["is_maker"],
        true
    );
    assert_eq!(
        look(&server, &poll, "").await["seen"]["own"]["vote"],
        Value::Null
    );

    let refused = change(&server, &poll, CLOSE, &bob).await;
    assert_eq!(
        state(refused, 403).await["problem"]["type"],
        "not-your-poll"
    );
    assert_eq!(change(&server, &poll, CLOSE, &ann).await.status(), 303);
    let late = state(change(&server, &poll, VOTE, &ann).await, 409).await;
    assert_eq!(late["problem"]["type"], "poll-closed");
    assert_eq!(late["seen"]["value"]["is_closed"], true);
}

#[tokio::test]
async fn a_form_that_is_sent_twice_asks_once() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let ann = server.cookie().await;
    let (one, other) = (
        look(&server, "/poll", &ann).await["form_key"].clone(),
        look(&server, "/poll", &ann).await["form_key"].clone(),
    );
    assert_ne!(one, other);
    let fields = |key: &Value| format!("{ASK}&key={}", key.as_str().unwrap());

    let poll = ask(&server, &fields(&one), &ann).await;
    assert_eq!(ask(&server, &fields(&one), &ann).await, poll);
    let newer = ask(&server, &fields(&other), &ann).await;
    assert_ne!(newer, poll);
    let edited = fields(&one).replace("fly", "land");
    let refused = form(&server, "/poll", &edited.replace("option", "x"), &ann).await;
    assert_eq!(state(refused, 422).await["form_key"], one, "the same form");
    let edited = ask(&server, &edited, &ann).await;
    assert!(edited != poll && edited != newer);

    let own = look(&server, "/poll", &ann).await["own"].clone();
    let codes: Vec<_> = own.as_array().unwrap().iter().collect();
    let codes = codes
        .iter()
        .map(|own| format!("/poll/{}", own["key"].as_str().unwrap()));
    assert_eq!(
        codes.collect::<Vec<_>>(),
        [edited, newer, poll],
        "newest first"
    );
    assert_eq!(own[0]["title"], "When do we land?");
    let others = server.cookie().await;
    assert_eq!(look(&server, "/poll", &others).await["own"], json!([]));
}

#[tokio::test]
async fn what_was_typed_stays_where_a_form_is_refused() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let ann = server.cookie().await;

    let refused = form(&server, "/poll", "question=Why%3F&option=%3Cb%3E", &ann).await;
    let shown = state(refused, 422).await;

    assert_eq!(shown["problem"]["type"], "bad-poll");
    assert_eq!(
        shown["new"],
        json!({ "question": "Why?", "options": ["<b>"] })
    );
    assert_eq!(shown["key"], Value::Null);
    let hostile = form(&server, "/poll", &"option=x&".repeat(3_000), &ann).await;
    assert_eq!(state(hostile, 422).await["problem"]["type"], "bad-poll");
    let huge = form(&server, "/poll", &"x".repeat(40_000), &ann).await;
    assert_eq!(huge.status(), 413);
    let key = format!("{ASK}&key={}", "k".repeat(1_000));
    ask(&server, &key, &ann).await;
}

#[tokio::test]
async fn only_a_visitor_of_our_own_pages_may_send_a_form() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let ann = server.cookie().await;
    let poll = ask(&server, ASK, &ann).await;

    for (path, fields) in [("/poll".to_owned(), ASK), (format!("{poll}/changes"), VOTE)] {
        let call = || {
            let call = client().post(server.url(&path)).body(fields);
            let call = call.header("content-type", "application/x-www-form-urlencoded");
            call.header("cookie", &ann)
        };
        let foreign = call().header("origin", "https://evil.example");
        assert_problem(foreign.send().await.unwrap(), 403, "other-origin").await;
        let program = call().send().await.unwrap();
        assert_eq!(state(program, 403).await["problem"]["type"], "no-cookie");
        let stranger = form(&server, &path, fields, "").await;
        assert_eq!(state(stranger, 403).await["problem"]["type"], "no-cookie");
    }

    let code = poll.strip_prefix("/poll/").unwrap();
    assert_eq!(server.votes(code).await, [0, 0]);
}

#[tokio::test]
async fn changes_that_are_none_change_nothing() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let ann = server.cookie().await;
    let poll = ask(&server, ASK, &ann).await;
    let before = look(&server, &poll, &ann).await["seen"].clone();

    for fields in [
        "",
        "change=",
        "change=%7B",
        "change=9",
        "change=%22hunter2%22",
        "change=%ff",
    ] {
        let refused = state(change(&server, &poll, fields, &ann).await, 422).await;
        assert_eq!(refused["problem"]["type"], "bad-change", "{fields}");
        assert!(!refused["problem"].to_string().contains("hunter"));
        assert_eq!(refused["seen"], before);
    }
    let unknown = change(&server, "/poll/aaaaaaaaaa", VOTE, &ann).await;
    assert_eq!(state(unknown, 404).await["seen"], Value::Null);
    let no_code = change(&server, "/poll/x", VOTE, &ann).await;
    assert_problem(no_code, 404, "unknown-document").await;
}

#[tokio::test]
async fn the_address_of_a_form_leads_to_its_page() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    let answer = server.get("/poll/aaaaaaaaaa/changes").send().await.unwrap();

    assert_eq!(answer.status(), 303);
    assert_eq!(answer.headers()["location"], "/poll/aaaaaaaaaa");
}

#[tokio::test]
async fn while_redis_is_away_the_pages_say_so() {
    let mut redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let ann = server.cookie().await;
    let poll = ask(&server, ASK, &ann).await;
    redis.kill().unwrap();
    server.until("no Redis", |world| world.age_ms > 0).await;

    let shown = server.get(&poll).header("cookie", &ann).send().await;
    assert_eq!(state(shown.unwrap(), 503).await["is_known"], false);
    let asked = state(form(&server, "/poll", ASK, &ann).await, 503).await;
    assert_eq!(asked["new"]["question"], "When do we fly?");
    let changed = state(change(&server, &poll, VOTE, &ann).await, 503).await;
    assert_eq!(changed["problem"]["type"], "redis-away");
    for page in [asked, changed] {
        let told = page["problem"]["detail"].as_str().unwrap();
        assert!(told.contains("may or may not have been saved"), "{told}");
    }
    let world = server.get("/api/world").send().await.unwrap();
    assert_eq!(json(world).await["regions"].as_array().unwrap().len(), 1);
}
