//! Rounds come, are whole, and are the same everywhere.

use crate::support::{DEADLINE, eventually, impatient, start_engine_with, start_redis};
use edge::{DrawLimits, Engine, Limits};
use std::time::Duration;

/// Limits of a draw that does not keep a test waiting.
fn quick(players: u32) -> Limits {
    Limits {
        draw: DrawLimits {
            players,
            every: Duration::from_millis(200),
            rest: Duration::from_millis(50),
            ..DrawLimits::default()
        },
        ..impatient()
    }
}

/// Waits until the engine answers from that round or a later one.
async fn round(engine: &Engine, number: u64) -> u64 {
    let mut changes = engine.draw().changes();
    let wait = async {
        loop {
            changes.mark_unchanged();
            match engine.draw().report() {
                Ok(report) if report.round >= number => return report.round,
                _ => changes.changed().await.unwrap(),
            }
        }
    };
    tokio::time::timeout(DEADLINE, wait).await.unwrap()
}

#[tokio::test]
async fn everybody_starts_with_nothing_and_rounds_follow() {
    let redis = start_redis().await;
    let here = start_engine_with("ord", &redis.url(), quick(1_000));
    let there = start_engine_with("fra", &redis.url(), quick(1_000));

    assert!(round(&here, 2).await >= 2);
    assert!(round(&there, 2).await >= 2);
    let report = there.draw().report().unwrap();
    assert_eq!(report.histogram.len(), 101);
    assert_eq!(report.histogram.iter().sum::<u32>(), 1_000);
    let asked = here.draw().ask().unwrap();
    println!("{asked:?}");
    eventually("the query is known there", async || {
        there.draw().news().unwrap().asked_at.is_some()
    })
    .await;
}
