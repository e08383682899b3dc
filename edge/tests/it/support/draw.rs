//! Instances of the draw, and what they answer.

use super::{Call, DEADLINE, DrawTruth, impatient, start_engine_with};
use edge::testing::RedisServer;
use edge::{Draw, DrawLimits, Engine, Limits};
use protocol::DrawReport;
use std::time::Duration;

/// Players of one chunk.
pub const CHUNK: u32 = 250_000;
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

/// An instance in each of two regions, both in round 0, and no round due.
pub async fn draw_pair(redis: &RedisServer) -> ([Engine; 2], DrawTruth) {
    let limits = draw_on_call(1_000);
    let engines = ["ord", "fra"].map(|region| start_engine_with(region, &redis.url(), limits));
    for engine in &engines {
        until_round(engine, 0).await;
    }
    (engines, DrawTruth::of(redis).await)
}

/// Ends both, one after the other.
pub async fn shutdown_both(engines: [Engine; 2]) {
    for engine in engines {
        engine.shutdown().await;
    }
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

/// One of the draw's scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrawScript {
    Lead,
    Write,
    Switch,
    Asked,
}

impl DrawScript {
    pub const ALL: [Self; 4] = [Self::Lead, Self::Write, Self::Switch, Self::Asked];

    /// What Redis runs.
    pub fn text(self) -> String {
        let own = match self {
            Self::Lead => include_str!("../../../src/draw/lead.lua"),
            Self::Write => include_str!("../../../src/draw/write.lua"),
            Self::Switch => include_str!("../../../src/draw/switch.lua"),
            Self::Asked => include_str!("../../../src/draw/asked.lua"),
        };
        let before = [
            include_str!("../../../src/redis/time.lua"),
            include_str!("../../../src/draw/prelude.lua"),
        ];
        format!("{}\n{}\n{own}\n", before[0], before[1])
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

    /// Whether this loads chunks of that round.
    pub fn is_load(call: &Call, number: u64) -> bool {
        let begin = DrawTruth::key(&format!("points:{number}:"));
        call[0] == b"MGET" && call[1].starts_with(begin.as_bytes())
    }
}
