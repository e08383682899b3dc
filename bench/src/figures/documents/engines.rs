//! Tallies as documents: engines of two regions, and sessions of theirs.

use super::load::{Crowd, Sender};
use super::stage::Lane;
use super::tally::{Add, Tally};
use anyhow::{Context, bail};
use edge::{Config, Endpoint, Engine, Metrics, Outgoing, PersonId, Session, Sources};
use protocol::live::{RawJson, ServerFrame};
use protocol::{Document, Poll, SessionId};
use std::collections::{HashMap, VecDeque};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::Instant;

/// The regions of the engines.
const REGIONS: [&str; 2] = ["ord", "fra"];
/// The keys of tallies: see `edge::document`.
pub(super) const PATTERN: &str = "bench:{document:tally:*}:1:value";

/// An engine with a thread of its own.
pub(super) struct Instance {
    pub(super) engine: Engine,
    pub(super) metrics: Metrics,
    pub(super) handle: Handle,
    _lane: Lane,
}

impl Instance {
    /// Starts one in each region, and waits until they reach Redis.
    pub(super) async fn start_all(redis: &str) -> anyhow::Result<Vec<Self>> {
        let instances = REGIONS.map(|region| Self::start(region, redis));
        let instances = instances.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
        for instance in &instances {
            crate::wait::until(Duration::from_millis(10), async || {
                let is_ready = instance.engine.takes_writes();
                Ok(is_ready.then_some(()).ok_or("no Redis".to_owned()))
            })
            .await?;
        }
        Ok(instances)
    }

    fn start(region: &str, redis: &str) -> anyhow::Result<Self> {
        let (lane, handle) = Lane::start()?;
        let config = Config {
            prefix: "bench:".into(),
            ..Config::new(region, Endpoint::Url(redis.to_owned()))?
        };
        let metrics = Metrics::default();
        let sources = Sources::default();
        let sources = sources.with_document::<Tally>().with_document::<Poll>();
        let _context = handle.enter();
        let engine = Engine::start_with(config, metrics.clone(), sources)?;
        Ok(Self {
            engine,
            metrics,
            handle,
            _lane: lane,
        })
    }

    /// Opens a session of the person of that number.
    pub(super) fn session(&self, number: usize) -> anyhow::Result<Session> {
        let id = SessionId::parse(&format!("{:032x}", rand::random::<u128>()))?;
        Ok(self.engine.session(&id, person(number)))
    }
}

/// The person of that number.
pub(super) fn person(number: usize) -> PersonId {
    PersonId((number as u128 + 1).to_be_bytes())
}

/// Opens that many sessions, of as many persons, in turns at the instances.
pub(super) fn crowd(instances: &[Instance], count: usize) -> anyhow::Result<Crowd<Person>> {
    let mut crowd: Vec<_> = instances
        .iter()
        .map(|instance| (instance.handle.clone(), Vec::new()))
        .collect();
    for number in 0..count {
        let at = number % instances.len();
        crowd[at]
            .1
            .push(Person::new(instances[at].session(number)?));
    }
    Ok(Crowd(crowd))
}

/// Somebody with a session.
pub(super) struct Person {
    session: Session,
    /// The number of their newest change, of whichever document.
    newest: u64,
    /// When each change was sent that is not answered, by document.
    waiting: HashMap<String, VecDeque<(u64, Instant)>>,
    count: usize,
}

impl Person {
    pub(super) fn new(session: Session) -> Self {
        Self {
            session,
            newest: 0,
            waiting: HashMap::new(),
            count: 0,
        }
    }
}

impl Sender for Person {
    fn send(&mut self, document: usize) -> anyhow::Result<()> {
        let (key, change) = (document.to_string(), RawJson::of(&Add(1)));
        let change = change.context("a change that is no JSON")?;
        self.newest += 1;
        let (sent, seq) = (Instant::now(), self.newest);
        self.session.change(Tally::NAME, &key, seq, &change)?;
        self.waiting.entry(key).or_default().push_back((seq, sent));
        self.count += 1;
        Ok(())
    }

    async fn hear(&mut self, took: &mut Vec<Duration>) -> anyhow::Result<()> {
        match frame(&mut self.session).await? {
            ServerFrame::Own { key, seq, .. } => {
                let Some(waiting) = self.waiting.get_mut(&key) else {
                    return Ok(());
                };
                while let Some((_, sent)) = waiting.pop_front_if(|(number, _)| *number <= seq) {
                    took.push(sent.elapsed());
                    self.count -= 1;
                }
                if waiting.is_empty() {
                    self.waiting.remove(&key);
                }
                Ok(())
            }
            ServerFrame::RefusedChange { problem, .. } => bail!("refused: {problem:?}"),
            _ => Ok(()),
        }
    }

    fn waiting(&self) -> usize {
        self.count
    }
}

/// The next frame of a session. Safe to cancel.
pub(super) async fn frame(session: &mut Session) -> anyhow::Result<ServerFrame> {
    loop {
        if let Outgoing::Frame(json) = session.next().await {
            let frame = ServerFrame::decode(std::str::from_utf8(&json)?);
            return frame.context("not a frame");
        }
    }
}
