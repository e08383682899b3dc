//! The draw as Redis holds it.

use super::{AnyRedis, Call, DEADLINE, DrawScript, PREFIX, all_points, eventually};
use edge::Engine;
use redis::aio::MultiplexedConnection;
use redis::{AsyncCommands, FromRedisValue};
use std::collections::BTreeMap;
use std::time::Duration;

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

/// Why Redis holds points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// They are the running round's.
    Running,
    /// They are of one before, and will go.
    Former,
    /// They are of the one that is made.
    Made,
    /// Of none of these.
    Left,
}

/// Returns the fence of the running round, that of the one that is made, and all keys of points with the milliseconds that
/// are left to them.
const WRITTEN: &str = "
local keys = redis.call('KEYS', ARGV[1] .. '*')
for at, key in ipairs(keys) do keys[at] = { key, redis.call('PTTL', key) } end
local function fence(key) return redis.call('HGET', key, 'fence') or '' end
return { fence(KEYS[1]), fence(KEYS[2]), keys }";

/// Gives the lease to nobody, once no round is made.
const END_ROUNDS: &str = "
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('SET', KEYS[2], 'nobody')
return 1";

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
    pub async fn of(redis: &impl AnyRedis) -> Self {
        let connection = redis.look(&Self::key("round")).await;
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

    /// How long the lease still lasts.
    pub async fn lease_left(&self) -> Duration {
        let left: i64 = self.run(&["PTTL", &Self::key("lease")]).await;
        Duration::from_millis(left.max(0).unsigned_abs())
    }

    /// Leaves the lease only so long, as if the rest had passed.
    pub async fn shorten_lease(&self, left: Duration) {
        let left_ms = left.as_millis().to_string();
        let there: u32 = self.run(&["PEXPIRE", &Self::key("lease"), &left_ms]).await;
        assert_eq!(there, 1, "nobody leads");
    }

    /// Lets the round that is made come to an end, and no other begin.
    pub async fn end_rounds(&self) {
        let keys = [Self::key("making"), Self::key("lease")];
        let end = ["EVAL", END_ROUNDS, "2", &keys[0], &keys[1]];
        eventually("the end of a round", async || {
            self.run::<u32>(&end).await == 1
        })
        .await;
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

    /// Number and fence of all that has points, and why.
    pub async fn written(&self) -> BTreeMap<(u64, String), Kept> {
        // In one step: what is made becomes what runs.
        let (running, made, keys): (String, String, Vec<(String, i64)>) = self
            .run(&[
                "EVAL",
                WRITTEN,
                "2",
                &Self::key("round"),
                &Self::key("making"),
                &Self::key("points:"),
            ])
            .await;
        let begin = Self::key("points:").len();
        let ids = keys.iter().map(|(key, left_ms)| {
            let (number, rest) = key[begin..].split_once(':').unwrap();
            let (fence, _at) = rest.rsplit_once(':').unwrap();
            let kept = match *left_ms >= 0 {
                true => Kept::Former,
                false if fence == running => Kept::Running,
                false if fence == made => Kept::Made,
                false => Kept::Left,
            };
            ((number.parse().unwrap(), fence.to_owned()), kept)
        });
        ids.collect()
    }

    /// The fences of the rounds that ran in the last minute, by number. No number came twice.
    pub async fn rounds_made(&self) -> BTreeMap<u64, String> {
        let mut rounds = BTreeMap::new();
        for ((number, fence), kept) in self.written().await {
            if !matches!(kept, Kept::Running | Kept::Former) {
                continue;
            }
            if let Some(other) = rounds.insert(number, fence.clone()) {
                panic!("round {number} was made twice: {other} and {fence}");
            }
        }
        rounds
    }

    /// Adds those to the rounds that are known. No number came twice.
    pub async fn note_rounds(&self, known: &mut BTreeMap<u64, String>) {
        for (number, fence) in self.rounds_made().await {
            let of_number = known.entry(number).or_insert_with(|| fence.clone());
            assert_eq!(*of_number, fence, "round {number} was made twice");
        }
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
            // Some come and go meanwhile.
            let dump: Option<Vec<u8>> = self.run(&["DUMP", key]).await;
            all.extend(dump.map(|dump| (key.clone(), dump)));
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
