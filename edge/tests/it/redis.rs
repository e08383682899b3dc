//! Redis stops, comes back, comes back empty, and comes back older.

use crate::support::{
    Crowd, Tab, Truth, all_agree, all_ready, eventually, impatient, start_engine_with, start_redis,
    until,
};
use edge::Engine;
use edge::testing::RedisServer;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_redis_loses_no_acknowledged_click() {
    let mut redis = RedisServer::start_durable().await.unwrap();
    let (one, two) = pair(&redis).await;
    let crowd = Crowd::gather(&[&one, &two], 8);

    for _ in 0..3 {
        crowd.click_on(300).await;
        redis.kill().unwrap();
        crowd.click_on(100).await;
        eventually("Redis away", async || !one.mirror().is_current()).await;
        assert!(one.mirror().is_full() && one.mirror().age_ms() > 0);
        redis.restart().await.unwrap();
    }
    let tabs = crowd.settle().await;

    let sum: i64 = tabs.iter().map(Tab::sum).sum();
    until(&one, "all people", |world| world.people() == 16).await;
    // What is missing once the engines see what Redis holds is missing there.
    all_agree(&redis, &[&one, &two]).await;
    assert_eq!(one.mirror().world().clicks(), sum);
    shutdown([one, two]).await;
}

#[tokio::test]
async fn what_a_crash_cut_short_is_not_counted_when_redis_starts_for_the_second_time() {
    let mut redis = RedisServer::start_durable().await.unwrap();
    let engine = start_engine_with("fra", &redis.url(), impatient());
    let mut tabs = Vec::new();
    for people in 1..=3 {
        // Written last: who came, then a click.
        let mut tab = Tab::open(&engine, &format!("tab{people}"));
        until(&engine, "who came", |world| world.people() == people).await;
        if people == 3 {
            tab.click_up(5);
            tab.settled().await;
        }
        redis.kill().unwrap();
        redis.cut_log().unwrap();
        redis.restart().await.unwrap();
        tab.click_up(1);
        tab.settled().await;
        tabs.push(tab);
        until(&engine, "all people", |world| world.people() == people).await;
        all_agree(&redis, &[&engine]).await;
        let held = Truth::of(&redis).await.regions().await;

        redis.kill().unwrap();
        redis.restart().await.unwrap();

        assert_eq!(Truth::of(&redis).await.regions().await, held);
    }
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_emptied_redis_is_the_new_truth_and_all_register_again() {
    let redis = start_redis().await;
    let (one, two) = pair(&redis).await;
    let mut truth = Truth::of(&redis).await;
    let crowd = Crowd::gather(&[&one, &two], 4);
    crowd.click_on(200).await;
    // Every tab has more ups than downs at every time.
    until(&one, "clicks to forget", |world| world.clicks() > 0).await;
    let mut ann = Tab::open(&one, "ann");
    let before = one.mirror().position();

    let _: () = truth.run(&["FLUSHALL"]).await;
    crowd.click_on(200).await;
    let tabs = crowd.settle().await;

    all_agree(&redis, &[&one, &two]).await;
    let world = until(&one, "all people", |world| world.people() == 9).await;
    assert_eq!(world.regions.len(), 2);
    assert!(world.epoch > before.0);
    let acked: i64 = tabs.iter().map(Tab::sum_acked).sum();
    assert!(world.clicks() < acked, "what Redis forgot is forgotten");
    // A tab sees larger epochs only, and the very same world.
    ann.listen_until("the new world", |tab| tab.view().regions == world.regions)
        .await;
    shutdown([one, two]).await;
}

#[tokio::test]
async fn an_older_redis_is_the_new_truth_without_ghosts() {
    let redis = start_redis().await;
    let (one, two) = pair(&redis).await;
    let engines = [&one, &two];
    let mut ghost = Tab::open(&one, "ghost");
    ghost.click_up(3);
    ghost.settled().await;
    until(&two, "the ghost", |world| world.people() == 1).await;
    let older = Copy::of(&redis).await;
    drop(ghost);
    let mut ann = Tab::open(&one, "ann");
    let mut bob = Tab::open(&two, "bob");
    for _ in 0..5 {
        ann.click_up(1);
        bob.click_up(1);
        ann.settled().await;
        bob.settled().await;
    }
    until(&two, "13 clicks", |world| {
        world.clicks() == 13 && world.people() == 2
    })
    .await;
    let before = two.mirror().position();

    older.restore(&redis).await;

    for engine in engines {
        let world = until(engine, "the older clicks", |world| {
            world.clicks() == 3 && world.people() == 2
        })
        .await;
        assert!(world.epoch > before.0, "{} after {before:?}", world.epoch);
    }
    until_alone(&redis, "fra", "ann").await;
    all_agree(&redis, &engines).await;
    ann.click_up(1);
    ann.settled().await;
    until(&two, "one more", |world| world.clicks() == 4).await;
    ann.listen_until("one more", |tab| tab.view().clicks() == 4)
        .await;
    all_agree(&redis, &engines).await;
    shutdown([one, two]).await;
}

#[tokio::test]
async fn an_older_redis_that_has_gone_on_since_is_followed() {
    let redis = start_redis().await;
    let (one, two) = pair(&redis).await;
    let ghost = Tab::open(&one, "ghost");
    until(&two, "the ghost", |world| world.people() == 1).await;
    let older = Copy::of(&redis).await;
    drop(ghost);
    let _ann = Tab::open(&one, "ann");
    until_alone(&redis, "fra", "ann").await;
    all_agree(&redis, &[&one, &two]).await;

    // Somebody who knows nothing of the past has changed so much since that no revision is missing.
    older.restore_and_go_on(&redis, 1000).await;

    until_alone(&redis, "fra", "ann").await;
    all_agree(&redis, &[&one, &two]).await;
    until(&two, "ann, not the ghost", |world| world.people() == 1).await;
    shutdown([one, two]).await;
}

#[tokio::test]
async fn people_whom_an_older_redis_still_holds_are_removed_in_parts() {
    let redis = start_redis().await;
    let (one, two) = pair(&redis).await;
    let ghosts: Vec<_> = (0..1_200)
        .map(|number| Tab::open(&one, &format!("ghost{number}")))
        .collect();
    until(&two, "the ghosts", |world| world.people() == 1_200).await;
    let older = Copy::of(&redis).await;
    drop(ghosts);
    let _ann = Tab::open(&one, "ann");
    until_alone(&redis, "fra", "ann").await;

    older.restore(&redis).await;

    until_alone(&redis, "fra", "ann").await;
    all_agree(&redis, &[&one, &two]).await;
    assert_eq!(Truth::of(&redis).await.online().await.len(), 1);
    shutdown([one, two]).await;
}

#[tokio::test]
async fn revisions_that_redis_has_forgotten_start_a_new_epoch() {
    let redis = start_redis().await;
    let (one, two) = pair(&redis).await;
    all_agree(&redis, &[&one, &two]).await;
    let mut truth = Truth::of(&redis).await;
    let (epoch, rev) = one.mirror().position();

    // All have heard of a revision, none has applied it, and Redis comes back without it.
    let ahead = rev + 5;
    let event = format!(r#"{{"epoch":{epoch},"rev":{ahead},"from":"x","regions":[]}}"#);
    let heard: u32 = truth
        .run(&["SPUBLISH", &Truth::key("events"), &event])
        .await;

    assert_eq!(heard, 2);
    for engine in [&one, &two] {
        until(engine, "a new epoch", |world| world.epoch > epoch).await;
    }
    all_agree(&redis, &[&one, &two]).await;
    shutdown([one, two]).await;
}

#[tokio::test]
async fn a_redis_that_was_demoted_is_left_and_clicks_wait() {
    let redis = start_redis().await;
    let (one, two) = pair(&redis).await;
    let mut truth = Truth::of(&redis).await;
    let mut ann = Tab::open(&one, "ann");
    ann.click_up(1);
    ann.settled().await;
    let before = connections_made(&mut truth).await;

    let _: () = truth.run(&["REPLICAOF", "127.0.0.1", "1"]).await;
    ann.click_up(3);
    let looker = Truth::of(&redis).await.connection;
    eventually(
        "fresh connections, to whatever the name then means",
        async || {
            let mut truth = Truth {
                connection: looker.clone(),
            };
            connections_made(&mut truth).await > before + 3
        },
    )
    .await;
    let _: () = truth.run(&["REPLICAOF", "NO", "ONE"]).await;
    ann.settled().await;

    until(&two, "all clicks", |world| world.clicks() == 4).await;
    all_agree(&redis, &[&one, &two]).await;
    shutdown([one, two]).await;
}

/// Waits until Redis knows of that person in that region, and of nobody else there.
async fn until_alone(redis: &RedisServer, region: &str, name: &str) {
    let looker = Truth::of(redis).await.connection;
    let letters: String = name.bytes().map(|byte| format!("{byte:02x}")).collect();
    eventually(name, async || {
        let mut truth = Truth {
            connection: looker.clone(),
        };
        let key = Truth::key(&format!("people:{region}"));
        let people: Vec<String> = truth.run(&["HKEYS", &key]).await;
        people.len() == 1 && people[0].starts_with(&letters)
    })
    .await;
}

async fn connections_made(truth: &mut Truth) -> u64 {
    let stats: String = truth.run(&["INFO", "stats"]).await;
    let line = stats
        .lines()
        .find_map(|line| line.strip_prefix("total_connections_received:"));
    line.unwrap().parse().unwrap()
}

/// An engine in each of two regions, registered.
async fn pair(redis: &RedisServer) -> (Engine, Engine) {
    let one = start_engine_with("fra", &redis.url(), impatient());
    let two = start_engine_with("ord", &redis.url(), impatient());
    all_ready(&[&one, &two]).await;
    (one, two)
}

async fn shutdown(engines: [Engine; 2]) {
    for engine in engines {
        engine.shutdown().await;
    }
}

/// All keys and values of a Redis, as they once were.
struct Copy(Vec<(String, Vec<u8>)>);

impl Copy {
    async fn of(redis: &RedisServer) -> Self {
        let mut truth = Truth::of(redis).await;
        let mut pairs = Vec::new();
        for key in truth.run::<Vec<String>>(&["KEYS", "*"]).await {
            // Some come and go meanwhile.
            let dump: Option<Vec<u8>> = truth.run(&["DUMP", &key]).await;
            pairs.extend(dump.map(|dump| (key, dump)));
        }
        Self(pairs)
    }

    /// Puts them back in one step, as a failover to a replica that was behind does.
    async fn restore(&self, redis: &RedisServer) {
        self.restore_and_go_on(redis, 0).await;
    }

    /// The same, with so many revisions since.
    async fn restore_and_go_on(&self, redis: &RedisServer, revisions: u32) {
        let mut steps = ::redis::pipe();
        steps.atomic().cmd("FLUSHALL");
        for (key, dump) in &self.0 {
            steps.cmd("RESTORE").arg(key).arg(0).arg(dump);
        }
        steps.hincr(Truth::key("meta"), "rev", revisions);
        let mut truth = Truth::of(redis).await;
        steps.exec_async(&mut truth.connection).await.unwrap();
    }
}
