//! Who of a party is online, and what follows from it.

use crate::support::{
    AnyRedis, DEADLINE, Instance, LAG, Page, Truth, eventually, impatient, link_to, names, patient,
    person, plan, ready, ready_engine, ready_engine_with, start_engine, start_engine_with,
    start_redis,
};
use edge::{Endpoint, Engine, Limits};
use protocol::PartyCode;
use std::time::Duration;
use tokio::time::Instant;

pub async fn a_participant_is_online_while_they_have_a_tab_anywhere(redis: &impl AnyRedis) {
    let one = start_engine("fra", &redis.url());
    let two = start_engine("ord", &redis.url());
    let code = party_of(&one, &["ann", "bob"]).await;
    let mut watcher = Page::open(&two, "watcher", Some(code));
    watcher.until_names(&["Guest 1*", "Guest 2"]).await;

    let here = Page::open(&one, "bob", None);
    watcher.until_names(&["Guest 1*", "Guest 2."]).await;
    let there = Page::open(&two, "bob", Some(code));
    let gone = Page::open(&one, "ann", None);
    watcher.until_names(&["Guest 1*.", "Guest 2."]).await;
    drop((here, gone));
    watcher.until_names(&["Guest 1*", "Guest 2."]).await;
    drop(there);
    watcher.until_names(&["Guest 1*", "Guest 2"]).await;

    one.shutdown().await;
    two.shutdown().await;
}

#[tokio::test]
async fn a_participant_shows_the_region_that_serves_them() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    let two = start_engine("ord", &redis.url());
    ready(&two).await;
    let code = party_of(&one, &["ann"]).await;
    let mut watcher = Page::open(&one, "watcher", Some(code));
    until_region(&mut watcher, None).await;

    let here = Page::open(&one, "ann", None);
    until_region(&mut watcher, Some("fra")).await;
    let there = Page::open(&two, "ann", None);
    until_region(&mut watcher, Some("ord")).await;
    drop(there);
    until_region(&mut watcher, Some("fra")).await;
    let there = Page::open(&two, "ann", None);
    until_region(&mut watcher, Some("ord")).await;
    drop((here, there));
    until_region(&mut watcher, None).await;

    one.shutdown().await;
    two.shutdown().await;
    assert_eq!(
        Truth::of(&redis).await.party_sorted("touched").await.len(),
        1
    );
    let keys = Truth::of(&redis).await.party_keys().await;
    assert!(!keys.contains(&"served".to_owned()), "{keys:?}");
}

/// Waits until the party's only participant is served there; nowhere while they are offline.
async fn until_region(page: &mut Page, region: Option<&str>) {
    page.until(&format!("served in {region:?}"), |party| {
        let who = party.map(|party| &party.participants[0]);
        who.is_some_and(|who| {
            who.region.as_ref().map(|code| code.as_str()) == region
                && who.online == region.is_some()
        })
    })
    .await;
}

#[tokio::test]
async fn who_was_there_before_they_joined_is_online() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let _page = Page::open(&one, "bob", None);
    until_online(&redis, 1).await;

    let code = party_of(&one, &["ann", "bob"]).await;

    let party = one.parties().show(code).await.unwrap();
    assert_eq!(names(&party), ["Guest 1*", "Guest 2."]);
    one.shutdown().await;
}

#[tokio::test]
async fn the_longest_standing_of_those_online_leads_next() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    let two = start_engine("ord", &redis.url());
    let code = party_of(&one, &["ann", "bob", "cid", "dan"]).await;
    let _cid = Page::open(&two, "cid", Some(code));
    let mut dan = Page::open(&one, "dan", Some(code));
    dan.until_names(&["Guest 1*", "Guest 2", "Guest 3.", "Guest 4."])
        .await;

    one.parties().leave(code, person("ann")).await.unwrap();
    dan.until_names(&["Guest 2", "Guest 3*.", "Guest 4."]).await;
    two.parties().leave(code, person("cid")).await.unwrap();
    dan.until_names(&["Guest 2", "Guest 4*."]).await;
    two.parties().leave(code, person("dan")).await.unwrap();
    dan.until_names(&["Guest 2*"]).await;

    one.shutdown().await;
    two.shutdown().await;
}

#[tokio::test]
async fn a_killed_instance_takes_its_participants_offline_within_six_seconds() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    let other = Instance::start_at("ord", &redis.url());
    let code = party_of(&one, &["ann", "bob"]).await;
    let mut watcher = Page::open(&one, "bob", Some(code));
    let _ann = Page::open(&other, "ann", Some(code));
    watcher.until_names(&["Guest 1*.", "Guest 2."]).await;

    let killed = Instant::now();
    other.kill();
    // Nobody is replaced for being away.
    watcher.until_names(&["Guest 1*", "Guest 2."]).await;

    let took = killed.elapsed();
    assert!(took < Duration::from_secs(6) + LAG, "{took:?}");
    one.parties().leave(code, person("ann")).await.unwrap();
    watcher.until_names(&["Guest 2*."]).await;
    one.shutdown().await;
}

