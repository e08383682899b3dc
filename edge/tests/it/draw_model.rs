//! Whatever happens in whatever order, rounds are made once, are whole, and are the same everywhere.

use crate::support::{
    CHUNK, DrawTruth, Instance, Kept, all_points, draw_every, eventually, histogram, link_to,
    until_round,
};
use edge::testing::{Proxy, RedisServer};
use edge::{Endpoint, Limits};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

/// Instances; the last one's link does not break.
const REGIONS: [&str; 3] = ["ord", "fra", "syd"];
/// Two chunks.
const PLAYERS: u32 = CHUNK + 100;

/// What can happen. Numbers choose an instance.
#[derive(Clone, Copy, Debug)]
enum Happening {
    /// An instance is killed, and another of its region starts.
    Kill(usize),
    /// The same to whoever leads.
    KillLeader,
    /// An instance shuts down, and another of its region starts.
    ShutDown(usize),
    /// Redis is killed, and starts again on what it wrote.
    KillRedis,
    /// The lease lapses while its holder lives.
    Lapse,
    Cut(usize),
    Freeze(usize),
    LoseReply(usize),
    Restore,
    /// So many rounds pass.
    Wait(u64),
}

fn happening() -> impl Strategy<Value = Happening> {
    use Happening::*;
    let any = 0..REGIONS.len();
    let breakable = 0..REGIONS.len() - 1;
    prop_oneof![
        2 => any.clone().prop_map(Kill),
        2 => Just(KillLeader),
        1 => any.prop_map(ShutDown),
        1 => Just(KillRedis),
        1 => Just(Lapse),
        1 => breakable.clone().prop_map(Cut),
        1 => breakable.clone().prop_map(Freeze),
        2 => breakable.prop_map(LoseReply),
        2 => Just(Restore),
        2 => (1..4_u64).prop_map(Wait),
    ]
}

