//! `GET /metrics`.

use crate::support::{Server, Tab, eventually, start_redis};
use std::collections::HashMap;

#[tokio::test]
async fn the_figures_tell_what_has_happened() {
    let redis = start_redis().await;
    let (ord, fra) = (
        Server::start("ord", &redis).await,
        Server::start("fra", &redis).await,
    );
    let mut ann = Tab::open(&ord, "ann").await;
    let _bob = Tab::open(&fra, "bob").await.stay();
    for seq in 1..=5 {
        ann.click(seq).await;
    }
    ann.settled(5).await;
    fra.click("a").send().await.unwrap();
    ord.until("all", |world| (world.clicks, world.people) == (6, 2))
        .await;

    let _ann = ann.stay();
    // The acknowledgement is sent before it is counted here.
    eventually("the newest figures", async || {
        let figures = figures(&ord).await;
        figures["murmuration_clicks_total"] >= 5.0
            && figures["murmuration_event_lag_seconds_count"] > 0.0
    })
    .await;
    let figures = figures(&ord).await;

    for (name, value) in [
        ("murmuration_world_clicks{region=\"ord\"}", 5.0),
        ("murmuration_world_clicks{region=\"fra\"}", 1.0),
        ("murmuration_world_people{region=\"fra\"}", 1.0),
        ("murmuration_world_connections{region=\"ord\"}", 1.0),
        ("murmuration_world_instances{region=\"ord\"}", 1.0),
        ("murmuration_world_age_ms", 0.0),
        ("murmuration_redis_takes_writes", 1.0),
        ("murmuration_connections", 1.0),
        ("murmuration_clicks_total", 5.0),
        ("murmuration_clicks_refused_total", 0.0),
        ("murmuration_events_dropped_total", 0.0),
    ] {
        assert_eq!(figures.get(name), Some(&value), "{name}");
    }
    for name in [
        "murmuration_frames_encoded_total{topic=\"world\"}",
        "murmuration_frames_delivered_total",
        "murmuration_redis_round_trip_seconds_count",
        "murmuration_redis_round_trip_seconds_sum",
        "murmuration_event_lag_seconds_count",
    ] {
        assert!(figures[name] > 0.0, "{name}");
    }
    assert!(figures.contains_key("murmuration_resyncs_total"));
}

#[tokio::test]
async fn the_figures_are_in_the_format_they_claim() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    let answer = server.get("/metrics").send().await.unwrap();
    let kind = answer.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    let text = answer.text().await.unwrap();

    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    assert!(text.ends_with("# EOF\n"));
    assert!(text.contains("# HELP murmuration_world_people "));
    assert!(text.contains("# TYPE murmuration_redis_round_trip_seconds histogram"));
}

async fn figures(server: &Server) -> HashMap<String, f64> {
    let text = server
        .get("/metrics")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap();
            (name.to_owned(), value.parse().unwrap())
        })
        .collect()
}
