//! Who is here.

use crate::support::{
    AnyRedis, Tab, Truth, all_agree, all_ready, eventually, impatient, link_to, person, session_id,
    start_engine, start_engine_with, start_redis, until, without_beats,
};
use edge::testing::RedisServer;
use edge::{Engine, Limits, Session};
use protocol::World;
use serde_json::Value;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::UnixStream;

pub async fn one_person_counts_once_across_tabs_and_instances(redis: &impl AnyRedis) {
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
    // Beats are calls as well: the longer the test took, the more would be counted.
    let [one, far] =
        ["fra", "ord"].map(|region| start_engine_with(region, &redis.url(), without_beats()));
    all_ready(&[&one, &far]).await;
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
    let one = start_engine_with("fra", &link.url(), without_beats());
    let ann = Tab::open(&one, "ann");
    until(&one, "ann", is(1, 1)).await;

    // Nothing runs between these two: the engine tells a link that is no more.
    let _bob = Tab::open(&one, "bob");
    link.cut();
    eventually("Redis away", async || !one.mirror().is_current()).await;
    link.restore();

    until(&one, "both", is(2, 2)).await;
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
    let one = start_engine_with("fra", &link.url(), without_beats());
    let looker = Truth::of(&redis).await.connection;
    let held = async || {
        let mut truth = Truth {
            connection: looker.clone(),
        };
        let (_, people, connections, _) = truth.regions().await["fra"];
        (people, connections)
    };
    let ann = Tab::open(&one, "ann");
    until(&one, "ann", is(1, 1)).await;

    // Every failure is followed by one beat.
    let beat = async || -> String {
        let mut truth = Truth {
            connection: looker.clone(),
        };
        let beats = Truth::key("beats");
        truth.run(&["ZSCORE", &beats, one.instance()]).await
    };

    for (visitor, with_it) in [("ann", (1, 2)), ("bob", (2, 2)), ("ann", (1, 2))] {
        let mut heard = false;
        for _ in 0..20 {
            let last_beat = beat().await;
            link.drop_replies();
            let tab = Tab::open(&one, visitor);
            eventually("the loss of a reply", async || !one.mirror().is_current()).await;
            // Where it was that of another call, such as a snapshot, the change was never sent.
            heard = held().await == with_it;
            drop(tab);
            link.restore();
            eventually("ann alone in Redis", async || held().await == (1, 1)).await;
            // All answers before have come with this one: the next loss is that of the next change.
            eventually("a beat", async || beat().await != last_beat).await;
            eventually("an answer", async || one.shared_secret(None).await.is_ok()).await;
            all_agree(&redis, &[&one]).await;
            if heard {
                break;
            }
        }
        assert!(heard, "Redis has heard what the engine cannot know");
    }

    drop(ann);
    one.shutdown().await;
}

#[tokio::test]
async fn a_far_instance_with_many_people_is_not_taken_for_dead() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    // Long enough that a machine which is busy for some seconds is not taken for dead, either.
    let limits = Limits {
        beat_limit: Duration::from_secs(6),
        ..impatient()
    };
    let watcher = start_engine_with("ord", &redis.url(), limits);
    let one = start_engine_with("fra", &link.url(), limits);
    let strict = start_engine_with("syd", &redis.url(), limits);
    all_ready(&[&watcher, &one, &strict]).await;
    let published = Published::listen(&redis).await;

    // Telling everyone takes 20 calls, and as many beats meanwhile: longer than a beat may be old. Each call takes longer
    // than the time between two beats.
    link.delay(Duration::from_millis(300));
    let crowd: Vec<_> = (0..10_000).map(|number| visit(&one, number)).collect();

    let fra = one.place().code.clone();
    until(&watcher, "everyone, and never nobody", |world| {
        let fra = world.region(&fra).expect("the instance lives on");
        fra.people == 10_000
    })
    .await;
    all_agree(&redis, &[&watcher, &one]).await;
    // A mirror may pass over what does not last.
    for event in published.until_now(&redis).await {
        let regions = event["regions"].as_array().unwrap();
        let dead = regions
            .iter()
            .find(|region| region["code"] == "fra" && region["instances"] == 0);
        assert_eq!(dead, None, "the instance was taken for dead");
    }
    drop(crowd);
    for engine in [&watcher, &one, &strict] {
        engine.shutdown().await;
    }
}

fn is(people: u32, connections: u32) -> impl Fn(&World) -> bool {
    move |world| (world.people(), world.connections()) == (people, connections)
}

/// What scripts publish.
struct Published(Lines<BufReader<UnixStream>>);

impl Published {
    /// A channel's name, and what is said on it.
    const END: &str = "the-end";

    /// Every event from now on.
    async fn listen(redis: &RedisServer) -> Self {
        let url = redis.url();
        let path = url.trim_start_matches("redis+unix://");
        let mut stream = UnixStream::connect(path).await.unwrap();
        let subscribe = format!("SSUBSCRIBE {} {}\r\n", Truth::key("events"), Self::END);
        stream.write_all(subscribe.as_bytes()).await.unwrap();
        let mut lines = BufReader::new(stream).lines();
        // The number of channels.
        while lines.next_line().await.unwrap().unwrap() != ":2" {}
        Self(lines)
    }

    /// Every event until now.
    async fn until_now(mut self, redis: &RedisServer) -> Vec<Value> {
        let mut truth = Truth::of(redis).await;
        let heard: u32 = truth.run(&["SPUBLISH", Self::END, "."]).await;
        assert_eq!(heard, 1);
        let mut events = Vec::new();
        loop {
            let line = self.0.next_line().await.unwrap().unwrap();
            if line == "." {
                return events;
            }
            if line.starts_with('{') {
                events.push(serde_json::from_str(&line).unwrap());
            }
        }
    }
}

/// A session of a person of that number.
fn visit(engine: &Engine, number: u32) -> Session {
    engine.session(
        &session_id(&number.to_string()),
        person(&number.to_string()),
    )
}
