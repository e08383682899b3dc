//! A region that is cut off for a minute.

use crate::support::{
    LAG, Tab, Truth, all_agree_within, link_to, person, session_id, start_engine,
    start_engine_with, start_redis, until, until_within,
};
use edge::{Engine, Limits, Session};
use std::time::{Duration, Instant};

/// How long the link is gone.
const CUT: Duration = Duration::from_secs(60);
/// People on each side.
const PEOPLE: u32 = 1_200;
/// Those of the other side are gone within this.
const GONE: Duration = Duration::from_secs(6);
/// All agree again within this.
const HEALED: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_cut_for_a_minute_leaves_both_sides_usable_and_heals() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let cut_off = start_engine_with("syd", &link.url(), Limits::default());
    let here = start_engine("fra", &redis.url());
    let both = [&cut_off, &here];
    let mut crowds = both.map(|engine| visitors(engine, 0..PEOPLE));
    let (mut ann, mut bob) = (Tab::open(&cut_off, "ann"), Tab::open(&here, "bob"));
    for engine in both {
        until(engine, "everyone", |world| world.people() == 2 * PEOPLE + 2).await;
    }
    ann.click_up(10);
    bob.click_up(10);
    ann.settled().await;
    bob.settled().await;

    link.freeze();
    let started = Instant::now();
    until_within(GONE + LAG, &here, "one side", |world| {
        world.people() == PEOPLE + 1
    })
    .await;
    while started.elapsed() < CUT || ann.sent() <= 100 {
        // Both sides stay usable.
        ann.click_up(1);
        bob.click_up(1);
        bob.settled().await;
        let cut_off_world = cut_off.mirror().world();
        assert_eq!(
            cut_off_world.people(),
            2 * PEOPLE + 2,
            "the last known world"
        );
        assert!(started.elapsed() < Duration::from_secs(5) || cut_off_world.age_ms > 1_000);
        assert_eq!(here.mirror().world().age_ms, 0);
        let _step = tokio::time::timeout(Duration::from_millis(250), ann.listen()).await;
    }
    assert!(cut_off.mirror().age_ms() > 55_000);
    assert_eq!(ann.acked(), 10);
    // People come and go on the side that cannot tell.
    crowds[0].truncate(PEOPLE as usize - 100);
    crowds[0].extend(visitors(&cut_off, PEOPLE..PEOPLE + 150));

    let everyone = 2 * PEOPLE + 2 + 50;
    let clicks = ann.sum() + bob.sum();
    link.restore();
    let restored = Instant::now();
    for engine in both {
        let left = (HEALED + LAG).saturating_sub(restored.elapsed());
        until_within(left, engine, "everyone and every click", |world| {
            world.people() == everyone && world.clicks() == clicks
        })
        .await;
    }
    let left = (HEALED + LAG).saturating_sub(restored.elapsed());
    all_agree_within(left, &redis, &both).await;

    ann.settled().await;
    assert_eq!(Truth::of(&redis).await.clicks().await, clicks);
    drop(crowds);
    for engine in both {
        engine.shutdown().await;
    }
}

/// Sessions of different people.
fn visitors(engine: &Engine, numbers: std::ops::Range<u32>) -> Vec<Session> {
    let code = engine.place().code.as_str();
    let visit = |number| {
        let name = format!("{code}{number}");
        engine.session(&session_id(&name), person(&name))
    };
    numbers.map(visit).collect()
}
