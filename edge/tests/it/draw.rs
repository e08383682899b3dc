//! The first start of the draw, its rounds, and what outlives the instances that make them.

use crate::support::{
    AnyRedis, CHUNK, DrawTruth, Instance, ON_CALL, all_points, draw_every, draw_on_call, histogram,
    start_engine_with, start_redis, until_report, until_round,
};
use edge::testing::RedisServer;
use edge::{DrawError, DrawLimits, Endpoint, Engine, Limits};
use protocol::MaxTwo;
use std::time::Duration;

/// The same with points up to that.
fn up_to(points_max: u8, limits: Limits) -> Limits {
    Limits {
        draw: DrawLimits {
            points_max,
            ..limits.draw
        },
        ..limits
    }
}

fn start(redis: &impl AnyRedis, limits: Limits) -> Engine {
    start_engine_with("ord", &redis.url(), limits)
}

/// Checks all that can be asked of the running round against what Redis holds of it.
async fn check(engine: &Engine, truth: &DrawTruth, players: u32, points_max: u8) {
    let running = truth.running().await.unwrap();
    assert_eq!(running.chunks, players.div_ceil(CHUNK) as usize);
    let report = engine.draw().report().unwrap();
    let (round, points) = all_points(engine.draw());
    assert_eq!((report.round, round), (running.number, running.number));
    assert_eq!(report.players, players);
    assert!(points == truth.points(running.number, &running.fence).await);
    assert_eq!(report.histogram, histogram(&points, points_max));

    let above = points.iter().filter(|points| **points > running.minimum);
    let shown = above.count().min(2);
    for _ in 0..20 {
        let users = engine.draw().ask().unwrap().two.users;
        assert_eq!(users.len(), shown);
        assert!(users.iter().all(|user| user.points > running.minimum));
        assert!(shown < 2 || users[0].id != users[1].id);
    }
    for nobody in [0, u64::from(players) + 1, u64::MAX] {
        let error = engine.draw().player(nobody).unwrap_err();
        assert_eq!(error, DrawError::UnknownPlayer(players));
    }
}

#[tokio::test]
async fn nobody_has_points_at_first_and_the_first_query_knows_of_none_before() {
    let redis = start_redis().await;
    let engine = start(&redis, draw_on_call(1_000));
    assert_eq!(engine.draw().ask().unwrap_err(), DrawError::NotReady);
    assert!(!engine.draw().is_ready());

    let report = until_round(&engine, 0).await;

    assert!(engine.draw().is_ready());
    assert_eq!((report.round, report.players), (0, 1_000));
    assert_eq!(report.histogram[0], 1_000);
    assert_eq!(report.histogram.len(), 101);
    assert_eq!(report.histogram.iter().sum::<u32>(), 1_000);
    let news = engine.draw().news().unwrap();
    assert_eq!((news.opening, news.asked_at), (vec![], None));
    let first = engine.draw().ask().unwrap();
    assert_eq!((first.round, first.two), (0, MaxTwo::default()));
    let second = engine.draw().ask().unwrap();
    assert_eq!(second.two.users, []);
    let asked_at = engine.draw().news().unwrap().asked_at.unwrap();
    let at = second.two.timestamp.unwrap();
    assert!(asked_at.replace('T', " ")[..19] >= at[..], "{at}");
    engine.shutdown().await;
}

#[tokio::test]
async fn rounds_of_any_size_are_whole() {
    for (players, points_max) in [
        (1, 1),
        (2, 255),
        (3, 1),
        (1_000, 100),
        (CHUNK - 1, 100),
        (CHUNK, 255),
        (CHUNK + 1, 1),
        (600_000, 100),
    ] {
        let redis = start_redis().await;
        let truth = DrawTruth::of(&redis).await;
        let engine = start(&redis, up_to(points_max, draw_on_call(players)));

        let report = until_round(&engine, 0).await;
        assert_eq!(report.histogram[0], players);
        check(&engine, &truth, players, points_max).await;
        for number in 1..=2 {
            truth.make_due().await;
            until_round(&engine, number).await;
            check(&engine, &truth, players, points_max).await;
        }

        if players > 10_000 {
            let (_, points) = all_points(engine.draw());
            let drawn = histogram(&points, points_max);
            assert!(drawn.iter().all(|players| *players > 0), "{drawn:?}");
        }
        engine.shutdown().await;
    }
}

