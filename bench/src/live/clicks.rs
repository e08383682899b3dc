//! A crowd's clicks: at a rate, or as many as are acknowledged.

use super::session::Session;
use crate::wait::until;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::{Instant, sleep, sleep_until};

/// How often to check whether the last clicks have reached all sessions.
const POLL: Duration = Duration::from_millis(10);

/// Clicks at this rate on average, by random sessions at random moments.
///
/// People do not click in step; evenly spaced clicks would keep step with the servers' frames.
pub async fn click_at(sessions: &[Rc<Session>], per_second: f64, window: Duration) {
    let end = Instant::now() + window;
    let mut next = Instant::now();
    loop {
        // The pauses of a Poisson process: exponential.
        let uniform = 1.0 - rand::random::<f64>();
        next += Duration::from_secs_f64(-uniform.ln() / per_second);
        if next >= end {
            return sleep_until(end).await;
        }
        sleep_until(next).await;
        sessions[rand::random_range(0..sessions.len())].click();
    }
}

/// Keeps this many clicks of each session outstanding for as long as the window says.
pub async fn saturate(sessions: &[Rc<Session>], outstanding: u64, window: Duration) {
    for session in sessions {
        session.keep_clicking(outstanding);
    }
    sleep(window).await;
    for session in sessions {
        session.keep_clicking(0);
    }
}

/// Waits until every click is acknowledged and has reached every session.
pub async fn settle(sessions: &[Rc<Session>]) -> anyhow::Result<()> {
    until(POLL, async || {
        let revs = sessions
            .iter()
            .map(|session| session.acknowledged_rev.get());
        let newest = revs.max().unwrap_or(0);
        let late = |session: &&Rc<Session>| session.outstanding() > 0 || session.rev.get() < newest;
        let late = sessions.iter().filter(late).count();
        let waiting = || format!("{late} sessions still wait for acknowledgements or a frame");
        Ok((late == 0).then_some(()).ok_or_else(waiting))
    })
    .await
}
