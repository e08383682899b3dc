//! Rounds follow each other, whole and the same everywhere.

use crate::support::{
    DEADLINE, DrawTold, Held, LAG, Server, Setup, assert_problem, eventually, eventually_within,
    settled, start_redis,
};
use edge::testing::RedisServer;
use std::collections::HashMap;
use std::time::Duration;
use tokio::time::Instant;

/// Within which another instance takes over from one that was killed.
const TAKEN_OVER: Duration = Duration::from_secs(10);

#[tokio::test]
async fn all_regions_come_to_answer_from_the_same_rounds() {
    let redis = start_redis().await;
    let mut servers = Vec::new();
    for region in ["ord", "fra", "syd"] {
        servers.push(Setup::new(region, &redis).in_a_hurry().start().await);
    }
    let mut rounds: HashMap<u64, [Option<DrawTold>; 3]> = HashMap::new();
    let mut newest = [0; 3];

    let start = Instant::now();
    while rounds
        .values()
        .filter(|told| told.iter().all(Option::is_some))
        .count()
        < 4
    {
        for (at, server) in servers.iter().enumerate() {
            let draw = server.draw().await;
            assert_eq!(draw.histogram.iter().sum::<u32>(), draw.players);
            assert!(
                draw.round >= newest[at],
                "{} after {}",
                draw.round,
                newest[at]
            );
            newest[at] = draw.round;
            let told = server.max_two().await;
            assert!(told.round >= draw.round);
            let told = rounds.entry(draw.round).or_default();
            told[at] = Some(draw);
        }
        assert!(
            start.elapsed() < DEADLINE,
            "never came: the same rounds; {newest:?}"
        );
    }

    for told in rounds.values() {
        let mut told = told.iter().flatten();
        let first = told.next().unwrap();
        for other in told {
            assert_eq!(other.histogram, first.histogram);
            assert_eq!(other.started_at, first.started_at);
        }
    }
    let mut histograms: Vec<_> = rounds
        .values()
        .map(|told| told.iter().flatten().next())
        .collect();
    histograms.dedup_by_key(|told| told.map(|told| told.histogram.clone()));
    assert_eq!(histograms.len(), rounds.len(), "each round is another");
}

#[tokio::test]
async fn a_round_says_when_it_began_and_when_the_next_is_due() {
    let redis = start_redis().await;
    let server = Setup::new("ord", &redis).in_a_hurry().start().await;

    let one = server
        .draw_until("a round", |draw| draw.round > 0 && draw.next_at.is_some())
        .await;
    let next = server
        .draw_until("the next", |draw| draw.round > one.round)
        .await;

    // RFC 3339 in UTC, to the millisecond: as text they are in the order of time.
    let due = one.next_at.unwrap();
    for time in [&one.started_at, &due, &next.started_at] {
        assert!(
            time.len() == 24 && time.ends_with('Z') && time.contains('T'),
            "{time}"
        );
    }
    assert!(
        one.started_at < due && due <= next.started_at,
        "{} {due} {}",
        one.started_at,
        next.started_at
    );
}

#[tokio::test]
async fn a_restart_goes_on_with_the_running_round() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("DRAW_PLAYERS", "30");
    let mut server = settled(&setup, &redis).await;
    let before = server.draw().await;
    server.max_two().await;
    asked_in(&redis).await;
    server.kill();

    // With a shorter round of its own it would end that one sooner.
    let setup = Setup::new("fra", &redis).with("DRAW_EVERY_SECONDS", "86400");
    let server = setup.start().await;

    assert_eq!(server.draw().await, before);
    let held = Held::in_redis(&redis).await;
    for (id, points) in (1..).zip(&held.points) {
        assert_eq!(server.player(id).await, ((*points).into(), before.round));
    }
    assert!(server.max_two().await.timestamp.is_some());
}

/// Waits until Redis knows that somebody asked.
async fn asked_in(redis: &RedisServer) {
    eventually("the time of a query", async || {
        let mut connection = redis.connection().await.unwrap();
        let mut look = redis::cmd("EXISTS");
        let look = look.arg("test:{draw}:1:asked");
        look.query_async::<bool>(&mut connection).await.unwrap()
    })
    .await;
}

#[tokio::test]
async fn another_number_of_players_holds_from_the_next_round() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).in_a_hurry();
    let few = setup.clone().with("DRAW_PLAYERS", "10").start().await;
    few.draw_until("a round", |draw| draw.round > 0).await;
    few.terminate();
    drop(few);

    let many = setup.with("DRAW_PLAYERS", "20").with("DRAW_POINTS", "4");
    let many = many.start().await;
    let draw = many
        .draw_until("a round of twenty", |draw| {
            assert_eq!(draw.histogram.iter().sum::<u32>(), draw.players);
            assert_eq!(
                draw.histogram.len(),
                if draw.players == 10 { 101 } else { 5 }
            );
            draw.players == 20
        })
        .await;

    assert!(draw.round > 1);
    assert_eq!(many.try_player(20).await.status(), 200);
    let problem = assert_problem(many.try_player(21).await, 404, "unknown-player").await;
    assert!(
        problem["detail"].as_str().unwrap().contains("1 to 20"),
        "{problem}"
    );
}

#[tokio::test]
async fn another_region_goes_on_where_the_one_that_makes_rounds_is_killed() {
    let redis = start_redis().await;
    let mut servers = HashMap::new();
    for region in ["ord", "fra"] {
        servers.insert(
            region,
            Setup::new(region, &redis).in_a_hurry().start().await,
        );
    }
    let some = &servers["ord"];
    some.draw_until("rounds", |draw| draw.round > 1).await;

    let leader = leader(&redis).await;
    let (region, _) = leader.split_once('-').unwrap();
    servers.get_mut(region).unwrap().kill();
    servers.remove(region);
    let other: &Server = servers.values().next().unwrap();
    let last = Held::in_redis(&redis).await.number;

    eventually_within(TAKEN_OVER + LAG, "a round of another's", async || {
        other.draw().await.round > last
    })
    .await;
}

/// The instance that makes rounds.
async fn leader(redis: &RedisServer) -> String {
    let mut connection = redis.connection().await.unwrap();
    let mut look = redis::cmd("GET");
    let look = look.arg("test:{draw}:1:lease");
    look.query_async(&mut connection).await.unwrap()
}
