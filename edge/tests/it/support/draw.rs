//! The draw as Redis holds it, and as instances answer.

use super::{Call, DEADLINE, PREFIX, impatient};
use edge::testing::RedisServer;
use edge::{Draw, DrawLimits, Engine, Limits};
use protocol::DrawReport;
use redis::aio::MultiplexedConnection;
use redis::{AsyncCommands, FromRedisValue};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Players of one chunk.
pub const CHUNK: u32 = 1 << 18;
/// A round that is not due before the test says so.
pub const ON_CALL: Duration = Duration::from_secs(3600);

/// So many players and a round every so often, under which failures are noticed soon.
pub fn draw_every(players: u32, every: Duration) -> Limits {
    Limits {
        beat_every: Duration::from_millis(50),
        draw: DrawLimits {
            players,
            every,
            rest: Duration::from_millis(10),
            ..DrawLimits::default()
        },
        ..impatient()
    }
}

/// So many players, and rounds only when [`DrawTruth::make_due`] is called.
pub fn draw_on_call(players: u32) -> Limits {
    draw_every(players, ON_CALL)
}

/// Waits until the instance answers from that round or a later one.
pub async fn until_round(engine: &Engine, number: u64) -> DrawReport {
    until_report(engine, &format!("round {number}"), |report| {
        report.round >= number
    })
    .await
}

/// Waits until the instance's report is as asked.
pub async fn until_report(
    engine: &Engine,
    what: &str,
    holds: impl Fn(&DrawReport) -> bool,
) -> DrawReport {
    let mut changes = engine.draw().changes();
    let wait = async {
        loop {
            changes.mark_unchanged();
            match engine.draw().report() {
                Ok(report) if holds(&report) => return report,
                _ => changes.changed().await.unwrap(),
            }
        }
    };
    match tokio::time::timeout(DEADLINE, wait).await {
        Ok(report) => report,
        Err(_) => panic!("never came: {what}; it is {:?}", engine.draw().report()),
    }
}

/// The points of all players, and the round that they are all of.
pub fn all_points(draw: &Draw) -> (u64, Vec<u8>) {
    loop {
        let DrawReport { round, players, .. } = draw.report().unwrap();
        let told: Vec<_> = (1..=u64::from(players))
            .map_while(|id| draw.player(id).ok().filter(|player| player.round == round))
            .collect();
        // Another round may have come in the middle.
        if told.len() == players as usize {
            assert!((1..).zip(&told).all(|(id, player)| player.id == id));
            return (round, told.iter().map(|player| player.points).collect());
        }
    }
}

/// How many have 0, 1, 2 … points.
pub fn histogram(points: &[u8], points_max: u8) -> Vec<u32> {
    let mut histogram = vec![0; usize::from(points_max) + 1];
    for points in points {
        histogram[usize::from(*points)] += 1;
    }
    histogram
}

/// The running round, but for its points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    pub number: u64,
    pub fence: String,
    pub began_ms: u64,
    pub started_ms: u64,
    pub next_ms: u64,
    pub players: u32,
    pub points_max: u8,
    pub minimum: u8,
    pub chunks: usize,
}

/// The number that a fence begins with.
pub fn fence_number(fence: &str) -> u64 {
    fence.split(':').next().unwrap().parse().unwrap()
}

/// A look at the draw in Redis, past all engines.
#[derive(Clone)]
pub struct DrawTruth {
    connection: MultiplexedConnection,
}

impl DrawTruth {
    pub async fn of(redis: &RedisServer) -> Self {
        let connection = redis.connection().await.unwrap();
        Self { connection }
    }

    /// The name of one of the draw's keys.
    pub fn key(name: &str) -> String {
        format!("{PREFIX}{{draw}}:1:{name}")
    }

    /// Runs a command.
    pub async fn run<T: FromRedisValue>(&self, words: &[&str]) -> T {
        let mut command = redis::Cmd::new();
        command.arg(words);
        command
            .query_async(&mut self.connection.clone())
            .await
            .unwrap()
    }

    /// Makes the call once more; an error is an answer, too.
    pub async fn repeat(&self, call: &Call) {
        let mut command = redis::Cmd::new();
        for word in call {
            command.arg(word.as_slice());
        }
        let _answer: Result<redis::Value, _> =
            command.query_async(&mut self.connection.clone()).await;
    }

    /// The running round.
    pub async fn running(&self) -> Option<Running> {
        let fields = self.hash("round").await;
        let number = |name: &str| fields[name].parse().unwrap();
        fields.contains_key("number").then(|| Running {
            number: number("number"),
            fence: fields["fence"].clone(),
            began_ms: number("began_ms"),
            started_ms: number("started_ms"),
            next_ms: number("next_ms"),
            players: fields["players"].parse().unwrap(),
            points_max: fields["points_max"].parse().unwrap(),
            minimum: fields["minimum"].parse().unwrap(),
            chunks: fields["chunks"].parse().unwrap(),
        })
    }

    /// All fields of `round` or `making`.
    pub async fn hash(&self, name: &str) -> BTreeMap<String, String> {
        let mut connection = self.connection.clone();
        connection.hgetall(Self::key(name)).await.unwrap()
    }

