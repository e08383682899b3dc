//! Many sessions.

use super::ear::{Ear, Scratch, Ticket};
use super::session::Session;
use crate::cluster::Place;
use anyhow::{Context, bail};
use futures::{StreamExt, TryStreamExt, stream};
use protocol::SessionId;
use std::cell::RefCell;
use std::hash::{BuildHasher, RandomState};
use std::net::Ipv4Addr;
use std::rc::Rc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Handshakes at a time: more would only wait in the listener's queue.
const OPENING_MAX: usize = 64;
/// How long one may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Sessions from one source address.
const SOURCE_SESSIONS: usize = 2_000;
/// What one read takes at most, in bytes.
const SCRATCH_BYTES: usize = 64 * 1024;

/// Many sessions, spread evenly over places; they close when it is dropped.
#[derive(Debug)]
pub struct Crowd {
    sessions: Vec<Rc<Session>>,
    _tasks: JoinSet<()>,
}

/// What all sessions have got.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// World frames.
    pub frames: u64,
    /// Acknowledged clicks.
    pub acknowledged: u64,
    /// Their sum.
    pub sum: i64,
    /// Refused clicks.
    pub refused: u64,
}

impl Crowd {
    /// Opens that many sessions; each has heard the world when this returns.
    ///
    /// # Errors
    /// Where one cannot be opened.
    pub async fn gather(places: &[Place], count: usize) -> anyhow::Result<Self> {
        let scratch: Scratch = Rc::new(RefCell::new(vec![0; SCRATCH_BYTES]));
        let seed = RandomState::new();
        let mut tickets = Vec::with_capacity(count);
        for number in 0..count {
            let index = number % places.len();
            let id = SessionId::parse(&format!("{:016x}-{number}", seed.hash_one(number)))?;
            tickets.push(Ticket {
                index,
                place: places[index],
                source: source(number),
                id,
            });
        }
        let opened = stream::iter(tickets).map(|ticket| open(ticket, Rc::clone(&scratch)));
        let mut opened = opened.buffered(OPENING_MAX);
        let (mut sessions, mut tasks) = (Vec::with_capacity(count), JoinSet::new());
        while let Some((ear, session)) = opened.try_next().await? {
            // It listens at once: a server need not keep frames for it while the others come.
            tasks.spawn_local(ear.listen());
            sessions.push(session);
        }
        Ok(Self {
            sessions,
            _tasks: tasks,
        })
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.sessions.len()
    }

    /// All of them, those of each place interleaved.
    pub fn sessions(&self) -> &[Rc<Session>] {
        &self.sessions
    }

    /// That many of them, evenly spread in the order they came, over all places.
    pub fn some(&self, count: usize) -> Vec<Rc<Session>> {
        let count = count.clamp(1, self.len());
        // A stride that is odd meets the places, one or two, in turn.
        let stride = (self.len() / count).max(1);
        let stride = if stride > 1 && stride.is_multiple_of(2) {
            stride - 1
        } else {
            stride
        };
        self.sessions
            .iter()
            .step_by(stride)
            .take(count)
            .cloned()
            .collect()
    }

    /// What all of them have got.
    ///
    /// # Errors
    /// Where the server has closed one.
    pub fn tally(&self) -> anyhow::Result<Tally> {
        let mut tally = Tally::default();
        for session in &self.sessions {
            if let Some(reason) = session.ended() {
                bail!("a session was ended: {reason}");
            }
            let (count, sum) = session.counted();
            tally.frames += session.frames();
            tally.acknowledged += count;
            tally.sum += sum;
            tally.refused += session.refused() as u64;
        }
        Ok(tally)
    }
}

async fn open(ticket: Ticket, scratch: Scratch) -> anyhow::Result<(Ear, Rc<Session>)> {
    timeout(PATIENCE, Ear::open(ticket, scratch))
        .await
        .context("a session did not open in 30 s")?
}

/// One of the loopback addresses from 127.0.0.2 on.
fn source(number: usize) -> Ipv4Addr {
    let last = u8::try_from(2 + number / SOURCE_SESSIONS).unwrap_or(u8::MAX);
    Ipv4Addr::new(127, 0, 0, last)
}
