//! What sessions hear of the draw.

use crate::support::{
    CHUNK, DEADLINE, DrawTab, DrawTruth, ON_CALL, Refusal, Truth, all_points, draw_every,
    draw_on_call, draw_pair, eventually, link_to, shutdown_both, start_engine_with, start_redis,
    until_round,
};
use edge::testing::Proxy;
use edge::{Engine, Limits};
use protocol::DrawNews;
use std::time::{Duration, Instant};

/// Checks news of the running round.
async fn check(news: &DrawNews, engine: &Engine, truth: &DrawTruth) {
    let running = truth.running().await.unwrap();
    assert_eq!(news.report, engine.draw().report().unwrap());
    assert_eq!(news.report.round, running.number);
    let (_, points) = all_points(engine.draw());
    let above = points.iter().filter(|points| **points > running.minimum);
    assert_eq!(news.opening.len(), above.count().min(2));
    for player in &news.opening {
        assert_eq!(player.points, points[player.id as usize - 1]);
        assert!(player.points > running.minimum);
    }
    assert!(news.next_in_ms.unwrap() <= running.next_ms - running.started_ms);
}

#[tokio::test]
async fn a_session_hears_of_the_draw_at_once_and_of_each_round() {
    let redis = start_redis().await;
    let (engines, truth) = draw_pair(&redis).await;
    let [here, there] = &engines;
    let mut tabs = [DrawTab::open(here, "ann"), DrawTab::open(here, "bob")];
    let mut far = DrawTab::open(there, "cem");
    let mut elsewhere = DrawTab::open_elsewhere(here, "dan");

    for tab in &mut tabs {
        check(tab.next().await, here, &truth).await;
    }
    check(far.next().await, there, &truth).await;
    for number in 1..=8 {
        truth.make_due().await;
        far.until_round(number).await;
        let [one, two] = &mut tabs;
        let (one, two) = (one.until_round(number).await, two.until_round(number).await);
        assert_eq!(one.opening, two.opening, "the same for all of an instance");
        check(one, here, &truth).await;
        // One who comes later is shown the same two, but told what the time is now.
        let wait_ms = one.next_in_ms.unwrap();
        eventually("a later time", async || {
            here.draw().news().unwrap().next_in_ms.unwrap() + 20 < wait_ms
        })
        .await;
        let mut late = DrawTab::open(here, "late");
        let late = late.next().await;
        assert_eq!((late.report.round, &late.opening), (number, &one.opening));
        assert_ne!(late.next_in_ms.unwrap(), wait_ms);
    }

    elsewhere.listen_till_counted().await;
    assert!(elsewhere.told().is_empty());
    shutdown_both(engines).await;
}

#[tokio::test]
async fn one_who_comes_before_the_first_round_hears_of_it_when_it_is_there() {
    let mut redis = start_redis().await;
    redis.kill().unwrap();
    let engine = start_engine_with("ord", &redis.url(), draw_on_call(10));
    let mut tab = DrawTab::open(&engine, "ann");

    // It listens before Redis is there.
    let (first, started) = tokio::join!(biased; tab.next(), redis.restart());

    started.unwrap();
    assert_eq!(first.report.round, 0);
    assert_eq!(first.opening, []);
    engine.shutdown().await;
}

#[tokio::test]
async fn a_slow_session_skips_to_the_newest() {
    let redis = start_redis().await;
    let (engines, truth) = draw_pair(&redis).await;
    let [here, _] = &engines;
    let mut slow = DrawTab::open(here, "slow");
    slow.next().await;
    let mut quick = DrawTab::open(here, "quick");

    for number in 1..=6 {
        truth.make_due().await;
        quick.until_round(number).await;
    }

    assert_eq!(slow.next().await.report.round, 6);
    shutdown_both(engines).await;
}

