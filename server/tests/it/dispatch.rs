//! `GET /managers/find`, `GET /managers` and `GET /ping`.

use crate::support::{Server, Setup, assert_problem, eventually, json, raw, start_redis};
use serde_json::{Value, json};
use std::collections::BTreeSet;

impl Server {
    /// Who is found from there.
    async fn find(&self, lat: f64, lng: f64) -> Value {
        let answer = self.get(&format!("/managers/find?lat={lat}&lng={lng}"));
        json(answer.send().await.unwrap()).await
    }

    /// The codes of the regions that live.
    async fn live(&self) -> Vec<String> {
        let managers = json(self.get("/managers").send().await.unwrap()).await;
        let managers = managers.as_array().unwrap().iter();
        managers
            .map(|manager| manager["region"].as_str().unwrap().to_owned())
            .collect()
    }
}

#[tokio::test]
async fn visitors_are_sent_to_the_nearest_region_wherever_they_are() {
    let redis = start_redis().await;
    let ord = Server::start("ord", &redis).await;
    let fra = Server::start("fra", &redis).await;
    let syd = Server::start("syd", &redis).await;
    eventually("three regions", async || ord.live().await.len() == 3).await;

    for (lat, lng, region, url) in [
        (52.52, 13.4, "fra", fra.url("")),
        (40.71, -74.0, "ord", ord.url("")),
        (-36.85, 174.76, "syd", syd.url("")),
        // Fiji on both sides of the date line, and the date line by both its names.
        (-16.8, 179.99, "syd", syd.url("")),
        (-16.8, -179.99, "syd", syd.url("")),
        (0.0, 180.0, "syd", syd.url("")),
        (0.0, -180.0, "syd", syd.url("")),
        (-90.0, 0.0, "syd", syd.url("")),
        (-90.0, 180.0, "syd", syd.url("")),
        (90.0, -180.0, "fra", fra.url("")),
    ] {
        let found = ord.find(lat, lng).await;
        assert_eq!(
            (&found["region"], &found["url"]),
            (&json!(region), &json!(url)),
            "{lat} {lng}"
        );
        assert_eq!(found["hostname"], "127.0.0.1");
        assert!(found["distance_km"].as_f64().unwrap() > 0.0);
        assert_eq!(found.as_object().unwrap().len(), 5, "{found}");
    }
    let berlin = syd.find(52.52, 13.4).await;
    assert_eq!(berlin["city"], "Frankfurt");
    let km = berlin["distance_km"].as_f64().unwrap();
    assert!((430.0..440.0).contains(&km), "{km}");
}

#[tokio::test]
async fn a_region_that_dies_is_skipped_until_it_is_back() {
    let redis = start_redis().await;
    let ord = Server::start("ord", &redis).await;
    let mut fra = Server::start("fra", &redis).await;
    let region = async || ord.find(52.52, 13.4).await["region"].clone();
    eventually("Frankfurt", async || region().await == "fra").await;

    fra.kill();
    eventually("Chicago instead", async || region().await == "ord").await;
    assert_eq!(ord.live().await, ["ord"]);

    let _fra = Server::start("fra", &redis).await;
    eventually("Frankfurt again", async || region().await == "fra").await;
    assert_eq!(ord.live().await, ["fra", "ord"]);
}

#[tokio::test]
async fn instances_of_one_region_share_its_visitors() {
    let redis = start_redis().await;
    let one = Server::start("fra", &redis).await;
    let other = Server::start("fra", &redis).await;
    let instances = async || {
        let managers = json(one.get("/managers").send().await.unwrap()).await;
        managers[0]["instances"] == 2
    };
    eventually("two instances", instances).await;

    let mut urls = BTreeSet::new();
    for _ in 0..60 {
        let found = one.find(52.52, 13.4).await;
        urls.insert(found["url"].as_str().unwrap().to_owned());
    }

    assert_eq!(urls, BTreeSet::from([one.url(""), other.url("")]));
}

