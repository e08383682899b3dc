//! Nobody sees half a round, and there is a rest between two.

use crate::support::{
    CHUNK, DEADLINE, DrawScript, DrawTruth, Gate, Running, draw_every, histogram, link_to,
    start_engine_with, start_redis, until_round,
};
use edge::{Draw, DrawLimits, Limits};
use protocol::{DrawReport, Player};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::JoinHandle;

/// All that readers of one instance were told, by round.
#[derive(Default)]
struct Told {
    histograms: BTreeMap<u64, Vec<u32>>,
    points: BTreeSet<(u64, u32, u8)>,
    shown: BTreeSet<(u64, u32, u8)>,
    /// How many were shown.
    counts: BTreeSet<(u64, usize)>,
    newest: u64,
    asked: Option<String>,
}

impl Told {
    /// Asks for everything until told to stop.
    fn read(draw: &Draw, stop: &AtomicBool) -> Self {
        let mut told = Self::default();
        let mut id = 0;
        while !stop.load(Ordering::Relaxed) {
            told.report(draw.report().unwrap());
            let asked = draw.ask().unwrap();
            told.users(asked.round, &asked.two.users);
            assert!(asked.two.timestamp >= told.asked, "the last query");
            told.asked = asked.two.timestamp;
            let news = draw.news().unwrap();
            told.users(news.report.round, &news.opening);
            told.report(news.report);
            let players = told.histograms[&told.newest].iter().sum::<u32>();
            id = id % players + 1;
            let player = draw.player(id.into()).unwrap();
            assert_eq!(player.id, id);
            told.points.insert((player.round, id, player.points));
            // The instances need the processors, too.
            std::thread::yield_now();
        }
        told
    }

    fn report(&mut self, report: DrawReport) {
        assert!(report.round >= self.newest, "back to {}", report.round);
        self.newest = report.round;
        assert_eq!(report.histogram.iter().sum::<u32>(), report.players);
        let one = self.histograms.entry(report.round);
        assert_eq!(
            *one.or_insert_with(|| report.histogram.clone()),
            report.histogram
        );
    }

    fn users(&mut self, round: u64, users: &[Player]) {
        assert!(users.len() < 2 || users[0].id != users[1].id);
        self.counts.insert((round, users.len()));
        self.shown
            .extend(users.iter().map(|user| (round, user.id, user.points)));
    }
}

/// The minima of all rounds, by fence: as they were said in the calls that made them run.
fn minima(gate: &Gate) -> BTreeMap<String, u8> {
    let calls = gate.calls();
    let switches = calls
        .iter()
        .filter_map(|call| DrawScript::Switch.args(call));
    switches
        .map(|args| (args[0].clone(), args[3].parse().unwrap()))
        .collect()
}

/// Waits until all have ended.
async fn join_all(readers: [JoinHandle<Told>; 3]) -> Vec<Told> {
    let mut all = Vec::new();
    for reader in readers {
        all.push(reader.await.unwrap());
    }
    all
}

