//! Parties over REST: what cannot be done, and how that is said.

use crate::support::{Server, assert_problem, device, start_redis};
use serde_json::json;

#[tokio::test]
async fn discovery_names_the_field_that_is_wrong() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for (query, field) in [
        ("", "`lat`"),
        ("?lat=0", "`lng`"),
        ("?lat=0&lng=181", "`lng`"),
        ("?lat=0&lng=0&radius_km=-1", "`radius_km`"),
        ("?lat=0&lng=0&radius_km=20038", "`radius_km`"),
        ("?lat=0&lng=0&radius_km=NaN", "`radius_km`"),
        ("?lat=0&lng=0&limit=0", "`limit`"),
        ("?lat=0&lng=0&limit=101", "`limit`"),
        ("?lat=0&lng=0&limit=2.5", "`limit`"),
        ("?lat=0&lng=0&limit=1&limit=2", "`limit`"),
    ] {
        let answer = server
            .get(&format!("/parties{query}"))
            .send()
            .await
            .unwrap();
        let problem = assert_problem(answer, 400, "bad-query").await;
        assert!(
            problem["detail"].as_str().unwrap().contains(field),
            "{query}"
        );
    }
}

#[tokio::test]
async fn bodies_that_cannot_be_used_are_refused_by_the_name_of_the_field() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let id = device("ann");

    for (fields, named) in [
        (json!({}), "`device_id`"),
        (json!({ "device_id": "short" }), "`device_id`"),
        (json!({ "device_id": "x".repeat(129) }), "`device_id`"),
        (json!({ "device_id": 12345678 }), "`device_id`"),
        (json!({ "device_id": id, "lat": 1.0 }), "`lng`"),
        (json!({ "device_id": id, "lng": 1.0 }), "`lat`"),
        (json!({ "device_id": id, "lat": 91, "lng": 0 }), "`lat`"),
        (json!({ "device_id": id, "lat": "1", "lng": 0 }), "`lat`"),
        (json!({ "device_id": id, "lat": 0, "lng": 181 }), "`lng`"),
        (json!({ "device_id": id, "listed": "no" }), "`listed`"),
        (
            json!({ "device_id": id, "participant_name": 1 }),
            "`participant_name`",
        ),
        (json!([]), "JSON object"),
    ] {
        let answer = server.post("/parties").json(&fields).send().await.unwrap();
        let problem = assert_problem(answer, 422, "bad-body").await;
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(named), "{fields}: {detail}");
    }
    let text = server.post("/parties").body("{}").send().await.unwrap();
    assert_problem(text, 415, "not-json").await;
    let long = json!({ "device_id": id, "pad": "x".repeat(5000) });
    let long = server.post("/parties").json(&long).send().await.unwrap();
    assert_problem(long, 413, "too-large").await;
}

#[tokio::test]
async fn paths_that_name_no_party_or_device_are_refused() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for code in ["1", "057495738", "4574957380", "45749573x", "%ff%fe", "%20"] {
        let answer = server
            .get(&format!("/parties/{code}"))
            .send()
            .await
            .unwrap();
        assert_problem(answer, 400, "bad-path").await;
    }
    for device in ["short", "with%20space", "%ff%fe%fd%fc%fb%fa%f9%f8"] {
        let path = format!("/parties/457495738/participants/{device}");
        let answer = server.delete(&path).send().await.unwrap();
        assert_problem(answer, 400, "bad-path").await;
    }
}

#[tokio::test]
async fn pages_of_other_sites_may_change_no_party() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.create("ann", json!({})).await;
    let path = format!("/parties/{code}/participants");
    let own = format!("{path}/{}", device("ann"));
    let body = json!({ "device_id": device("bob"), "participant_name": "Bob" });

    for call in [
        server.post("/parties"),
        server.post(&path),
        server.patch(&own),
        server.delete(&own),
    ] {
        let call = call.json(&body).header("origin", "https://evil.example");
        assert_problem(call.send().await.unwrap(), 403, "other-origin").await;
    }
    assert_eq!(server.members(&code).await, ["ann*"]);
    let call = server
        .post(&path)
        .json(&body)
        .header("origin", server.origin());
    assert_eq!(call.send().await.unwrap().status(), 201);
}

#[tokio::test]
async fn while_redis_is_away_every_call_says_so() {
    let mut redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.create("ann", json!({})).await;
    redis.kill().unwrap();
    server.until("no Redis", |world| world.age_ms > 0).await;

    let path = format!("/parties/{code}");
    let created = server
        .post("/parties")
        .json(&json!({ "device_id": device("bob") }));
    for answer in [
        created.send().await.unwrap(),
        server.get(&path).send().await.unwrap(),
        server
            .get(&format!("{path}/participants"))
            .send()
            .await
            .unwrap(),
        server.get("/parties?lat=0&lng=0").send().await.unwrap(),
        server.join(&code, "bob").await,
        server.rename(&code, "ann", "Ann").await,
        server.leave(&code, "ann").await,
    ] {
        assert_eq!(answer.headers()["retry-after"], "2");
        assert_problem(answer, 503, "redis-away").await;
    }
}
