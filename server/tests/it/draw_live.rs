//! The draw over the live socket.

use crate::support::{Server, Setup, Tab, is_state_of, settled, start_redis};
use protocol::live::VERSION;
use serde_json::{Value, json};

/// The next frame that tells of the draw.
async fn news(tab: &mut Tab) -> Value {
    tab.hear_a("draw").await
}

/// The next one for which that holds.
async fn news_until(tab: &mut Tab, holds: impl Fn(&Value) -> bool) -> Value {
    loop {
        let news = news(tab).await;
        if holds(&news) {
            return news;
        }
    }
}

#[tokio::test]
async fn a_page_that_shows_the_draw_is_told_of_it_at_once() {
    let redis = start_redis().await;
    let server = settled(&Setup::new("ord", &redis), &redis).await;

    let mut tab = Tab::open_draw(&server, "ann").await;
    let told = news(&mut tab).await;

    let report = serde_json::to_value(
        server
            .get("/api/draw")
            .send()
            .await
            .unwrap()
            .json::<Value>()
            .await
            .unwrap(),
    );
    assert_eq!(told["report"], report.unwrap());
    let next_in_ms = told["next_in_ms"].as_u64().unwrap();
    assert!((80_000_000..=86_400_000).contains(&next_in_ms), "{told}");
    assert!(told["asked_at"].is_null(), "nobody asked: {told}");
    let mut fields: Vec<_> = told.as_object().unwrap().keys().collect();
    fields.sort();
    assert_eq!(fields, ["asked_at", "next_in_ms", "opening", "report"]);
    let opening = told["opening"].as_array().unwrap();
    assert!(opening.len() <= 2, "{told}");
    for player in opening {
        let id = u32::try_from(player["id"].as_u64().unwrap()).unwrap();
        let (points, round) = server.player(id).await;
        assert_eq!(
            (player["points"].as_u64(), &told["report"]["round"]),
            (Some(points), &json!(round))
        );
    }
}

#[tokio::test]
async fn each_round_is_told_to_all_pages_with_the_same_two() {
    let redis = start_redis().await;
    let server = Setup::new("ord", &redis).in_a_hurry().start().await;
    let mut tabs = [
        Tab::open_draw(&server, "ann").await,
        Tab::open_draw(&server, "bob").await,
    ];
    let mut openings = Vec::new();

    let mut rounds = 0..0;
    for tab in &mut tabs {
        let told = news(tab).await;
        rounds.end = rounds
            .end
            .max(told["report"]["round"].as_u64().unwrap() + 4);
    }
    rounds.start = rounds.end - 3;
    for round in rounds {
        let mut told = Vec::new();
        for tab in &mut tabs {
            let news = news_until(tab, |news| news["report"]["round"] == round).await;
            told.push(news["opening"].clone());
        }
        assert_eq!(told[0], told[1], "round {round}");
        openings.push(told.pop());
    }

    assert!(
        openings.windows(2).any(|two| two[0] != two[1]),
        "{openings:?}"
    );
}

#[tokio::test]
async fn pages_that_show_no_draw_are_told_of_none() {
    let redis = start_redis().await;
    let server = Setup::new("ord", &redis).in_a_hurry().start().await;
    let mut watcher = Tab::connect(&server).await;
    watcher.hello(VERSION, "watcher").await;
    let mut tab = Tab::open_draw(&server, "ann").await;
    let told = news(&mut tab).await["report"]["round"].as_u64().unwrap();
    news_until(&mut tab, |news| {
        news["report"]["round"].as_u64() > Some(told + 1)
    })
    .await;

    watcher.click(1).await;
    loop {
        let frame = watcher.hear().await;
        assert!(!is_state_of(&frame, "draw"), "{frame}");
        if frame["type"] == "ack" {
            break;
        }
    }
}

#[tokio::test]
async fn a_socket_that_asks_for_the_draw_again_and_again_is_asked_to_come_back_later() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let mut tab = Tab::open_draw(&server, "ann").await;

    for _ in 0..100 {
        tab.watch("draw", None).await;
    }
    let (code, reason, _) = tab.closing().await;

    assert_eq!(code, 1013, "{reason}");
    assert!(reason.contains("topics"), "{reason}");
    // The others are served on.
    let mut other = Tab::open_draw(&server, "bob").await;
    assert_eq!(news(&mut other).await["report"]["round"], 0);
}
