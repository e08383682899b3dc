//! Polls over REST.

use crate::support::{
    Server, Setup, assert_problem, client, device, eventually, json, start_redis,
};
use edge::testing::RedisServer;
use serde_json::{Value, json};

/// What may wait at once of an address with one change a second.
const BURST: u32 = 4;

#[tokio::test]
async fn a_poll_is_asked_and_everybody_votes_once() {
    let redis = start_redis().await;
    let (ord, fra) = (
        Server::start("ord", &redis).await,
        Server::start("fra", &redis).await,
    );

    let answer = ord.asking("ann").send().await.unwrap();
    assert_eq!(answer.status(), 201);
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let created = json(answer).await;
    let code = created["key"].as_str().unwrap();
    assert_eq!(location, format!("/api/polls/{code}"));
    assert_eq!(created["own"], json!({ "vote": null, "is_maker": true }));
    assert_eq!(created["value"]["question"], "When do we fly?");

    for (server, name, vote) in [(&ord, "ann", 0), (&fra, "bob", 0), (&fra, "ann", 1)] {
        let before = server.poll(code).await["rev"].as_u64();
        let answer = server.change(code, name, json!({ "vote": vote })).await;
        assert_eq!(answer.status(), 200);
        let seen = json(answer).await;
        assert_eq!(seen["own"]["vote"], vote);
        assert_eq!(seen["rev"].as_u64(), before.map(|rev| rev + 1));
        assert_eq!(server.poll(code).await["rev"], seen["rev"]);
    }
    assert_eq!(ord.votes(code).await, [1, 1]);
    let shown = fra.poll(code).await;
    assert!(shown.get("own").is_none(), "{shown}");

    fra.change(code, "bob", json!("withdraw")).await;
    assert_eq!(ord.votes(code).await, [0, 1]);
}

#[tokio::test]
async fn what_is_against_the_rules_is_refused_and_changes_nothing() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.ask("ann").await;
    let before = server.poll(&code).await;

    let foreign = server.change(&code, "bob", json!("close")).await;
    assert_problem(foreign, 403, "not-your-poll").await;
    let unknown = server.change(&code, "bob", json!({ "vote": 2 })).await;
    assert_problem(unknown, 422, "unknown-option").await;
    assert_eq!(server.poll(&code).await, before);

    let closed = server.change(&code, "ann", json!("close")).await;
    assert_eq!(json(closed).await["value"]["is_closed"], true);
    let late = server.change(&code, "bob", json!({ "vote": 0 })).await;
    assert_problem(late, 409, "poll-closed").await;
    assert_eq!(server.votes(&code).await, [0, 0]);
}

#[tokio::test]
async fn a_key_changes_and_creates_once_on_all_instances_together() {
    let redis = start_redis().await;
    let (ord, fra) = (
        Server::start("ord", &redis).await,
        Server::start("fra", &redis).await,
    );
    let ask = async |server: &Server, name: &str| {
        let call = server.asking(name).header("idempotency-key", "ask");
        let answer = call.send().await.unwrap();
        assert_eq!(answer.status(), 201);
        json(answer).await["key"].clone()
    };
    let code = ask(&ord, "ann").await;
    assert_eq!(ask(&fra, "ann").await, code);
    assert_ne!(ask(&ord, "bob").await, code, "a key belongs to the person");
    let code = code.as_str().unwrap();

    let vote = async |server: &Server, vote: u8| {
        let call = server.changing(code, "bob", &json!({ "vote": vote }));
        let call = call.header("idempotency-key", "vote");
        call.send().await.unwrap()
    };
    let first = json(vote(&ord, 1).await).await;
    for server in [&ord, &fra, &ord] {
        let again = json(vote(server, 1).await).await;
        assert_eq!(again["rev"], first["rev"]);
    }
    assert_problem(vote(&fra, 0).await, 422, "key-reused").await;

    assert_eq!(fra.votes(code).await, [0, 1]);
}

#[tokio::test]
async fn what_is_no_poll_yet_is_not_created() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let ask = async |question: Value, options: Value| {
        let body = json!({ "device_id": device("ann"), "question": question, "options": options });
        let call = server.post("/api/polls").json(&body);
        call.send().await.unwrap()
    };

    for (question, options) in [
        (json!(" "), json!(["Dawn", "Dusk"])),
        (json!("x".repeat(201)), json!(["Dawn", "Dusk"])),
        (json!("When?"), json!(["Dawn"])),
        (json!("When?"), json!(["Dawn", "Dawn"])),
        (json!("When?"), json!(["Dawn", "D\u{202e}ksu"])),
    ] {
        assert_problem(ask(question, options).await, 422, "bad-poll").await;
    }
    for (question, options) in [
        (json!(1), json!(["Dawn", "Dusk"])),
        (json!("When?"), json!("Dawn")),
        (json!("When?"), Value::Null),
    ] {
        assert_problem(ask(question, options).await, 422, "bad-body").await;
    }
    let numbers = assert_problem(ask(json!("When?"), json!([1, 2])).await, 422, "bad-body").await;
    let told = numbers["detail"].as_str().unwrap();
    assert!(told.starts_with("`options` is invalid"), "{told}");
    let longest = ask(
        json!("\u{1f985}".repeat(200)),
        json!(["\u{1f985}".repeat(80), "Dusk"]),
    );
    assert_eq!(longest.await.status(), 201);
}