#[test]
fn whatever_happens_rounds_are_whole_and_made_once() {
    let config = Config {
        cases: 4,
        max_shrink_iters: 0,
        failure_persistence: None,
        ..Config::default()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let stage = Mutex::new(runtime.block_on(Stage::set()));

    TestRunner::new(config)
        .run(&prop::collection::vec(happening(), 12..16), |story| {
            runtime.block_on(stage.lock().unwrap().play(&story));
            Ok(())
        })
        .unwrap();

    runtime.block_on(stage.into_inner().unwrap().clear());
}

/// Instances over one Redis, and all rounds that it has held.
struct Stage {
    redis: RedisServer,
    truth: DrawTruth,
    links: Vec<Proxy>,
    instances: Vec<Instance>,
    /// The round that each instance answered from last.
    newest: Vec<u64>,
    /// Fence and points of every round.
    book: BTreeMap<u64, (String, Vec<u8>)>,
}

impl Stage {
    async fn set() -> Self {
        // As an instance keeps its own.
        let redis = RedisServer::start_durable().await.unwrap();
        let links: Vec<_> = REGIONS.iter().map(|_| link_to(&redis)).collect();
        let instances = REGIONS.iter().zip(&links);
        let mut stage = Self {
            truth: DrawTruth::of(&redis).await,
            instances: instances
                .map(|(region, link)| start(region, link))
                .collect(),
            redis,
            links,
            newest: vec![0; REGIONS.len()],
            book: BTreeMap::new(),
        };
        stage.heal().await;
        stage
    }

    /// Lets it all happen, looking at everything after each step; then all is well again.
    async fn play(&mut self, story: &[Happening]) {
        for happening in story {
            self.happen(*happening).await;
            self.check().await;
        }
        self.heal().await;
    }

    async fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Kill(at) => self.kill(at),
            Happening::KillLeader => {
                let leader = self.truth.leader().await;
                let leads = |one: &Instance| leader.as_deref() == Some(one.instance());
                if let Some(at) = self.instances.iter().position(leads) {
                    self.kill(at);
                }
            }
            Happening::ShutDown(at) => {
                self.instances[at].shutdown().await;
                self.kill(at);
            }
            Happening::KillRedis => {
                self.redis.kill().unwrap();
                self.redis.restart().await.unwrap();
                self.truth = DrawTruth::of(&self.redis).await;
            }
            Happening::Lapse => {
                let lease = DrawTruth::key("lease");
                let _: u32 = self.truth.run(&["DEL", &lease]).await;
            }
            Happening::Cut(at) => self.links[at].cut(),
            Happening::Freeze(at) => self.links[at].freeze(),
            Happening::LoseReply(at) => self.links[at].drop_replies(),
            Happening::Restore => self.links.iter().for_each(Proxy::restore),
            Happening::Wait(rounds) => self.pass(rounds).await,
        }
    }

    fn kill(&mut self, at: usize) {
        let fresh = start(REGIONS[at], &self.links[at]);
        std::mem::replace(&mut self.instances[at], fresh).kill();
        self.newest[at] = 0;
    }

    /// Waits until so many rounds have passed, whoever makes them.
    async fn pass(&self, rounds: u64) {
        let running = self.truth.until_running(0).await.number;
        self.truth.until_running(running + rounds).await;
    }

    /// Mends all links, and waits until all answer from a round that began since.
    async fn heal(&mut self) {
        self.links.iter().for_each(Proxy::restore);
        let next = self.truth.until_running(0).await.number + 1;
        for instance in &self.instances {
            until_round(instance, next).await;
            eventually("Redis in reach", async || instance.draw().age_ms() == 0).await;
        }
        self.check().await;
        let written = self.truth.written().await;
        let left = written.iter().find(|(_, kept)| **kept == Kept::Left);
        assert_eq!(left, None, "what was abandoned is gone");
    }

    /// Compares what every instance answers with all that Redis has held.
    async fn check(&mut self) {
        for at in 0..self.instances.len() {
            let draw = self.instances[at].draw();
            if !draw.is_ready() {
                continue;
            }
            let asked = draw.ask().unwrap();
            let report = draw.report().unwrap();
            let (number, points) = all_points(draw);
            assert!(self.newest[at] <= asked.round && asked.round <= report.round);
            assert!(report.round <= number);
            self.newest[at] = number;
            self.note().await;

            let of = |number: u64| &self.book[&number].1;
            assert!(points == *of(number), "round {number} is another in Redis");
            assert_eq!(report.histogram, histogram(of(report.round), 100));
            let running = self.truth.running().await.unwrap();
            for user in &asked.two.users {
                assert_eq!(user.points, of(asked.round)[user.id as usize - 1]);
                assert!(running.number != asked.round || user.points > running.minimum);
            }
        }
    }

    /// Writes down the rounds that Redis holds: of each number there is one, for ever.
    async fn note(&mut self) {
        for (number, fence) in self.truth.rounds_made().await {
            if let Some((known, _)) = self.book.get(&number) {
                assert_eq!(*known, fence, "round {number} was made twice");
                continue;
            }
            let points = self.truth.points(number, &fence).await;
            assert_eq!(points.len(), PLAYERS as usize, "round {number} is whole");
            self.book.insert(number, (fence, points));
        }
    }

    async fn clear(mut self) {
        self.check().await;
        let running = self.truth.running().await.unwrap().number;
        assert!(running > 20, "{running} rounds");
        for instance in self.instances {
            instance.kill();
        }
    }
}

fn start(region: &str, link: &Proxy) -> Instance {
    Instance::start(region, Endpoint::Url(link.url()), limits())
}

fn limits() -> Limits {
    Limits {
        // Links freeze.
        redis_timeout: Duration::from_secs(1),
        // No shorter: to draw the points of a chunk takes a busy machine a while, in which nothing renews the lease.
        beat_limit: Duration::from_secs(1),
        ..draw_every(PLAYERS, Duration::from_millis(150))
    }
}