#[tokio::test]
async fn a_replay_is_told_only_to_those_who_ask() {
    let redis = start_redis().await;
    let server = Server::start("fra", &redis).await;
    let replay = async |query: &str| {
        let answer = server.get(&format!("/managers/find?lat=0&lng=0{query}"));
        let answer = answer.send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let header = answer.headers().get("fly-replay").cloned();
        header.map(|value| value.to_str().unwrap().to_owned())
    };

    assert_eq!(replay("&replay=1").await.as_deref(), Some("region=fra"));
    assert_eq!(replay("").await, None);
    assert_eq!(replay("&replay=0").await, None);
    let replayed = server.get("/managers/find?lat=0&lng=0&replay=1");
    let replayed = replayed.header("fly-replay-src", "instance=1;region=ord;t=1");
    let replayed = replayed.send().await.unwrap();
    assert_eq!(replayed.status(), 200);
    assert!(
        !replayed.headers().contains_key("fly-replay"),
        "once is enough"
    );
}

#[tokio::test]
async fn what_is_no_place_is_refused_by_the_name_of_its_field() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for (query, field) in [
        ("", "`lat`"),
        ("?lng=0", "`lat`"),
        ("?lat=0", "`lng`"),
        ("?lat=x&lng=0", "`lat`"),
        ("?lat=0&lng=", "`lng`"),
        ("?lat=NaN&lng=0", "`lat`"),
        ("?lat=0&lng=inf", "`lng`"),
        ("?lat=90.01&lng=0", "`lat`"),
        ("?lat=-91&lng=0", "`lat`"),
        ("?lat=0&lng=180.01", "`lng`"),
        ("?lat=0&lng=-1e300", "`lng`"),
        ("?lat=0&lat=0&lng=0", "`lat`"),
        ("?lat=0&lng=0&lng=0", "`lng`"),
        ("?lat=%ff&lng=0", "`lat`"),
        ("?lat=0&lng=0&replay=2", "`replay`"),
    ] {
        let answer = server.get(&format!("/managers/find{query}"));
        let problem = assert_problem(answer.send().await.unwrap(), 400, "bad-query").await;
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(field), "{query}: {detail}");
    }
}

#[tokio::test]
async fn while_nothing_lives_nobody_is_found() {
    let mut redis = start_redis().await;
    let server = Setup::new("ord", &redis).start_unready().await;
    redis.kill().unwrap();
    let unready = Setup::new("fra", &redis).start_unready().await;
    drop(server);

    let answer = unready.get("/managers/find?lat=0&lng=0");
    assert_problem(answer.send().await.unwrap(), 503, "not-ready").await;
    let answer = unready.get("/managers").send().await.unwrap();
    assert_problem(answer, 503, "not-ready").await;
}

#[tokio::test]
async fn pages_of_every_site_may_read_where_to_go_and_how_long_it_takes() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for path in [
        "/ping",
        "/managers",
        "/managers/find?lat=0&lng=0",
        "/managers/find",
    ] {
        let answer = server
            .get(path)
            .header("origin", "https://elsewhere.example");
        let answer = answer.send().await.unwrap();
        assert_eq!(
            answer.headers()["access-control-allow-origin"],
            "*",
            "{path}"
        );
        let credentials = answer.headers().get("access-control-allow-credentials");
        assert_eq!(credentials, None, "{path}");
    }
    let own = server
        .get("/api/world")
        .header("origin", "https://x.example");
    let own = own.send().await.unwrap();
    assert_eq!(own.headers().get("access-control-allow-origin"), None);
}

#[tokio::test]
async fn a_ping_is_answered_with_next_to_nothing() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for method in ["GET", "HEAD", "OPTIONS"] {
        let request = format!("{method} /ping HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        let answer = raw(&server, request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
        assert!(
            answer.ends_with("\r\n\r\n") && answer.len() < 700,
            "{answer}"
        );
        for line in ["access-control-allow-origin: *", "cache-control: no-store"] {
            assert!(answer.contains(line), "{method}: {answer}");
        }
    }
    let answer = server.get("/ping").send().await.unwrap();
    assert_eq!(answer.headers()["timing-allow-origin"], "*");
    let posted = server.post("/ping").send().await.unwrap();
    assert_eq!(posted.status(), 405);
}
