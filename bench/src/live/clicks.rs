//! Clicks of a crowd: at a rate, or as many as are acknowledged.

use super::session::Session;
use crate::dice::Dice;
use anyhow::ensure;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};

/// How long the last clicks may take to be acknowledged and seen by all.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often to look.
const POLL: Duration = Duration::from_millis(10);

/// Clicks at that rate on average, by sessions at random, at random moments.
///
/// People do not keep step; evenly spaced clicks would keep step with the servers' frames.
///
/// # Errors
/// Where a socket is closed.
pub async fn click_at(
    sessions: &[Rc<Session>],
    per_second: f64,
    window: Duration,
) -> anyhow::Result<()> {
    let mut dice = Dice::new();
    let end = Instant::now() + window;
    let mut next = Instant::now();
    loop {
        next += Duration::from_secs_f64(-dice.roll().ln() / per_second);
        if next >= end {
            sleep_until(end).await;
            return Ok(());
        }
        sleep_until(next).await;
        let index = (dice.roll() * sessions.len() as f64) as usize;
        sessions[index.min(sessions.len() - 1)].click().await?;
    }
}

/// Keeps that many clicks of each session outstanding for as long as the window says.
///
/// # Errors
/// Where a socket is closed.
pub async fn saturate(
    sessions: &[Rc<Session>],
    outstanding: usize,
    window: Duration,
) -> anyhow::Result<()> {
    for session in sessions {
        session.keep_clicking(outstanding).await?;
    }
    sleep(window).await;
    for session in sessions {
        session.keep_clicking(0).await?;
    }
    Ok(())
}

/// Waits until every click is settled and every session has seen the last one.
///
/// # Errors
/// Where that takes more than 30 s: how many have not.
pub async fn settle(sessions: &[Rc<Session>]) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let newest = sessions
            .iter()
            .map(|session| session.acknowledged_rev())
            .max()
            .unwrap_or(0);
        let late = |session: &&Rc<Session>| session.outstanding() > 0 || session.rev() < newest;
        let late = sessions.iter().filter(late).count();
        if late == 0 {
            return Ok(());
        }
        ensure!(
            Instant::now() < deadline,
            "{late} sessions wait for acknowledgements or the last frame"
        );
        sleep(POLL).await;
    }
}
