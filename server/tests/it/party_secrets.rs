//! A device's id is a secret: it is in no answer, frame, line of the log, or value in Redis.

use crate::support::{Server, Setup, Tab, device, dump, start_redis, whole};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

/// Ids of devices in calls that are in order, each with a name.
const NAMES: [&str; 3] = ["ann", "bob", "cid"];
/// What no valid id may have, with a mark to be found again.
const INVALID: &str = "hunter2 hunter2 hunter2";

#[tokio::test]
async fn device_ids_are_seen_by_nobody() {
    let redis = start_redis().await;
    let ord = Server::start("ord", &redis).await;
    // Trace level: what the libraries say is no excuse.
    let fra = Setup::new("fra", &redis).with("RUST_LOG", "trace");
    let fra = fra.start().await;
    let cookie = ord.cookie().await;
    let own = cookie_device(&cookie);

    let mut seen = live_life(&ord, &fra, &cookie).await;
    seen.push_str(&refusals(&ord).await);
    seen.push_str(&refusals(&fra).await);
    seen.push_str(&dump(&redis, "party").await);
    seen.push_str(&ord.log());
    seen.push_str(&fra.log());

    assert!(seen.len() > 10_000);
    for shown in ["\"participant_name\"", "Wren", "`device_id` has 8"] {
        assert!(seen.contains(shown), "{shown}");
    }
    let mut secrets = vec![own, "hunter2".to_owned()];
    secrets.extend(NAMES.map(device));
    for secret in secrets {
        if let Some(at) = seen.find(&secret) {
            let around = &seen[at.saturating_sub(200)..(at + 200).min(seen.len())];
            panic!("{secret} is in {around:?}");
        }
    }
}

#[tokio::test]
async fn what_is_said_is_in_no_log() {
    const SAID: &str = "a word among friends";
    let redis = start_redis().await;
    let server = Setup::new("fra", &redis).with("RUST_LOG", "trace");
    let server = server.start().await;
    let code = server.create("ann", json!({})).await;
    let mut tab = Tab::open(&server, "a-secret-session").await;
    tab.watch("chat", Some(&code)).await;

    let chat = server.post(&format!("/parties/{code}/messages"));
    let said = chat.json(&json!({ "device_id": device("ann"), "message": SAID }));
    assert_eq!(said.send().await.unwrap().status(), 201);
    while !tab.hear_a("chat").await.to_string().contains(SAID) {}

    let log = server.log();
    for secret in [SAID, &device("ann"), "a-secret-session"] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}

/// The id within a cookie: its last 32 characters, after the signature.
fn cookie_device(cookie: &str) -> String {
    let id = &cookie[cookie.len() - 32..];
    assert!(id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{cookie}");
    id.to_owned()
}

/// Does with parties all that can be done. Returns all that came back.
async fn live_life(ord: &Server, fra: &Server, cookie: &str) -> String {
    let mut seen = String::new();
    let mut tab = Tab::open_as(ord, "tab", cookie).await;
    let code = ord.create("ann", json!({ "lat": 1.0, "lng": 1.0 })).await;
    tab.watch("party", Some(&code)).await;
    tab.watch("chat", Some(&code)).await;
    let path = format!("/parties/{code}");
    let name = format!("{path}/participants/{}", device("bob"));
    let rename = || {
        fra.patch(&name)
            .json(&json!({ "participant_name": "Wren" }))
    };
    for answer in [
        fra.join(&code, "bob").await,
        fra.join(&code, "bob").await,
        rename().send().await.unwrap(),
        fra.join("123456789", "cid").await,
        fra.leave(&code, "cid").await,
        ord.get(&path).send().await.unwrap(),
        fra.get(&format!("{path}/participants"))
            .send()
            .await
            .unwrap(),
        fra.get("/parties?lat=1&lng=1").send().await.unwrap(),
        fra.leave(&code, "ann").await,
        ord.get("/metrics").send().await.unwrap(),
        ord.get("/api/openapi.json").send().await.unwrap(),
    ] {
        seen.push_str(&whole(answer).await);
    }
    tab.click(1).await;
    loop {
        let frame = tab.hear().await;
        seen.push_str(&frame.to_string());
        if frame["type"] == "ack" {
            return seen;
        }
    }
}

/// Every way in which a call with a device's id can be refused. Returns all that came back.
async fn refusals(server: &Server) -> String {
    let html = |call: RequestBuilder| call.header("accept", "text/html");
    let body = |body: Value| server.post("/parties").json(&body);
    let path = |id: &str| server.delete(&format!("/parties/457495738/participants/{id}"));
    let raw = |body: String| {
        let call = server.post("/parties").body(body);
        call.header("content-type", "application/json")
    };
    let id = device("cid");
    let encoded = INVALID.replace(' ', "%20");
    let calls = [
        body(json!({ "device_id": INVALID })),
        body(json!({ "device_id": { INVALID: 1 } })),
        body(json!([INVALID])),
        body(json!({ INVALID: INVALID })),
        body(json!({ "device_id": id, "lat": INVALID })),
        body(json!({ "device_id": id, "participant_name": [id] })),
        raw(format!("{{\"device_id\":\"{INVALID}\"")),
        raw(format!("{{\"device_id\":\"{id}\",\"device_id\":\"{id}\"}}")),
        server.post("/parties").body(id.clone()),
        body(json!({ "device_id": id })).header("origin", "https://evil.example"),
        html(body(json!({ "device_id": INVALID }))),
        path(&encoded),
        path(&format!("{encoded}%ff")),
        path(&id),
        html(path(&encoded)),
        html(path(&id)),
        server.get(&format!("/nowhere/{id}")),
        html(server.get(&format!("/nowhere/{id}"))),
        server.get(&format!("/parties?lat={encoded}&lng=0")),
    ];
    let mut seen = String::new();
    for call in calls {
        let answer = call.send().await.unwrap();
        assert!(answer.status().is_client_error());
        seen.push_str(&whole(answer).await);
    }
    seen
}
