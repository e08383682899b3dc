//! Documents while something is wrong: far regions, full documents, shutdowns, Redis nodes that die.

use crate::support::{
    Blow, DEADLINE, Failing, Tally, TallyChange, config, eventually, link_to, metrics, patient,
    person, ready, start_redis,
};
use edge::testing::{RedisCluster, RedisSentinels};
use edge::{ChangeError, ChangeSource, Documents, Endpoint, Engine, Limits, Sources};
use protocol::live::NoKey;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Changes that keep a document busy.
const AT_ONCE: usize = 20;

async fn start(region: &str, url: String, limits: Limits) -> (Engine, Documents<Tally>) {
    let sources = Sources::default().with_document::<Tally>();
    let engine = Engine::start_with(
        config(region, Endpoint::Url(url), limits),
        metrics(),
        sources,
    );
    let engine = engine.unwrap();
    ready(&engine).await;
    let tallies = engine.documents().unwrap();
    (engine, tallies)
}

async fn add(tallies: &Documents<Tally>, name: &str, number: u64) -> Result<u64, ChangeError> {
    let change = TallyChange::Add(number);
    let seen = tallies
        .change(&NoKey, person(name), ChangeSource::Once, change)
        .await?;
    Ok(seen.own)
}

async fn note(tallies: &Documents<Tally>, text: String) -> Result<(), ChangeError> {
    let change = TallyChange::Note(text);
    tallies
        .change(&NoKey, person("ann"), ChangeSource::Once, change)
        .await
        .map(drop)
}

async fn total(tallies: &Documents<Tally>) -> u64 {
    tallies
        .read(&NoKey, None)
        .await
        .unwrap()
        .unwrap()
        .value
        .total
}

#[tokio::test]
async fn a_region_far_from_redis_has_its_turn_at_a_busy_document() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let (near, busy) = start("fra", redis.url(), patient()).await;
    let (far, slow) = start("syd", link.url(), patient()).await;
    link.delay(Duration::from_millis(40));
    let is_over = Arc::new(AtomicBool::new(false));
    let added = Arc::new(AtomicU64::new(0));
    let mut adding = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (busy, is_over, added) = (busy.clone(), is_over.clone(), added.clone());
        adding.spawn(async move {
            while !is_over.load(Ordering::Relaxed) {
                add(&busy, "bo", 1).await.unwrap();
                added.fetch_add(1, Ordering::Relaxed);
            }
        });
    }

    for number in 1..=10 {
        let own = timeout(DEADLINE, add(&slow, "ann", 1))
            .await
            .expect("starved")
            .unwrap();
        assert_eq!(own, number);
    }
    is_over.store(true, Ordering::Relaxed);
    adding.join_all().await;

    assert_eq!(total(&busy).await, 10 + added.load(Ordering::Relaxed));
    near.shutdown().await;
    far.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn changes_made_at_once_on_several_threads_all_count() {
    let redis = start_redis().await;
    let (engine, tallies) = start("fra", redis.url(), patient()).await;
    let mut adding = JoinSet::new();
    for _ in 0..8 {
        let tallies = tallies.clone();
        adding.spawn(async move {
            for _ in 0..200 {
                add(&tallies, "ann", 1).await.unwrap();
            }
        });
    }
    adding.join_all().await;

    assert_eq!(total(&tallies).await, 1_600);
    engine.shutdown().await;
}

#[tokio::test]
async fn what_makes_a_document_too_large_is_refused_alone() {
    let redis = start_redis().await;
    let (engine, tallies) = start("fra", redis.url(), patient()).await;
    let texts = [
        "a".repeat(90),
        "b".repeat(90),
        "c".into(),
        "d".repeat(5_000),
    ];

    // All of them wait for the first call, and are decided together.
    let outcomes = futures_of(&tallies, texts).await;

    assert!(outcomes[0].is_ok() && outcomes[2].is_ok());
    assert!(matches!(
        outcomes[1],
        Err(ChangeError::TooLarge { max_bytes: 200 })
    ));
    assert!(matches!(
        outcomes[3],
        Err(ChangeError::TooLarge { max_bytes: 4096 })
    ));
    let notes = tallies
        .read(&NoKey, None)
        .await
        .unwrap()
        .unwrap()
        .value
        .notes;
    assert_eq!(notes, ["a".repeat(90), "c".into()]);
    let clear = tallies.change(
        &NoKey,
        person("ann"),
        ChangeSource::Once,
        TallyChange::Clear,
    );
    assert!(clear.await.is_ok(), "there is a way back");
    engine.shutdown().await;
}

async fn futures_of(
    tallies: &Documents<Tally>,
    texts: [String; 4],
) -> Vec<Result<(), ChangeError>> {
    let mut noting = JoinSet::new();
    for (at, text) in texts.into_iter().enumerate() {
        let tallies = tallies.clone();
        noting.spawn(async move { (at, note(&tallies, text).await) });
    }
    let mut outcomes = noting.join_all().await;
    outcomes.sort_by_key(|(at, _)| *at);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

#[tokio::test]
async fn changes_that_wait_at_a_shutdown_are_stored() {
    let redis = start_redis().await;
    let (first, tallies) = start("fra", redis.url(), patient()).await;
    let mut adding = JoinSet::new();
    for _ in 0..100 {
        let tallies = tallies.clone();
        adding.spawn(async move { add(&tallies, "ann", 1).await });
    }
    tokio::task::yield_now().await;

    first.shutdown().await;

    let stored = adding
        .join_all()
        .await
        .into_iter()
        .filter(Result::is_ok)
        .count() as u64;
    assert!(matches!(
        add(&tallies, "ann", 1).await,
        Err(ChangeError::Stopping)
    ));
    let (second, tallies) = start("ord", redis.url(), patient()).await;
    assert_eq!(total(&tallies).await, stored);
    second.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killing_the_primary_loses_and_doubles_no_acknowledged_change() {
    kills_lose_nothing(RedisSentinels::start().await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killing_the_node_of_a_document_loses_and_doubles_no_acknowledged_change() {
    kills_lose_nothing(RedisCluster::start().await.unwrap()).await;
}

async fn kills_lose_nothing(mut redis: impl Failing) {
    let limits = Limits {
        redis_timeout: Duration::from_secs(2),
        ..Limits::default()
    };
    let (one, tallies) = start("fra", redis.url(), limits).await;
    let (two, others) = start("ord", redis.url(), limits).await;
    let mut expected = 0;
    for blow in [Blow::Kill, Blow::Freeze, Blow::Demote] {
        let mut adding = JoinSet::new();
        for number in 0..AT_ONCE {
            let tallies = [&tallies, &others][number % 2].clone();
            adding.spawn(async move {
                for _ in 0..50 {
                    add(&tallies, "ann", 1).await.unwrap();
                }
            });
        }
        let struck = redis.strike(blow, "test:{document:tally:}:1:value").await;
        redis.recover(struck).await;
        timeout(DEADLINE, adding.join_all())
            .await
            .expect("changes are stuck");
        expected += 50 * AT_ONCE as u64;
        // A node that does not know yet that another took its place tells an older state for a moment. What is lost never
        // comes, and what counted twice never goes.
        for tallies in [&tallies, &others] {
            let are_all = async || total(tallies).await == expected;
            eventually(&format!("all changes after {blow:?}"), are_all).await;
        }
    }
    one.shutdown().await;
    two.shutdown().await;
}
