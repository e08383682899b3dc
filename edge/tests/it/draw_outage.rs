//! Redis goes, comes back, comes back empty, and comes back older.

use crate::support::{
    CHUNK, DrawTab, DrawTruth, all_points, draw_on_call, eventually, fence_number, link_to,
    shutdown_both, start_engine_with, start_redis, until_report, until_round,
};
use edge::Engine;
use edge::testing::RedisServer;

const PLAYERS: u32 = CHUNK + 3;

/// An instance in each of two regions, both in round 3.
async fn pair(redis: &RedisServer, link: &str) -> ([Engine; 2], DrawTruth) {
    let truth = DrawTruth::of(redis).await;
    let limits = draw_on_call(PLAYERS);
    let engines = [("ord", link.to_owned()), ("fra", redis.url())]
        .map(|(region, url)| start_engine_with(region, &url, limits));
    until_round(&engines[0], 0).await;
    for number in 1..=3 {
        next_round(&truth, number).await;
    }
    both_in(&engines, 3).await;
    (engines, truth)
}

async fn next_round(truth: &DrawTruth, number: u64) {
    truth.make_due().await;
    assert_eq!(truth.until_running(number).await.number, number);
}

async fn both_in(engines: &[Engine; 2], number: u64) {
    for engine in engines {
        let what = format!("round {number}");
        until_report(engine, &what, |report| report.round == number).await;
    }
}

fn asked_at(engine: &Engine) -> Option<String> {
    engine.draw().news().unwrap().asked_at
}

/// Whether the instance does what it can without Redis.
async fn serves_alone(engine: &Engine, round: u64) {
    let draw = engine.draw();
    eventually("Redis away", async || draw.age_ms() > 0).await;
    let report = draw.report().unwrap();
    assert_eq!((report.round, report.players), (round, PLAYERS));
    assert!(report.age_ms > 0);
    assert!(draw.is_ready());
    assert_eq!(all_points(draw).0, round);
    assert_eq!(draw.ask().unwrap().round, round);
    assert!(asked_at(engine).is_some());
    let (before, mut changes) = (asked_at(engine), draw.changes());
    changes.mark_unchanged();
    eventually("a query in another second", async || {
        draw.ask().unwrap();
        asked_at(engine) != before
    })
    .await;
    assert!(changes.has_changed().unwrap(), "pages here are told of it");
    let age = draw.age_ms();
    eventually("a greater age", async || draw.age_ms() > age).await;
}

#[tokio::test]
async fn a_region_without_redis_serves_the_last_round_and_tells_of_queries_later() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let (engines, truth) = pair(&redis, &link.url()).await;
    let [alone, other] = &engines;
    assert_eq!(alone.draw().age_ms(), 0);
    assert_eq!(asked_at(other), None);

    link.cut();
    serves_alone(alone, 3).await;
    // The others go on, and have heard of nothing.
    truth.make_due().await;
    until_round(other, 4).await;
    assert_eq!(asked_at(other), None);
    assert_eq!(alone.draw().report().unwrap().round, 3);

    let asked = asked_at(alone);
    link.restore();
    eventually("the query, there", async || asked_at(other) == asked).await;
    until_round(alone, 4).await;
    assert_eq!(alone.draw().age_ms(), 0);
    truth.assert_answers(alone).await;
    let before = other.draw().ask().unwrap().two.timestamp.unwrap();
    assert_eq!(before, asked.unwrap().replace('T', " ")[..19]);
    shutdown_both(engines).await;
}

#[tokio::test]
async fn a_page_hears_that_redis_is_away_and_that_it_is_back() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let (engines, _) = pair(&redis, &link.url()).await;
    let mut tab = DrawTab::open(&engines[0], "ann");
    assert_eq!(tab.next().await.report.age_ms, 0);

    for _ in 0..2 {
        link.cut();
        tab.until("Redis away", |told| told.last().unwrap().report.age_ms > 0)
            .await;
        engines[0].draw().ask().unwrap();
        link.restore();
        // No other round begins meanwhile.
        tab.until("Redis back", |told| told.last().unwrap().report.age_ms == 0)
            .await;
        assert_eq!(tab.told().last().unwrap().report.round, 3);
    }
    shutdown_both(engines).await;
}