    /// Waits until the running round is that one or a later one.
    pub async fn until_running(&self, number: u64) -> Running {
        let wait = async {
            loop {
                match self.running().await {
                    Some(running) if running.number >= number => return running,
                    _ => tokio::time::sleep(Duration::from_millis(2)).await,
                }
            }
        };
        let running = tokio::time::timeout(DEADLINE, wait).await;
        running.unwrap_or_else(|_| panic!("round {number} never came"))
    }

    /// Who makes rounds now.
    pub async fn leader(&self) -> Option<String> {
        self.run(&["GET", &Self::key("lease")]).await
    }

    /// The next round is due from now on.
    pub async fn make_due(&self) {
        let _: u32 = self
            .run(&["HSET", &Self::key("round"), "next_ms", "1"])
            .await;
    }

    /// All points of a round, one byte after the other.
    pub async fn points(&self, number: u64, fence: &str) -> Vec<u8> {
        let mut all = Vec::new();
        for at in 0.. {
            let key = Self::key(&format!("points:{number}:{fence}:{at}"));
            match self.run::<Option<Vec<u8>>>(&["GET", &key]).await {
                Some(points) => all.extend(points),
                None => break,
            }
        }
        all
    }

    /// Number and fence of all rounds that have points: the running one, for a minute those before, and tries.
    pub async fn written(&self) -> BTreeSet<(u64, String)> {
        let begin = Self::key("points:");
        let keys: Vec<String> = self.run(&["KEYS", &format!("{begin}*")]).await;
        let ids = keys.iter().map(|key| {
            let (number, rest) = key[begin.len()..].split_once(':').unwrap();
            let (fence, _at) = rest.rsplit_once(':').unwrap();
            (number.parse().unwrap(), fence.to_owned())
        });
        ids.collect()
    }

    /// The fences of the rounds that ran in the last minute, by number: nothing else has points. No number came twice.
    pub async fn rounds_made(&self) -> BTreeMap<u64, String> {
        let making = self.hash("making").await;
        let mut rounds = BTreeMap::new();
        for (number, fence) in self.written().await {
            if making.get("fence") == Some(&fence) {
                continue;
            }
            if let Some(other) = rounds.insert(number, fence.clone()) {
                panic!("round {number} was made twice: {other} and {fence}");
            }
        }
        rounds
    }

    /// Asserts that the instance answers what Redis holds of the same round.
    pub async fn assert_answers(&self, engine: &Engine) -> u64 {
        let (number, points) = all_points(engine.draw());
        let rounds = self.rounds_made().await;
        let expected = self.points(number, &rounds[&number]).await;
        assert!(points == expected, "round {number} is another one in Redis");
        number
    }

    /// All that Redis holds of rounds, but for the time that is left of what will go.
    pub async fn all(&self) -> BTreeMap<String, Vec<u8>> {
        let mut all = BTreeMap::new();
        let keys: Vec<String> = self.run(&["KEYS", &Self::key("*")]).await;
        for key in keys.iter().filter(|key| **key != Self::key("lease")) {
            all.insert(key.clone(), self.run(&["DUMP", key]).await);
        }
        all
    }

    /// Puts all of it back in one step, as a failover to a replica that was behind does.
    pub async fn restore(&self, all: &BTreeMap<String, Vec<u8>>) {
        let mut steps = redis::pipe();
        steps.atomic().cmd("FLUSHALL");
        for (key, dump) in all {
            steps.cmd("RESTORE").arg(key).arg(0).arg(dump);
        }
        steps
            .exec_async(&mut self.connection.clone())
            .await
            .unwrap();
    }

    /// Redis knows all scripts of the draw from now on, so that each is called once.
    pub async fn load_scripts(&self) {
        for script in DrawScript::ALL {
            let _: String = self.run(&["SCRIPT", "LOAD", &script.text()]).await;
        }
    }
}

/// One of the draw's scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrawScript {
    Lead,
    Write,
    Switch,
}

impl DrawScript {
    const ALL: [Self; 3] = [Self::Lead, Self::Write, Self::Switch];

    fn text(self) -> String {
        let own = match self {
            Self::Lead => include_str!("../../../src/draw/lead.lua"),
            Self::Write => include_str!("../../../src/draw/write.lua"),
            Self::Switch => include_str!("../../../src/draw/switch.lua"),
        };
        format!("{}\n{own}", include_str!("../../../src/draw/prelude.lua"))
    }

    /// The arguments of a call of it, after the keys; nothing of any other call.
    pub fn args(self, call: &Call) -> Option<Vec<String>> {
        let hash = redis::Script::new(&self.text()).get_hash().to_owned();
        let is_own = call.len() > 10 && call[0] == b"EVALSHA" && call[1] == hash.as_bytes();
        let text = |word: &Vec<u8>| String::from_utf8_lossy(word).into_owned();
        is_own.then(|| call[10..].iter().map(text).collect())
    }

    /// Whether this is a call of it.
    pub fn is(self, call: &Call) -> bool {
        self.args(call).is_some()
    }

    /// Whether this writes that chunk.
    pub fn is_chunk(call: &Call, at: usize) -> bool {
        let args = Self::Write.args(call);
        args.is_some_and(|args| args[3] == at.to_string())
    }
}
