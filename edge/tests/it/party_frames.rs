//! What sessions hear of the party that they show.

use crate::support::{
    DEADLINE, Page, Truth, code_nobody_has, eventually, impatient, link_to, names, patient, person,
    plan, ready, ready_engine, ready_engine_with, start_engine, start_engine_with, start_redis,
};
use edge::Limits;
use protocol::ParticipantName;

#[tokio::test]
async fn a_session_hears_of_its_party_at_once_and_at_each_change_from_anywhere() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    let two = start_engine("ord", &redis.url());
    ready(&one).await;
    ready(&two).await;
    let created = one.parties().create(person("ann"), plan("Ann")).await;
    let code = created.unwrap().party_code;

    let mut far = Page::open(&two, "watcher", Some(code));
    far.until_names(&["Ann*"]).await;
    one.parties().join(code, person("bob"), None).await.unwrap();
    far.until_names(&["Ann*", "Guest 2"]).await;
    let name = ParticipantName::parse("Bob").unwrap();
    one.parties()
        .rename(code, person("bob"), name)
        .await
        .unwrap();
    far.until_names(&["Ann*", "Bob"]).await;
    one.parties().leave(code, person("ann")).await.unwrap();
    far.until_names(&["Bob*"]).await;
    assert_eq!(far.party(), Some(&one.parties().show(code).await.unwrap()));
    one.parties().leave(code, person("bob")).await.unwrap();
    far.until_ended().await;

    one.shutdown().await;
    two.shutdown().await;
}

#[tokio::test]
async fn of_a_party_that_is_none_a_session_hears_that() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let created = one.parties().create(person("ann"), plan("Ann")).await;
    let code = created.unwrap().party_code;

    let mut page = Page::open(&one, "watcher", Some(code_nobody_has(code)));
    page.until_ended().await;
    page.show(Some(code));
    page.until_names(&["Ann*"]).await;

    one.shutdown().await;
}

#[tokio::test]
async fn a_later_call_takes_the_place_of_an_earlier_and_the_last_session_frees_all() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let parties = one.parties();
    let first = parties.create(person("ann"), plan("Ann")).await.unwrap();
    let second = parties.create(person("bob"), plan("Bob")).await.unwrap();
    let (first, second) = (first.party_code, second.party_code);

    let mut page = Page::open(&one, "watcher", Some(first));
    let mut other = Page::open(&one, "other", Some(first));
    page.until_names(&["Ann*"]).await;
    page.show(Some(second));
    // A frame of the first would not be of the party that it shows.
    parties.join(first, person("cid"), None).await.unwrap();
    page.until_names(&["Bob*"]).await;
    other.until_names(&["Ann*", "Guest 2"]).await;
    until_channels(&redis, 2).await;
    drop(other);
    until_channels(&redis, 1).await;
    page.show(None);
    until_channels(&redis, 0).await;

    one.shutdown().await;
}

#[tokio::test]
async fn a_slow_session_gets_the_newest() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let parties = one.parties();
    let created = parties.create(person("ann"), plan("Ann")).await.unwrap();
    let code = created.party_code;
    let mut slow = Page::open(&one, "slow", Some(code));
    slow.until_names(&["Ann*"]).await;
    let mut quick = Page::open(&one, "quick", Some(code));

    for number in 0..50 {
        let name = ParticipantName::parse(&format!("Ann {number}")).unwrap();
        parties.rename(code, person("ann"), name).await.unwrap();
    }
    quick.until_names(&["Ann 49*"]).await;

    let before = slow.frames();
    slow.until("the newest", |party| {
        party.is_some_and(|party| names(party) != ["Ann*"])
    })
    .await;
    assert_eq!(names(slow.party().unwrap()), ["Ann 49*"]);
    assert_eq!(slow.frames(), before + 1);
    one.shutdown().await;
}

