//! Who is here.

use crate::support::{
    DEADLINE, Tab, Truth, all_agree, eventually, impatient, link_to, person, ready, session_id,
    start_engine, start_engine_with, start_redis, until, until_within,
};
use edge::{Engine, Limits, Session};
use protocol::World;
use std::time::Duration;

#[tokio::test]
async fn one_person_counts_once_across_tabs_and_instances() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    let two = start_engine("fra", &redis.url());
    let far = start_engine("ord", &redis.url());
    let engines = [&one, &two, &far];

    let here = [Tab::open(&one, "ann"), Tab::open(&one, "ann")];
    let there = Tab::open(&two, "ann");
    let bob = Tab::open(&two, "bob");
    for engine in engines {
        until(engine, "two people", is(2, 4)).await;
    }
    drop(here);
    for engine in engines {
        until(engine, "ann on the other instance", is(2, 2)).await;
    }
    drop(there);
    for engine in engines {
        until(engine, "bob alone", is(1, 1)).await;
    }
    drop(bob);

    for engine in engines {
        until(engine, "nobody", is(0, 0)).await;
        engine.shutdown().await;
    }
}

#[tokio::test]
async fn a_thousand_comings_and_goings_are_gathered() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    let far = start_engine("ord", &redis.url());
    ready(&one).await;
    ready(&far).await;
    let mut truth = Truth::of(&redis).await;
    let before = truth.script_calls().await;

    let mut crowd: Vec<Session> = Vec::new();
    for number in 0..1000 {
        crowd.push(visit(&one, number));
        if number % 50 == 0 {
            tokio::task::yield_now().await;
        }
    }
    until(&far, "a thousand", is(1000, 1000)).await;
    for _ in 0..700 {
        crowd.pop();
    }
    until(&far, "three hundred", is(300, 300)).await;

    let calls = truth.script_calls().await - before;
    assert!(calls < 100, "{calls} calls for 1 700 changes");
    all_agree(&redis, &[&one, &far]).await;
    one.shutdown().await;
    far.shutdown().await;
}

#[tokio::test]
async fn who_comes_while_redis_is_away_is_told_without_another() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    // Nobody removes it meanwhile: it has no reason to register again.
    let limits = Limits {
        beat_every: DEADLINE,
        beat_limit: DEADLINE * 3,
        ..impatient()
    };
    let one = start_engine_with("fra", &link.url(), limits);
    let ann = Tab::open(&one, "ann");
    until(&one, "ann", is(1, 1)).await;

    // Nothing runs between these two: the engine tells a link that is no more.
    let _bob = Tab::open(&one, "bob");
    link.cut();
    eventually("Redis away", async || !one.mirror().is_current()).await;
    link.restore();

    until_within(Duration::from_secs(3), &one, "both", is(2, 2)).await;
    drop(ann);
    until(&one, "bob", is(1, 1)).await;
    all_agree(&redis, &[&one]).await;
    one.shutdown().await;
}

#[tokio::test]
async fn a_lost_reply_leaves_no_ghosts() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    // Only the change itself goes over the link: no beat takes the failure from it.
    let limits = Limits {
        beat_every: DEADLINE,
        beat_limit: DEADLINE * 3,
        ..impatient()
    };
    let one = start_engine_with("fra", &link.url(), limits);
    let ann = Tab::open(&one, "ann");
    until(&one, "ann", is(1, 1)).await;

    for visitor in ["ann", "bob", "ann"] {
        link.drop_replies();
        let tab = Tab::open(&one, visitor);
        eventually("the loss of a reply", async || !one.mirror().is_current()).await;
        drop(tab);
        link.restore();
        eventually("Redis back", async || one.mirror().is_current()).await;
        // Redis has heard of the tab, and the engine cannot know.
        until_within(Duration::from_secs(3), &one, "ann alone", is(1, 1)).await;
    }

    all_agree(&redis, &[&one]).await;
    drop(ann);
    one.shutdown().await;
}

#[tokio::test]
async fn a_far_instance_with_many_people_is_not_taken_for_dead() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let watcher = start_engine_with("ord", &redis.url(), impatient());
    let crowd_limits = Limits {
        redis_timeout: Duration::from_secs(2),
        beat_limit: Duration::from_secs(1),
        ..impatient()
    };
    let one = start_engine_with("fra", &link.url(), crowd_limits);
    let strict = start_engine_with("syd", &redis.url(), crowd_limits);
    for engine in [&watcher, &one, &strict] {
        ready(engine).await;
    }

    // Telling everyone takes 20 calls of 100 ms: longer than a beat may be old.
    link.delay(Duration::from_millis(100));
    let crowd: Vec<_> = (0..10_000).map(|number| visit(&one, number)).collect();

    let fra = one.place().code.clone();
    until(&watcher, "everyone, and never nobody", |world| {
        let fra = world.region(&fra).expect("the instance lives on");
        fra.people == 10_000
    })
    .await;
    all_agree(&redis, &[&watcher, &one]).await;
    drop(crowd);
    for engine in [&watcher, &one, &strict] {
        engine.shutdown().await;
    }
}

fn is(people: u32, connections: u32) -> impl Fn(&World) -> bool {
    move |world| (world.people(), world.connections()) == (people, connections)
}

/// A session of a person of that number.
fn visit(engine: &Engine, number: u32) -> Session {
    engine.session(
        &session_id(&number.to_string()),
        person(&number.to_string()),
    )
}