#[tokio::test]
async fn changes_that_are_none_are_refused_and_never_quoted() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.ask("ann").await;
    let path = format!("/api/polls/{code}/changes");
    let before = server.poll(&code).await;

    for change in [
        json!(null),
        json!({}),
        json!([]),
        json!(-1),
        json!("hunter2"),
        json!({ "hunter2": 1 }),
        json!({ "vote": "hunter2" }),
        json!({ "vote": -1 }),
        json!({ "vote": 256 }),
        json!({ "vote": 0.5 }),
        json!({ "vote": 0, "close": true }),
        json!("hunter2".repeat(1_000)),
    ] {
        let answer = server.change(&code, "bob", change.clone()).await;
        let problem = assert_problem(answer, 422, "bad-body").await;
        assert!(!problem.to_string().contains("hunter"), "{change}");
    }
    for body in ["", "x", "[]", "{}", r#"{"change":"close"}"#] {
        let call = server
            .post(&path)
            .header("content-type", "application/json");
        let answer = call.body(body).send().await.unwrap();
        assert_problem(answer, 422, "bad-body").await;
    }
    let huge = server.change(&code, "bob", json!("x".repeat(40_000))).await;
    assert_problem(huge, 413, "too-large").await;
    let plain = server.post(&path).body(r#"{"change":"close"}"#);
    assert_problem(plain.send().await.unwrap(), 415, "not-json").await;
    let call = server.changing(&code, "bob", &json!({ "vote": 0 }));
    let foreign = call.header("origin", "https://evil.example");
    assert_problem(foreign.send().await.unwrap(), 403, "other-origin").await;

    assert_eq!(server.poll(&code).await, before);
}

#[tokio::test]
async fn a_code_of_no_poll_is_said_to_be_one() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for code in [
        "aaaaaaaaaa",
        "AAAAAAAAAA",
        "x",
        "%ff",
        "..%2f..",
        &"a".repeat(2_000),
    ] {
        let shown = server.get(&format!("/api/polls/{code}"));
        assert_problem(shown.send().await.unwrap(), 404, "unknown-document").await;
        let changed = server.change(code, "ann", json!({ "vote": 0 })).await;
        assert_problem(changed, 404, "unknown-document").await;
        let page = server.get(&format!("/poll/{code}")).send().await.unwrap();
        assert_eq!(page.status(), 404, "{code}");
    }
}

#[tokio::test]
async fn a_device_that_was_forgotten_changes_nothing() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.ask("ann").await;
    let forget = format!("/api/devices/{}", device("bob"));
    let forgotten = client().delete(server.url(&forget)).send().await.unwrap();
    assert_eq!(forgotten.status(), 204);

    let refused = server.change(&code, "bob", json!({ "vote": 0 })).await;
    assert_problem(refused, 403, "device-forgotten").await;
    let refused = server.asking("bob").send().await.unwrap();
    assert_problem(refused, 403, "device-forgotten").await;
}

#[tokio::test]
async fn an_address_that_changes_too_fast_is_told_when_to_come_back() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("ADDRESS_CHANGES_PER_SECOND", "1");
    let server = setup.start().await;
    let code = server.ask("ann").await;
    let mut made = 0;

    let refused = loop {
        let answer = server.change(&code, "bob", json!({ "vote": 0 })).await;
        if answer.status() != 200 {
            break answer;
        }
        made += 1;
    };

    assert!(made >= BURST - 1, "{made}");
    assert_eq!(refused.headers()["retry-after"], "1");
    assert_problem(refused, 429, "too-many-changes").await;
}

#[tokio::test]
async fn while_redis_is_away_a_change_says_what_to_do() {
    let mut redis = RedisServer::start_durable().await.unwrap();
    let server = Server::start("ord", &redis).await;
    let code = server.ask("ann").await;
    redis.kill().unwrap();
    server.until("no Redis", |world| world.age_ms > 0).await;

    let shown = server.get(&format!("/api/polls/{code}"));
    assert_problem(shown.send().await.unwrap(), 503, "redis-away").await;
    let asked = server.asking("ann").send().await.unwrap();
    assert_problem(asked, 503, "redis-away").await;
    let call = server.changing(&code, "bob", &json!({ "vote": 1 }));
    let call = call.header("idempotency-key", "vote");
    let changed = call.try_clone().unwrap().send().await.unwrap();
    assert_problem(changed, 503, "redis-away").await;

    redis.restart().await.unwrap();
    eventually("the same change", async || {
        let answer = call.try_clone().unwrap().send().await.unwrap();
        answer.status() == 200
    })
    .await;
    assert_eq!(server.votes(&code).await, [0, 1]);
}

#[tokio::test]
async fn an_address_creates_so_many_and_a_key_creates_one() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let asking = || server.asking("ann").header("idempotency-key", "one");
    assert_eq!(asking().send().await.unwrap().status(), 201);
    let other =
        json!({ "device_id": device("ann"), "question": "Where?", "options": ["Here", "There"] });
    let reused = asking().json(&other).send().await.unwrap();
    assert_problem(reused, 422, "key-reused").await;

    let mut statuses = Vec::new();
    for _ in 0..70 {
        statuses.push(asking().send().await.unwrap().status().as_u16());
    }
    assert!(statuses.starts_with(&[201; 50]), "{statuses:?}");
    assert!(statuses.contains(&429), "{statuses:?}");
}