#[tokio::test]
async fn all_serve_the_last_round_while_redis_is_down_and_go_on_then() {
    let mut redis = RedisServer::start_durable().await.unwrap();
    let (engines, _) = pair(&redis, &redis.url()).await;

    redis.kill().unwrap();
    for engine in &engines {
        serves_alone(engine, 3).await;
    }
    let asked = engines.each_ref().map(asked_at).into_iter().max().unwrap();
    redis.restart().await.unwrap();

    let truth = DrawTruth::of(&redis).await;
    for engine in &engines {
        eventually("Redis back", async || engine.draw().age_ms() == 0).await;
        eventually("the latest query", async || asked_at(engine) == asked).await;
        truth.assert_answers(engine).await;
    }
    next_round(&truth, 4).await;
    both_in(&engines, 4).await;
    shutdown_both(engines).await;
}

#[tokio::test]
async fn numbers_go_on_where_redis_comes_back_empty() {
    let mut redis = start_redis().await;
    let (engines, truth) = pair(&redis, &redis.url()).await;
    let before = truth.running().await.unwrap();

    redis.kill().unwrap();
    redis.restart().await.unwrap();

    let truth = DrawTruth::of(&redis).await;
    let running = truth.until_running(0).await;
    assert_eq!(running.number, 4);
    assert!(fence_number(&running.fence) > fence_number(&before.fence));
    both_in(&engines, 4).await;
    for engine in &engines {
        truth.assert_answers(engine).await;
        let report = engine.draw().report().unwrap();
        assert!(report.histogram[0] < PLAYERS, "not everybody has nothing");
    }
    // And once more, in one step, while all are connected.
    let _: String = truth.run(&["FLUSHALL"]).await;
    assert_eq!(truth.until_running(0).await.number, 5);
    both_in(&engines, 5).await;
    shutdown_both(engines).await;
}

#[tokio::test]
async fn numbers_go_on_where_redis_comes_back_older() {
    let redis = start_redis().await;
    let (engines, truth) = pair(&redis, &redis.url()).await;
    let older = truth.all().await;
    for number in 4..=6 {
        next_round(&truth, number).await;
    }
    both_in(&engines, 6).await;
    let newest = truth.running().await.unwrap();

    truth.restore(&older).await;

    // The older is what there is, until the next one is due.
    both_in(&engines, 3).await;
    for engine in &engines {
        truth.assert_answers(engine).await;
    }
    truth.make_due().await;
    let running = truth.until_running(4).await;
    assert_eq!(running.number, 7);
    assert!(fence_number(&running.fence) > fence_number(&newest.fence));
    both_in(&engines, 7).await;
    for engine in &engines {
        truth.assert_answers(engine).await;
    }
    shutdown_both(engines).await;
}

#[tokio::test]
async fn numbers_go_on_where_redis_lost_what_was_made_meanwhile() {
    let redis = start_redis().await;
    let (engines, truth) = pair(&redis, &redis.url()).await;
    for lost in [&["round"][..], &["fence"], &["round", "fence", "lease"]] {
        let before = truth.running().await.unwrap();

        for key in lost {
            let _: u32 = truth.run(&["DEL", &DrawTruth::key(key)]).await;
        }
        if !lost.contains(&"round") {
            truth.make_due().await;
        }

        let running = truth.until_running(before.number + 1).await;
        assert_eq!(running.number, before.number + 1);
        assert!(fence_number(&running.fence) > fence_number(&before.fence));
        both_in(&engines, running.number).await;
        for engine in &engines {
            truth.assert_answers(engine).await;
        }
    }
    shutdown_both(engines).await;
}
