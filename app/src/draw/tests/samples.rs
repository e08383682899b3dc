//! Draws for tests.

use protocol::{DrawNews, DrawProgress, DrawReport, MaxTwo, Player};

pub(crate) fn player(id: u32, points: u8) -> Player {
    Player { id, points }
}

/// News of a round that opens with a player of the round's number, and of when the next is due.
pub(crate) fn news(round: u64, next_in_ms: u64) -> DrawNews {
    DrawNews {
        report: DrawReport {
            round,
            players: 3,
            started_at: format!("2026-11-21T12:{:02}:00.000Z", round % 60),
            next_at: Some("2026-11-21T13:00:00.000Z".into()),
            progress: None,
            histogram: vec![1, 0, 2],
            age_ms: 0,
        },
        next_in_ms: Some(next_in_ms),
        asked_at: None,
        opening: vec![player(u32::try_from(round).unwrap(), 2)],
    }
}

/// News of a round while the next is made.
pub(crate) fn making(round: u64, percent: u8) -> DrawNews {
    let mut news = news(round, 0);
    news.next_in_ms = None;
    news.report.next_at = None;
    news.report.progress = Some(DrawProgress {
        round: round + 1,
        percent,
    });
    news
}

pub(crate) fn two(players: &[(u32, u8)]) -> MaxTwo {
    MaxTwo {
        users: players
            .iter()
            .map(|&(id, points)| player(id, points))
            .collect(),
        timestamp: Some("2026-11-21 12:00:00".into()),
    }
}