/// Adds the points of rounds that are not known, by number and fence: Redis does not keep them for a whole test.
async fn note_points(truth: &DrawTruth, known: &mut BTreeMap<(u64, String), Vec<u8>>) {
    for id in truth.rounds_made().await {
        if let Entry::Vacant(unknown) = known.entry(id) {
            let (number, fence) = unknown.key();
            let points = truth.points(*number, fence).await;
            unknown.insert(points);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_while_rounds_change_is_told_of_whole_ones() {
    const PLAYERS: u32 = 2_000;
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    let gate = Gate::before(&redis).await;
    let limits = Limits {
        redis_timeout: DEADLINE,
        ..draw_every(PLAYERS, Duration::from_millis(15))
    };
    let engines =
        ["ord", "fra", "syd"].map(|region| start_engine_with(region, &gate.url(), limits));
    for engine in &engines {
        until_round(engine, 0).await;
    }

    let stop = Arc::new(AtomicBool::new(false));
    let readers = [0, 1, 2].map(|at: usize| {
        let (draw, stop) = (engines[at].draw().clone(), stop.clone());
        tokio::task::spawn_blocking(move || Told::read(&draw, &stop))
    });
    let mut rounds = BTreeMap::new();
    for number in 0..=50 {
        for engine in &engines {
            until_round(engine, number).await;
        }
        note_points(&truth, &mut rounds).await;
    }
    stop.store(true, Ordering::Relaxed);
    let all = join_all(readers).await;
    truth.end_rounds().await;
    note_points(&truth, &mut rounds).await;
    for engine in &engines {
        engine.shutdown().await;
    }

    let minima = minima(&gate);
    let mut seen = BTreeSet::new();
    for ((number, fence), points) in rounds {
        let drawn = histogram(&points, 100);
        let minimum = minima[&fence];
        let above = points.iter().filter(|points| **points > minimum).count();
        for told in &all {
            let Some(told_drawn) = told.histograms.get(&number) else {
                continue;
            };
            seen.insert(number);
            assert_eq!(*told_drawn, drawn, "round {number}");
            let of_round = (number, 0, 0)..(number + 1, 0, 0);
            for (_, id, of_id) in told.points.range(of_round.clone()) {
                assert_eq!(points[*id as usize - 1], *of_id, "round {number}, {id}");
            }
            for (_, id, of_id) in told.shown.range(of_round) {
                assert_eq!(points[*id as usize - 1], *of_id, "round {number}, {id}");
                assert!(*of_id > minimum, "round {number}, {id}");
            }
            let mut counts = told.counts.range((number, 0)..(number + 1, 0));
            assert!(counts.all(|count| count.1 == above.min(2)));
        }
    }
    let told = all.iter().flat_map(|told| told.histograms.keys().copied());
    assert_eq!(told.collect::<BTreeSet<_>>(), seen, "no other rounds");
    assert!(seen.len() > 25, "{seen:?}");
}

/// So many rounds, one after the other, as Redis holds them.
async fn rounds_in_a_row(truth: &DrawTruth, count: usize) -> Vec<[Running; 2]> {
    let mut pairs = Vec::new();
    let mut last = truth.until_running(1).await;
    while pairs.len() < count {
        let next = truth.until_running(last.number + 1).await;
        if next.number == last.number + 1 {
            pairs.push([last, next.clone()]);
        }
        last = next;
    }
    pairs
}

/// Limits with that rest.
fn rest(rest_ms: u64, limits: Limits) -> Limits {
    let draw = DrawLimits {
        rest: Duration::from_millis(rest_ms),
        ..limits.draw
    };
    Limits { draw, ..limits }
}

#[tokio::test]
async fn a_maker_rests_however_long_its_work_took() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let truth = DrawTruth::of(&redis).await;
    let limits = draw_every(2 * CHUNK + 1, Duration::from_millis(1));
    let limits = Limits {
        redis_timeout: DEADLINE,
        ..rest(60, limits)
    };
    link.delay(Duration::from_millis(20));
    let engines = [
        start_engine_with("ord", &link.url(), limits),
        start_engine_with("fra", &redis.url(), limits),
    ];

    for [before, after] in rounds_in_a_row(&truth, 12).await {
        assert!(
            after.began_ms >= before.started_ms + 60,
            "{before:?} {after:?}"
        );
        assert_eq!(before.next_ms, before.started_ms + 60);
    }

    for engine in engines {
        engine.shutdown().await;
    }
}

#[tokio::test]
async fn rounds_that_are_made_quickly_begin_as_often_as_configured() {
    let redis = start_redis().await;
    let truth = DrawTruth::of(&redis).await;
    let limits = rest(1, draw_every(100, Duration::from_millis(120)));
    let engine = start_engine_with("ord", &redis.url(), limits);

    let mut in_time = 0;
    for [before, after] in rounds_in_a_row(&truth, 12).await {
        let due = (before.began_ms + 120).max(before.started_ms + 1);
        assert_eq!(before.next_ms, due);
        assert!(after.began_ms >= due, "{before:?} {after:?}");
        in_time += u32::from(due == before.began_ms + 120);
        assert!(before.started_ms >= before.began_ms);
    }

    assert!(in_time > 0, "no round was made within its time");
    engine.shutdown().await;
}