#[tokio::test]
async fn a_busy_party_makes_so_many_frames_a_second_at_most() {
    let redis = start_redis().await;
    let limits = Limits {
        frames_per_second: Some(5),
        ..patient()
    };
    let one = ready_engine_with("fra", &redis.url(), limits).await;
    let parties = one.parties();
    let created = parties.create(person("ann"), plan("Ann")).await.unwrap();
    let code = created.party_code;
    let mut page = Page::open(&one, "watcher", Some(code));
    let begin = tokio::time::Instant::now();
    let mut number = 0;

    // So many changes that there is something to hold back, however slow the machine.
    while begin.elapsed().as_secs_f64() < 1.2
        // The last one makes a frame or two more.
        || (number <= 3 * (page.frames() + 2) && begin.elapsed() < DEADLINE)
    {
        number += 1;
        let name = ParticipantName::parse(&format!("Ann {number}")).unwrap();
        parties.rename(code, person("ann"), name).await.unwrap();
        let heard = page.listen();
        let _heard = tokio::time::timeout(std::time::Duration::from_millis(2), heard).await;
    }
    let newest = format!("Ann {number}*");
    page.until_names(&[&newest]).await;

    let most = (begin.elapsed().as_secs_f64() * 5.0).ceil() as u64 + 1;
    assert!(page.frames() <= most, "{} of {most}", page.frames());
    assert!(number > 3 * page.frames(), "{number} changes");
    one.shutdown().await;
}

#[tokio::test]
async fn lost_subscriptions_are_made_anew_and_nothing_is_missed() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let one = start_engine_with("fra", &link.url(), impatient());
    let two = start_engine_with("ord", &redis.url(), impatient());
    ready(&one).await;
    ready(&two).await;
    let parties = two.parties();
    let mut pages = Vec::new();
    for number in 0..20 {
        let who = person(&number.to_string());
        let code = parties.create(who, plan("X")).await.unwrap().party_code;
        let mut page = Page::open(&one, "watcher", Some(code));
        page.until_names(&["X*"]).await;
        pages.push((code, page));
    }

    link.cut();
    eventually("Redis away", async || !one.mirror().is_current()).await;
    for (code, _) in &pages {
        parties.join(*code, person("bob"), None).await.unwrap();
        parties.leave(*code, person("bob")).await.unwrap();
    }
    let last = pages.len() - 1;
    for (number, (code, _)) in pages[..last].iter().enumerate() {
        let who = person(&number.to_string());
        parties.leave(*code, who).await.unwrap();
    }
    // One that is first shown while there is no connection.
    let mut late = Page::open(&one, "late", Some(pages[last].0));
    let mut never = Page::open(&one, "never", Some(pages[0].0));
    link.restore();

    for (_, page) in &mut pages[..last] {
        page.until_ended().await;
    }
    never.until_ended().await;
    late.until_names(&["X*"]).await;
    parties
        .join(pages[last].0, person("cid"), None)
        .await
        .unwrap();
    late.until_names(&["X*", "Guest 3"]).await;
    one.shutdown().await;
    two.shutdown().await;
}

#[tokio::test]
async fn many_parties_are_followed_over_one_connection() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let parties = one.parties();
    let mut pages = Vec::new();
    for number in 0..1_200 {
        let who = person(&number.to_string());
        let code = parties.create(who, plan("X")).await.unwrap().party_code;
        pages.push((code, Page::open(&one, "watcher", Some(code))));
    }
    for (_, page) in &mut pages {
        page.until_names(&["X*"]).await;
    }
    until_channels(&redis, 1_200).await;

    for (number, (code, page)) in pages.iter_mut().enumerate().step_by(100) {
        let who = person(&number.to_string());
        parties.leave(*code, who).await.unwrap();
        page.until_ended().await;
    }
    drop(pages);

    until_channels(&redis, 0).await;
    one.shutdown().await;
}

/// Waits until so many parties' channels have subscribers.
async fn until_channels(redis: &edge::testing::RedisServer, count: usize) {
    let pattern = Truth::party_key("changes:*");
    eventually("so many channels", async || {
        let mut truth = Truth::of(redis).await;
        let channels: Vec<String> = truth.run(&["PUBSUB", "SHARDCHANNELS", &pattern]).await;
        channels.len() == count
    })
    .await;
}
