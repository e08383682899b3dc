//! Many sessions and their clicks: at a rate, or as many as are acknowledged.

use super::session::{Manner, Session};
use crate::cluster::{Meter, Usage};
use crate::wait::until;
use anyhow::{Context, bail};
use futures::{StreamExt, TryStreamExt, stream};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

/// Sessions opened at a time: more would only wait in the listener's queue.
pub const OPENING_MAX: usize = 64;
/// How long opening one may take.
const OPEN_TIMEOUT: Duration = Duration::from_secs(30);
/// How often to check whether the last clicks have reached all sessions.
const POLL: Duration = Duration::from_millis(10);

/// Many sessions, spread evenly over servers; closed when it is dropped.
#[derive(Debug, Default)]
pub struct Crowd {
    /// All sessions, those of the servers interleaved.
    pub sessions: Vec<Rc<Session>>,
    tasks: JoinSet<()>,
}

/// What servers used and a crowd received while something ran.
#[derive(Clone, Copy, Debug)]
pub struct Traffic {
    /// What the servers and Redis used.
    pub usage: Usage,
    /// World frames that reached sessions.
    pub frames: f64,
    pub frames_per_second: f64,
    /// Clicks acknowledged per second.
    pub clicks_per_second: f64,
    /// Deliveries of clicks to sessions: each click reaches all.
    pub effects: f64,
}

impl Crowd {
    /// Opens sessions; each has received the world when this returns.
    pub async fn open(servers: &[SocketAddr], count: usize) -> anyhow::Result<Self> {
        let mut crowd = Self::default();
        let manner = Manner::default();
        crowd.add(servers, count, manner, OPENING_MAX).await?;
        Ok(crowd)
    }

    /// Opens more sessions, so many at a time.
    pub async fn add(
        &mut self,
        servers: &[SocketAddr],
        count: usize,
        manner: Manner,
        at_a_time: usize,
    ) -> anyhow::Result<()> {
        let opening = stream::iter(0..count).map(async |number| {
            let server = number % servers.len();
            let opening = Session::open(server, servers[server], manner);
            timeout(OPEN_TIMEOUT, opening)
                .await
                .context("opening a session")?
        });
        let mut opening = opening.buffered(at_a_time);
        while let Some((session, wire)) = opening.try_next().await? {
            // Runs at once, so that the server need not buffer frames while the others open.
            self.tasks.spawn_local(Rc::clone(&session).run(wire));
            self.sessions.push(session);
        }
        Ok(())
    }

    /// Some of the sessions, spread evenly over all servers.
    pub fn some(&self, count: usize) -> Vec<Rc<Session>> {
        let count = count.clamp(1, self.sessions.len());
        // An odd stride alternates between two servers.
        let stride = (self.sessions.len() / count).max(1);
        let stride = stride - usize::from(stride.is_multiple_of(2));
        self.sessions
            .iter()
            .step_by(stride)
            .take(count)
            .cloned()
            .collect()
    }

    pub fn acknowledged(&self) -> u64 {
        self.sessions.iter().map(|one| one.acknowledged.get()).sum()
    }

    pub fn acknowledged_sum(&self) -> i64 {
        self.sessions.iter().map(|one| one.acknowledged_sum()).sum()
    }

    /// Fails with the reason if a session has ended.
    pub fn check(&self) -> anyhow::Result<()> {
        let mut ends = self.sessions.iter().map(|session| session.ended.borrow());
        match ends.find_map(|ended| ended.clone()) {
            Some(reason) => bail!("a session ended: {reason}"),
            None => Ok(()),
        }
    }

    /// Repeats some work; returns what the crowd received and the servers used during each run.
    pub async fn measure(
        &self,
        meter: &Meter,
        runs: usize,
        work: impl AsyncFn() -> anyhow::Result<()>,
    ) -> anyhow::Result<Vec<Traffic>> {
        let mut traffic = Vec::new();
        for _ in 0..runs {
            let (frames, clicks) = (self.frames(), self.acknowledged());
            let ((), usage) = meter.run(work()).await?;
            self.check()?;
            let clicks = (self.acknowledged() - clicks) as f64;
            let frames = (self.frames() - frames) as f64;
            traffic.push(Traffic {
                usage,
                frames,
                frames_per_second: frames / usage.seconds,
                clicks_per_second: clicks / usage.seconds,
                effects: clicks * self.sessions.len() as f64,
            });
            settle(&self.sessions).await?;
        }
        Ok(traffic)
    }

    /// World frames received so far.
    pub fn frames(&self) -> u64 {
        self.sessions.iter().map(|one| one.frames.get()).sum()
    }
}

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