#[tokio::test]
async fn many_are_taken_offline_in_parts() {
    let redis = start_redis().await;
    let one = start_engine_with("fra", &redis.url(), impatient());
    let url = Endpoint::Url(redis.url());
    let other = Instance::start("ord", url, impatient());
    ready(&one).await;
    let crowd: Vec<_> = (0..1_700)
        .map(|number| Page::open(&other, &number.to_string(), None))
        .collect();
    until_online(&redis, 1_700).await;

    other.kill();

    until_online(&redis, 0).await;
    drop(crowd);
    one.shutdown().await;
    assert_eq!(Truth::of(&redis).await.party_keys().await, [""; 0]);
}

#[tokio::test]
async fn an_instance_that_shuts_down_takes_them_offline_at_once() {
    let redis = start_redis().await;
    // Nobody sweeps: it has to go by itself.
    let limits = Limits {
        beat_limit: DEADLINE * 3,
        ..patient()
    };
    let one = start_engine_with("fra", &redis.url(), limits);
    let other = start_engine_with("ord", &redis.url(), limits);
    let code = party_of(&one, &["ann"]).await;
    let mut watcher = Page::open(&one, "watcher", Some(code));
    let _ann = Page::open(&other, "ann", Some(code));
    watcher.until_names(&["Guest 1*."]).await;

    other.shutdown().await;

    watcher.until_names(&["Guest 1*"]).await;
    one.shutdown().await;
}

#[tokio::test]
async fn after_a_cut_all_is_told_again() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let one = start_engine_with("fra", &link.url(), impatient());
    let other = start_engine_with("ord", &redis.url(), impatient());
    let code = party_of(&other, &["ann", "bob", "cid"]).await;
    let mut far = Page::open(&other, "watcher", Some(code));
    let ann = Page::open(&one, "ann", Some(code));
    let mut near = Page::open(&one, "bob", Some(code));
    near.until_names(&["Guest 1*.", "Guest 2.", "Guest 3"])
        .await;

    link.cut();
    far.until_names(&["Guest 1*", "Guest 2", "Guest 3"]).await;
    drop(ann);
    let _cid = Page::open(&one, "cid", None);
    other.parties().leave(code, person("ann")).await.unwrap();
    far.until_names(&["Guest 2*", "Guest 3"]).await;
    link.restore();

    for page in [&mut near, &mut far] {
        page.until_names(&["Guest 2*.", "Guest 3."]).await;
    }
    one.shutdown().await;
    other.shutdown().await;
}

#[tokio::test]
async fn a_lost_reply_leaves_nobody_online() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    // Only the change itself goes over the link: no beat takes the failure from it.
    let limits = Limits {
        beat_every: DEADLINE,
        beat_limit: DEADLINE * 3,
        ..impatient()
    };
    let one = ready_engine_with("fra", &link.url(), limits).await;
    let code = party_of(&one, &["ann", "bob"]).await;
    let mut ann = Page::open(&one, "ann", Some(code));
    ann.until_names(&["Guest 1*.", "Guest 2"]).await;

    for _ in 0..3 {
        link.drop_replies();
        let bob = Page::open(&one, "bob", None);
        eventually("the loss of a reply", async || !one.mirror().is_current()).await;
        drop(bob);
        link.restore();
        eventually("Redis back", async || one.mirror().is_current()).await;
        until_online(&redis, 1).await;
        ann.until_names(&["Guest 1*.", "Guest 2"]).await;
    }

    one.shutdown().await;
}

#[tokio::test]
async fn a_redis_that_comes_back_empty_has_no_parties_and_knows_who_is_online() {
    let mut redis = start_redis().await;
    let one = start_engine_with("fra", &redis.url(), impatient());
    let code = party_of(&one, &["ann"]).await;
    let mut ann = Page::open(&one, "ann", Some(code));
    ann.until_names(&["Guest 1*."]).await;

    redis.restart().await.unwrap();

    ann.until_ended().await;
    until_online(&redis, 1).await;
    let code = party_of(&one, &["bob", "ann"]).await;
    ann.show(Some(code));
    ann.until_names(&["Guest 1*", "Guest 2."]).await;
    one.shutdown().await;
}

#[tokio::test]
async fn a_redis_emptied_under_a_living_connection_is_noticed() {
    let redis = start_redis().await;
    let one = start_engine_with("fra", &redis.url(), impatient());
    let code = party_of(&one, &["ann"]).await;
    let mut ann = Page::open(&one, "ann", Some(code));
    ann.until_names(&["Guest 1*."]).await;

    let _ok: String = Truth::of(&redis).await.run(&["FLUSHALL"]).await;

    ann.until_ended().await;
    until_online(&redis, 1).await;
    one.shutdown().await;
}

/// A party of these, who joined in this order.
async fn party_of(engine: &Engine, who: &[&str]) -> PartyCode {
    ready(engine).await;
    let mut unnamed = plan("X");
    unnamed.name = None;
    let parties = engine.parties();
    let created = parties.create(person(who[0]), unnamed).await.unwrap();
    for name in &who[1..] {
        let joined = parties.join(created.party_code, person(name), None).await;
        joined.unwrap();
    }
    created.party_code
}

/// Waits until Redis knows that so many are online.
async fn until_online(redis: &edge::testing::RedisServer, count: usize) {
    eventually("so many online", async || {
        let mut truth = Truth::of(redis).await;
        truth.online().await.len() == count
    })
    .await;
}
