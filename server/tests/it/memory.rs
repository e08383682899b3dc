//! What the visitors of a network may leave in Redis in a day.

use crate::support::{
    Server, Setup, Tab, assert_problem, client, device, dump, eventually, json, session_id,
    start_redis,
};
use edge::testing::RedisServer;
use protocol::live::VERSION;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

/// More claims than a network may make in a day with the least budget, a megabyte, even where it does so at once.
const CLAIMS_MAX: u32 = 20;

/// A server behind a proxy that says where visitors come from, each of whose networks has the least budget.
fn frugal(region: &str, redis: &RedisServer) -> Setup {
    Setup::new(region, redis)
        .with("TRUSTED_PROXIES", "127.0.0.0/8")
        .with("CLAIMS_PER_MINUTE", "1000")
        .with("NETWORK_MIB_PER_DAY", "1")
}

async fn send(call: RequestBuilder, from: &str) -> Response {
    call.header("x-forwarded-for", from).send().await.unwrap()
}

async fn claim(server: &Server, name: &str, from: &str) -> Response {
    let body = json!({ "address": format!("ord-{name}") });
    send(server.post("/api/addresses").json(&body), from).await
}

/// Claims names until no more can be; how many could.
async fn claim_all(server: &Server, from: &str) -> u32 {
    let claimed = AtomicU32::new(0);
    eventually("a full budget", async || {
        let number = claimed.load(Ordering::Relaxed);
        let answer = claim(server, &format!("n{number}"), from).await;
        if answer.status() == 201 {
            claimed.fetch_add(1, Ordering::Relaxed);
            return false;
        }
        let seconds = answer.headers()["retry-after"].to_str().unwrap();
        let seconds: u32 = seconds.parse().unwrap();
        assert!((86_000..=86_401).contains(&seconds), "{seconds}");
        let problem = assert_problem(answer, 429, "too-much-stored").await;
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("Wait 24 hours"), "{detail}");
        true
    })
    .await;
    claimed.into_inner()
}

#[tokio::test]
async fn a_network_stores_so_much_in_a_day_whatever_it_is_and_through_all_instances() {
    let redis = start_redis().await;
    let ord = frugal("ord", &redis).start().await;
    let fra = frugal("fra", &redis).start().await;

    let claimed = claim_all(&ord, "10.1.2.3").await;

    assert!((8..CLAIMS_MAX).contains(&claimed), "{claimed}");
    let neighbour = "10.1.2.4";
    assert_eq!(claim(&ord, "more", "10.1.3.3").await.status(), 201);
    let letter = json!({ "message": "hi", "to": "ord-n0", "from": "fra-anyone" });
    let party = json!({ "device_id": device("ann") });
    for call in [
        ord.post("/api/messages").json(&letter),
        ord.post("/parties").json(&party),
        ord.click("a-key"),
    ] {
        let refused = send(call, neighbour).await;
        assert_problem(refused, 429, "too-much-stored").await;
    }
    // The other instance hears of it with the first block that it reports.
    eventually("a refusal in another region", async || {
        claim(&fra, "other", neighbour).await.status() == 429
    })
    .await;
    let keyless = ord.post("/api/clicks").json(&json!({ "by": 1 }));
    assert_eq!(
        send(keyless, neighbour).await.status(),
        200,
        "leaves nothing"
    );
    assert_eq!(send(ord.get("/"), neighbour).await.status(), 200);
    let all = dump(&redis, "{network:").await;
    assert!(!all.contains("10.1.2"), "a network is not to be told");
}

#[tokio::test]
async fn a_session_that_clicked_goes_on_and_no_other_begins() {
    let redis = start_redis().await;
    let server = frugal("ord", &redis).start().await;
    let knock = async |name: &str| {
        let headers = [
            ("origin", &server.origin()[..]),
            ("x-forwarded-for", "10.1.2.3"),
        ];
        let mut tab = Tab::knock(&server, &headers).await.unwrap();
        tab.greet(name).await;
        tab
    };
    let mut early = knock("early").await;
    early.click(1).await;
    early.settled(1).await;

    early.beside(claim_all(&server, "10.1.2.3")).await;

    early.click(2).await;
    early.settled(2).await;
    let frames = [
        json!({ "type": "hello", "version": VERSION, "session": session_id("early") }),
        json!({ "type": "click", "seq": 3, "by": 1 }),
    ];
    let exchange = server
        .post("/live")
        .header("origin", server.origin())
        .body(frames.map(|frame| format!("{frame}\n")).concat());
    let answer = send(exchange, "10.1.2.3").await.text().await.unwrap();
    assert!(answer.contains(r#""type":"ack","seq":3"#), "{answer}");
    let mut late = knock("late").await;
    late.click(1).await;
    let refused: Value = late.hear_a("refused").await;
    assert_eq!(refused["problem"]["type"], "too-much-stored", "{refused}");
    let report = client().get(server.url("/api/world")).send().await.unwrap();
    assert_eq!(json(report).await["clicks"], 3);
}
