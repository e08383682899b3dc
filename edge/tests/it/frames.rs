//! What sessions are sent, and when.

use crate::support::{
    Crowd, Tab, all_agree, all_ready, impatient, link_to, patient, read_world, ready, start_engine,
    start_engine_with, start_redis, until,
};
use edge::{Limits, Outgoing};
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_of_clicks_makes_no_more_frames_than_it_may() {
    let redis = start_redis().await;
    let limits = Limits {
        frames_per_second: Some(20),
        ..patient()
    };
    let one = start_engine_with("fra", &redis.url(), limits);
    let mut watcher = Tab::open(&one, "watcher");
    ready(&one).await;
    let crowd = Crowd::gather(&[&one], 4);

    let started = Instant::now();
    watcher
        .listen_until("two seconds' worth", |tab| tab.frames() >= 40)
        .await;
    let took = started.elapsed();
    let tabs = crowd.settle().await;

    // One was there before, and one may come at once.
    let least = Duration::from_millis(50) * 38;
    assert!(took >= least, "forty frames in {took:?}");
    let sum: i64 = tabs.iter().map(Tab::sum).sum();
    watcher
        .listen_until("the last number", |tab| tab.view().clicks() == sum)
        .await;
    one.shutdown().await;
}

#[tokio::test]
async fn the_first_change_comes_at_once() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    let mut ann = Tab::open(&one, "ann");
    ann.listen_until("itself", |tab| tab.view().people() == 1)
        .await;

    // A click that waits for another to be sent takes long each time; one that does not, no longer than a busy machine
    // makes it: many tries, of which one is to be quick.
    let (mut quickest, mut clicks) = (Duration::MAX, 0);
    while quickest >= Duration::from_millis(10) {
        clicks += 1;
        assert!(clicks <= 200, "{quickest:?}");
        let started = Instant::now();
        ann.click_up(1);
        ann.listen_until("the click", |tab| tab.view().clicks() == clicks)
            .await;
        quickest = quickest.min(started.elapsed());
    }

    one.shutdown().await;
}

#[tokio::test]
async fn a_slow_session_skips_to_the_newest() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    let mut quick = Tab::open(&one, "quick");
    let mut slow = one.session(
        &crate::support::session_id("slow"),
        crate::support::person("slow"),
    );
    quick
        .listen_until("both", |tab| tab.view().people() == 2)
        .await;
    let first = next_frame(&mut slow).await;

    for clicks in 1..=8 {
        quick.click_up(1);
        quick
            .listen_until("the click", |tab| tab.view().clicks() == clicks)
            .await;
    }
    let newest = next_frame(&mut slow).await;

    assert!(first.full && newest.full);
    assert_eq!(
        (newest.rev, newest.regions[0].clicks),
        (quick.view().rev, 8)
    );
    quick.click_up(1);
    quick
        .listen_until("one more", |tab| tab.view().clicks() == 9)
        .await;
    let next = next_frame(&mut slow).await;
    assert_eq!(next.rev, quick.view().rev, "nothing queues");
    one.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledgements_come_before_the_frames_with_their_clicks() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    let two = start_engine("fra", &redis.url());
    all_ready(&[&one, &two]).await;

    let mut work = tokio::task::JoinSet::new();
    for number in 0..8 {
        let engine = if number % 2 == 0 { &one } else { &two };
        let mut tab = Tab::open(engine, &format!("strict{number}")).strict();
        work.spawn(async move {
            for _ in 0..60 {
                tab.click_up(1);
                let _heard = tokio::time::timeout(Duration::from_millis(10), tab.listen()).await;
            }
            tab.settled().await;
            tab.listen_until("all clicks", |tab| tab.view().clicks() == 480)
                .await;
        });
    }
    work.join_all().await;

    all_agree(&redis, &[&one, &two]).await;
    one.shutdown().await;
    two.shutdown().await;
}

#[tokio::test]
async fn changes_make_up_the_whole_world() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    let mut ann = Tab::open(&one, "ann");
    for region in ["ord", "syd"] {
        let other = start_engine(region, &redis.url());
        let mut bob = Tab::open(&other, "bob");
        if region == "ord" {
            bob.click_up(1);
            bob.settled().await;
        }
        ann.listen_until("both", |tab| tab.view().people() == 2)
            .await;
        other.shutdown().await;
        ann.listen_until("one", |tab| tab.view().people() == 1)
            .await;
    }

    let world = until(&one, "the last change", |world| world.people() == 1).await;
    ann.listen_until("the last frame", |tab| tab.view().rev == world.rev)
        .await;

    assert_eq!(
        ann.view().regions,
        world.regions,
        "syd has gone, ord has not"
    );
    assert_eq!(world.regions.len(), 2);
    one.shutdown().await;
}

#[tokio::test]
async fn sessions_hear_that_redis_is_away_and_how_long_it_has_been() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let one = start_engine_with("fra", &link.url(), impatient());
    let mut ann = Tab::open(&one, "ann");
    ann.listen_until("itself", |tab| tab.view().people() == 1)
        .await;

    link.cut();
    ann.listen_until("an age", |tab| tab.view().age_ms > 0)
        .await;
    ann.listen_until("two seconds", |tab| tab.view().age_ms > 2_000)
        .await;
    let mut late = Tab::open(&one, "late");
    late.listen().await;
    assert!(late.view().age_ms >= ann.view().age_ms);
    link.restore();

    for tab in [&mut ann, &mut late] {
        tab.listen_until("the present", |tab| {
            tab.view().age_ms == 0 && tab.view().people() == 2
        })
        .await;
    }
    one.shutdown().await;
}

async fn next_frame(session: &mut edge::Session) -> protocol::World {
    match session.next().await {
        Outgoing::Frame(json) => read_world(&json),
        other => panic!("{other:?}"),
    }
}