#[tokio::test]
async fn rounds_come_by_themselves_and_points_are_new_each_time() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    let engine = start(&redis, draw_every(1_000, Duration::from_millis(100)));

    until_round(&engine, 5).await;
    engine.shutdown().await;

    let mut seen = Vec::new();
    for (number, fence) in truth.rounds_made().await {
        let points = truth.points(number, &fence).await;
        assert!(!seen.contains(&points), "round {number} is as one before");
        seen.push(points);
    }
    assert!(seen.len() >= 6);
}

pub async fn a_round_runs_on_when_all_instances_have_ended(redis: &impl AnyRedis) {
    let truth = DrawTruth::of(redis).await;
    let limits = draw_on_call(1_000);
    let first = start(redis, limits);
    let second = start_engine_with("fra", &redis.url(), limits);
    until_round(&first, 0).await;
    truth.make_due().await;
    until_round(&first, 1).await;
    until_round(&second, 1).await;
    let before = truth.running().await.unwrap();
    let (points, report) = (all_points(first.draw()), first.draw().report().unwrap());
    first.shutdown().await;
    second.shutdown().await;

    let killed = Instance::start("syd", Endpoint::Url(redis.url()), limits);
    assert_eq!(until_round(&killed, 1).await, report);
    killed.kill();
    let engine = start(redis, limits);
    assert_eq!(until_round(&engine, 1).await, report);

    assert_eq!(all_points(engine.draw()), points);
    assert_eq!(truth.running().await.unwrap(), before);
    // It is this instance that makes the next one, as soon as it is due.
    truth.make_due().await;
    assert_eq!(until_round(&engine, 2).await.round, 2);
    engine.shutdown().await;
}

#[tokio::test]
async fn a_round_that_became_due_meanwhile_is_followed_at_once() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    let first = start(&redis, draw_on_call(1_000));
    until_round(&first, 0).await;
    first.shutdown().await;
    truth.make_due().await;

    let second = start(&redis, draw_on_call(1_000));
    assert_eq!(until_round(&second, 1).await.round, 1);

    let running = truth.running().await.unwrap();
    assert_eq!(
        running.next_ms - running.began_ms,
        ON_CALL.as_millis() as u64
    );
    second.shutdown().await;
}

#[tokio::test]
async fn a_round_is_still_there_when_redis_was_killed() {
    let mut redis = RedisServer::start_durable().await.unwrap();
    let truth = DrawTruth::of(&redis).await;
    let limits = draw_on_call(CHUNK + 1);
    let engine = start(&redis, limits);
    until_round(&engine, 0).await;
    truth.make_due().await;
    until_round(&engine, 1).await;
    let (before, points) = (truth.running().await, all_points(engine.draw()));

    redis.kill().unwrap();
    assert_eq!(all_points(engine.draw()), points);
    redis.restart().await.unwrap();

    let truth = DrawTruth::of(&redis).await;
    assert_eq!(truth.running().await, before);
    let fresh = start_engine_with("fra", &redis.url(), limits);
    until_round(&fresh, 1).await;
    assert_eq!(all_points(fresh.draw()), points);
    truth.make_due().await;
    for engine in [&engine, &fresh] {
        assert_eq!(until_round(engine, 2).await.round, 2);
        truth.assert_answers(engine).await;
    }
    engine.shutdown().await;
    fresh.shutdown().await;
}

#[tokio::test]
async fn other_settings_hold_from_the_next_round_on() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    let mut before = (1_000, 100);
    let mut number = 0;
    let first = start(&redis, up_to(before.1, draw_on_call(before.0)));
    until_round(&first, 0).await;
    first.shutdown().await;

    for after in [
        (CHUNK * 2 + 7, 255),
        (CHUNK, 1),
        (CHUNK + 1, 100),
        (1, 200),
        (3_000, 3),
    ] {
        let engine = start(&redis, up_to(after.1, draw_on_call(after.0)));

        until_round(&engine, number).await;
        check(&engine, &truth, before.0, before.1).await;
        number += 1;
        truth.make_due().await;
        until_report(&engine, "the next round", |report| report.round == number).await;
        check(&engine, &truth, after.0, after.1).await;

        engine.shutdown().await;
        before = after;
    }
    let short = DrawTruth::key(&format!("points:{number}:*"));
    let chunks: Vec<String> = truth.run(&["KEYS", &short]).await;
    assert_eq!(chunks.len(), 1, "no chunk of a larger round is left");
}
