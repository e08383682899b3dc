//! Programs that ask the draw.

use super::{DEADLINE, Server, Setup, eventually, json};
use edge::testing::RedisServer;
use reqwest::Response;
use serde::Deserialize;
use serde_json::Value;
use std::time::Duration;

/// Players of the servers that are told nothing else: few, so that hundreds of servers stay quick.
pub const PLAYERS: u32 = 1_000;
/// The most points where nothing else is said.
pub const POINTS_MAX: usize = 100;

/// A player as told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    pub id: u32,
    pub points: u8,
}

/// The draw as `GET /api/draw` tells it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DrawTold {
    pub round: u64,
    pub players: u32,
    pub started_at: String,
    pub next_at: Option<String>,
    pub progress: Option<Value>,
    pub histogram: Vec<u32>,
    pub age_ms: u64,
}

/// An answer of `GET /api/max-two`.
#[derive(Clone, Debug)]
pub struct TwoTold {
    pub round: u64,
    /// The whole seconds of its `Age`.
    pub age: Option<u64>,
    pub users: Vec<Shown>,
    pub timestamp: Option<String>,
}

impl Server {
    pub async fn max_two(&self) -> TwoTold {
        let answer = self.get("/api/max-two").send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let number = |name: &str| {
            let value = answer.headers().get(name)?;
            Some(value.to_str().unwrap().parse().unwrap())
        };
        let (round, age) = (number("draw-round").unwrap(), number("age"));
        let body = json(answer).await;
        TwoTold {
            round,
            age,
            users: serde_json::from_value(body["users"].clone()).unwrap(),
            timestamp: body["timestamp"].as_str().map(str::to_owned),
        }
    }

    pub async fn try_player(&self, id: impl std::fmt::Display) -> Response {
        let path = format!("/api/players/{id}");
        self.get(&path).send().await.unwrap()
    }

    /// A player's points and round.
    pub async fn player(&self, id: u32) -> (u64, u64) {
        let answer = self.try_player(id).await;
        assert_eq!(answer.status(), 200, "{id}");
        let player = json(answer).await;
        assert_eq!(player["id"], id);
        let number = |name: &str| player[name].as_u64().unwrap();
        (number("points"), number("round"))
    }

    pub async fn draw(&self) -> DrawTold {
        let answer = self.get("/api/draw").send().await.unwrap();
        assert_eq!(answer.status(), 200);
        serde_json::from_value(json(answer).await).unwrap()
    }

    /// Waits until the draw is as asked.
    pub async fn draw_until(&self, what: &str, holds: impl Fn(&DrawTold) -> bool) -> DrawTold {
        let start = tokio::time::Instant::now();
        loop {
            let draw = self.draw().await;
            if holds(&draw) {
                return draw;
            }
            assert!(start.elapsed() < DEADLINE, "never came: {what}; {draw:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Asserts that a timestamp is `YYYY-MM-DD HH:MM:SS`.
pub fn assert_timestamp(text: &str) {
    let shape: String = text
        .chars()
        .map(|char| if char.is_ascii_digit() { '0' } else { char })
        .collect();
    assert_eq!(shape, "0000-00-00 00:00:00", "{text}");
}

/// The seconds since 1970 that such a timestamp is.
pub fn unix(text: &str) -> i64 {
    let numbers: Vec<i64> = text
        .split(['-', ' ', ':'])
        .map(|part| part.parse().unwrap())
        .collect();
    let [year, month, day, hour, minute, second] = numbers[..] else {
        panic!("{text}");
    };
    // Years that begin in March have their leap day at the end.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days =
        year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 719_469;
    ((days * 24 + hour) * 60 + minute) * 60 + second
}

/// The running round as Redis holds it, past all servers.
pub struct Held {
    pub number: u64,
    pub minimum: u8,
    /// By id, from 1 on.
    pub points: Vec<u8>,
    /// From its start to the next one's.
    pub lasts_ms: u64,
}

impl Held {
    /// What Redis holds now.
    pub async fn in_redis(redis: &RedisServer) -> Self {
        let mut connection = redis.connection().await.unwrap();
        let script = redis::Script::new(
            r#"local of = redis.call("HMGET", KEYS[1], "number", "fence", "minimum", "chunks", "started_ms", "next_ms")
            local points = {}
            for at = 0, of[4] - 1 do
                points[at + 1] = redis.call("GET", KEYS[1]:gsub("round$", "points:") .. of[1] .. ":" .. of[2] .. ":" .. at)
            end
            return { of[1] + 0, of[3] + 0, of[6] - of[5], table.concat(points) }"#,
        );
        let held = script.key("test:{draw}:1:round");
        let (number, minimum, lasts_ms, points) = held.invoke_async(&mut connection).await.unwrap();
        Self {
            number,
            minimum,
            points,
            lasts_ms,
        }
    }

    /// The ids of all who may be shown.
    pub fn above(&self) -> Vec<u32> {
        let ids = (1..).zip(&self.points);
        ids.filter(|(_, points)| **points > self.minimum)
            .map(|(id, _)| id)
            .collect()
    }
}

/// Makes it look as if an instance made that round, so many of its chunks were written, and it stood still then.
///
/// What makes rounds here looks at it only once one is due.
pub async fn making(redis: &RedisServer, round: u64, (chunks, written): (u64, u64)) {
    let mut changes = redis::pipe();
    let fields = [("number", round), ("chunks", chunks), ("written", written)];
    changes.hset_multiple("test:{draw}:1:making", &fields);
    changes.hset("test:{draw}:1:making", "fence", "999:elsewhere");
    tell(redis, changes).await;
}

/// Ends it, as a maker that gives up does.
pub async fn making_ends(redis: &RedisServer) {
    let mut changes = redis::pipe();
    changes.del("test:{draw}:1:making");
    tell(redis, changes).await;
}

async fn tell(redis: &RedisServer, mut changes: redis::Pipeline) {
    let mut connection = redis.connection().await.unwrap();
    changes.publish("test:{draw}:1:changes", "");
    let done: redis::RedisResult<()> = changes.atomic().ignore().exec_async(&mut connection).await;
    done.unwrap();
}

/// The clock of that Redis, in seconds since 1970.
pub async fn now_in(redis: &RedisServer) -> i64 {
    let mut connection = redis.connection().await.unwrap();
    let time: (i64, i64) = redis::cmd("TIME")
        .query_async(&mut connection)
        .await
        .unwrap();
    time.0
}

/// Has players play, then starts a server in whose round all have points, and that makes no other for a day.
pub async fn settled(setup: &Setup, redis: &RedisServer) -> Server {
    let mut first = setup.clone().in_a_hurry().start().await;
    first.draw_until("a round", |draw| draw.round > 0).await;
    first.terminate();
    first.ended_within(DEADLINE).await;
    let day = Duration::from_secs(86_400);
    let setup = setup
        .clone()
        .with("DRAW_EVERY_SECONDS", &day.as_secs().to_string());
    let server = setup.start().await;
    eventually("a round that lasts a day", async || {
        let held = Held::in_redis(redis).await;
        u128::from(held.lasts_ms) > day.as_millis() / 2 && server.draw().await.round == held.number
    })
    .await;
    server
}

impl Setup {
    /// The same with a round whenever there can be one.
    pub fn in_a_hurry(self) -> Self {
        self.with("DRAW_EVERY_SECONDS", "1")
            .with("DRAW_REST_SECONDS", "1")
    }
}
