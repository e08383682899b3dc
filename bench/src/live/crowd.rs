//! Many sessions.

use super::clicks::settle;
use super::session::Session;
use crate::cluster::{Meter, Usage};
use anyhow::{Context, bail};
use futures::{StreamExt, TryStreamExt, stream};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Sessions opened at a time: more would only wait in the listener's queue.
const OPENING_MAX: usize = 64;
/// How long opening one may take.
const OPEN_TIMEOUT: Duration = Duration::from_secs(30);

/// Many sessions, spread evenly over servers; closed when it is dropped.
#[derive(Debug)]
pub struct Crowd {
    sessions: Vec<Rc<Session>>,
    _tasks: JoinSet<()>,
}

/// What servers used and a crowd received while something ran.
#[derive(Clone, Copy, Debug)]
pub struct Traffic {
    /// What the servers and Redis used.
    pub usage: Usage,
    /// World frames that reached sessions.
    pub frames: f64,
    /// Clicks that were acknowledged.
    pub clicks: f64,
    /// Deliveries of clicks to sessions: each click reaches all.
    pub effects: f64,
}

impl Traffic {
    /// World frames that reached sessions per second.
    pub fn frames_per_second(&self) -> f64 {
        self.frames / self.usage.seconds
    }

    /// Clicks acknowledged per second.
    pub fn clicks_per_second(&self) -> f64 {
        self.clicks / self.usage.seconds
    }
}

impl Crowd {
    /// Opens sessions; each has received the world when this returns.
    pub async fn open(servers: &[SocketAddr], count: usize) -> anyhow::Result<Self> {
        let opening = stream::iter(0..count).map(async |number| {
            let server = number % servers.len();
            timeout(OPEN_TIMEOUT, Session::open(server, servers[server]))
                .await
                .context("opening a session")?
        });
        let mut opening = opening.buffered(OPENING_MAX);
        let (mut sessions, mut tasks) = (Vec::with_capacity(count), JoinSet::new());
        while let Some((session, socket)) = opening.try_next().await? {
            // Runs at once, so that the server need not buffer frames while the others open.
            tasks.spawn_local(Rc::clone(&session).run(socket));
            sessions.push(session);
        }
        Ok(Self {
            sessions,
            _tasks: tasks,
        })
    }

    /// The number of sessions.
    pub fn len(&self) -> usize {
        self.sessions.len()
    }

    /// All sessions, those of the servers interleaved.
    pub fn sessions(&self) -> &[Rc<Session>] {
        &self.sessions
    }

    /// Some of the sessions, spread evenly over all servers.
    pub fn some(&self, count: usize) -> Vec<Rc<Session>> {
        let count = count.clamp(1, self.len());
        // An odd stride alternates between two servers.
        let stride = (self.len() / count).max(1);
        let stride = stride - usize::from(stride.is_multiple_of(2));
        self.sessions
            .iter()
            .step_by(stride)
            .take(count)
            .cloned()
            .collect()
    }

    /// The number of acknowledged clicks.
    pub fn acknowledged(&self) -> u64 {
        self.sessions.iter().map(|one| one.acknowledged.get()).sum()
    }

    /// The sum of the acknowledged clicks.
    pub fn acknowledged_sum(&self) -> i64 {
        self.sessions.iter().map(|one| one.acknowledged_sum()).sum()
    }

    /// Fails with the reason if a session has ended.
    pub fn check(&self) -> anyhow::Result<()> {
        match self.sessions.iter().find_map(|session| session.ended()) {
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
            traffic.push(Traffic {
                usage,
                frames: (self.frames() - frames) as f64,
                clicks,
                effects: clicks * self.len() as f64,
            });
            settle(&self.sessions).await?;
        }
        Ok(traffic)
    }

    fn frames(&self) -> u64 {
        self.sessions.iter().map(|one| one.frames.get()).sum()
    }
}