#[tokio::test]
async fn a_round_that_takes_long_shows_how_far_it_is() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    let link = link_to(&redis);
    let limits = Limits {
        redis_timeout: DEADLINE,
        beat_limit: DEADLINE,
        ..draw_on_call(12 * CHUNK)
    };
    let maker = start_engine_with("ord", &link.url(), limits);
    until_round(&maker, 0).await;
    let other = start_engine_with("fra", &redis.url(), limits);
    until_round(&other, 0).await;
    let mut tab = DrawTab::open(&other, "ann");
    tab.next().await;

    link.delay(Duration::from_millis(150));
    truth.make_due().await;
    let after = tab.until_round(1).await.clone();
    link.restore();

    assert_eq!(after.report.progress, None);
    assert!(after.report.next_at.is_some() && after.next_in_ms.is_some());
    let made: Vec<_> = tab
        .told()
        .iter()
        .filter(|news| news.report.round == 0)
        .collect();
    let percents: Vec<_> = made
        .iter()
        .filter_map(|news| {
            let progress = news.report.progress?;
            assert_eq!(progress.round, 1);
            assert_eq!((news.next_in_ms, &news.report.next_at), (None, &None));
            Some(progress.percent)
        })
        .collect();
    assert!(percents.is_sorted(), "{percents:?}");
    assert!(percents.len() >= 4, "{percents:?}");
    assert!(percents.iter().any(|percent| (20..80).contains(percent)));
    assert!(*percents.last().unwrap() <= 100);
    maker.shutdown().await;
    other.shutdown().await;
}

#[tokio::test]
async fn an_instance_makes_so_many_frames_a_second_at_most() {
    let redis = start_redis().await;
    let limits = Limits {
        frames_per_second: Some(5),
        ..draw_every(10, Duration::from_millis(10))
    };
    let engine = start_engine_with("ord", &redis.url(), limits);
    until_round(&engine, 0).await;
    let mut tab = DrawTab::open(&engine, "ann");
    let begun = Instant::now();

    tab.until_round(60).await;

    let most = (begun.elapsed().as_secs_f64() * 5.0).ceil() as usize + 2;
    assert!(tab.told().len() <= most, "{} of {most}", tab.told().len());
    engine.shutdown().await;
}

/// Limits under which nobody looks for changes of which nothing is heard.
fn without_looks(every: Duration) -> Limits {
    let hour = Duration::from_secs(3600);
    Limits {
        beat_every: hour,
        beat_limit: hour * 3,
        ..draw_every(CHUNK + 3, every)
    }
}

/// Opens a tab during an outage that no look sees before its end; the tab hears of its end.
async fn short_outage(engine: &Engine, link: &Proxy) {
    link.cut();
    eventually("Redis away", async || engine.draw().age_ms() > 0).await;
    let mut tab = DrawTab::open(engine, "ann");
    assert!(tab.next().await.report.age_ms > 0);

    link.restore();

    tab.until("Redis back", |told| told.last().unwrap().report.age_ms == 0)
        .await;
}

#[tokio::test]
async fn a_page_that_was_told_of_an_outage_that_no_look_saw_hears_of_its_end() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let engine = start_engine_with("ord", &link.url(), without_looks(ON_CALL));
    until_round(&engine, 0).await;

    for _ in 0..3 {
        short_outage(&engine, &link).await;
    }

    engine.shutdown().await;
}

#[tokio::test]
async fn pages_hear_that_writes_are_refused_and_that_they_are_taken_again() {
    let redis = start_redis().await;
    let engine = start_engine_with("ord", &redis.url(), without_looks(ON_CALL));
    until_round(&engine, 0).await;
    let mut truth = Truth::of(&redis).await;

    Refusal::Memory.begin(&mut truth).await;
    let mut tab = DrawTab::open(&engine, "ann");
    tab.until("an age", |told| {
        told.last().is_some_and(|news| news.report.age_ms > 0)
    })
    .await;
    Refusal::Memory.end(&mut truth).await;

    tab.until("no age", |told| told.last().unwrap().report.age_ms == 0)
        .await;
    engine.shutdown().await;
}

#[tokio::test]
async fn a_page_hears_of_a_short_outages_end_where_the_next_round_is_overdue() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    let link = link_to(&redis);
    let limits = without_looks(Duration::from_millis(300));
    let engine = start_engine_with("ord", &link.url(), limits);
    until_round(&engine, 0).await;
    truth.end_rounds().await;
    until_round(&engine, truth.running().await.unwrap().number).await;
    let draw = engine.draw();
    let mut tab = DrawTab::open(&engine, "bob");
    tab.next().await;
    eventually("an overdue round", async || {
        draw.news().unwrap().next_in_ms == Some(0)
    })
    .await;
    // A frame tells of it: the next one is like it.
    let before = draw.news().unwrap().asked_at;
    eventually("a query in another second", async || {
        draw.ask().unwrap();
        draw.news().unwrap().asked_at != before
    })
    .await;
    tab.until("the query", |told| {
        let news = told.last().unwrap();
        news.asked_at != before && news.next_in_ms == Some(0)
    })
    .await;

    short_outage(&engine, &link).await;

    engine.shutdown().await;
}
