//! The load: people who click, meet, talk and write, and what they were told.

use super::clicker::Clicker;
use super::keys::Keys;
use super::ledger::Ledger;
use super::letters::Writer;
use super::party::Group;
use super::promise::Violation;
use crate::http::{Answer, Client};
use anyhow::{Context, bail};
use hyper::Method;
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;
use tokio::sync::{RwLock, RwLockWriteGuard};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

/// Sessions that click.
const CLICKERS: usize = 9;
/// Programs that click over REST, with keys.
const KEYS: usize = 3;
/// Groups of people who meet in parties.
const GROUPS: usize = 4;
/// People who write letters.
pub const WRITERS: usize = 4;
/// How long one try may take.
const TRY: Duration = Duration::from_secs(4);
/// The pause before the next try.
const PAUSE: Duration = Duration::from_millis(50);
/// How long anything is tried, and how long all may take to come to rest.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What all of the load shares.
#[derive(Debug)]
pub struct Shared {
    /// Where each instance is reached.
    pub doors: Vec<SocketAddr>,
    /// Held for reading while something is not yet answered; whoever holds it for writing has the load at rest.
    pub rest: RwLock<()>,
    pub ledger: RefCell<Ledger>,
    /// What was found since the last look.
    pub violations: RefCell<Vec<Violation>>,
    /// What was acknowledged of everything else.
    pub done: Done,
}

/// How much was acknowledged.
#[derive(Debug, Default)]
pub struct Done {
    pub party_changes: Cell<u64>,
    pub chat_messages: Cell<u64>,
    pub letters: Cell<u64>,
}

/// What is asked of a server.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: Method,
    pub path: String,
    pub body: Option<Value>,
    pub headers: Vec<(&'static str, String)>,
}

/// An answer that was not a server's error, and the instances that may have done what was asked.
#[derive(Debug)]
pub struct Told {
    pub status: u16,
    pub body: Value,
    pub tried: BTreeSet<usize>,
    /// Whether it was asked more than once, so that an earlier try may have done it.
    pub is_retried: bool,
}

impl Shared {
    /// What nobody has done yet.
    pub fn new(doors: Vec<SocketAddr>) -> Rc<Self> {
        Rc::new(Self {
            doors,
            rest: RwLock::default(),
            ledger: RefCell::default(),
            violations: RefCell::default(),
            done: Done::default(),
        })
    }

    /// Something was found.
    pub fn report(&self, violations: impl IntoIterator<Item = Violation>) {
        self.violations.borrow_mut().extend(violations);
    }

    /// Asks one instance after the other, the given one first, until one answers.
    pub async fn ask(&self, first: usize, request: &Request) -> anyhow::Result<Told> {
        let begun = Instant::now();
        let mut tried = BTreeSet::new();
        for number in 0.. {
            let instance = (first + number) % self.doors.len();
            tried.insert(instance);
            match request.send(self.doors[instance], TRY).await {
                Ok(answer) if !answer.status().is_server_error() => {
                    return Ok(Told {
                        status: answer.status().as_u16(),
                        body: serde_json::from_slice(answer.body()).unwrap_or_default(),
                        tried,
                        is_retried: number > 0,
                    });
                }
                _ if begun.elapsed() > PATIENCE => bail!("nobody answers {request:?}"),
                _ => sleep(PAUSE).await,
            }
        }
        bail!("no instance to ask")
    }

    /// Waits until everything is answered, and keeps it so for as long as the guard lives.
    pub async fn come_to_rest(&self) -> anyhow::Result<RwLockWriteGuard<'_, ()>> {
        timeout(PATIENCE, self.rest.write())
            .await
            .context("something was never answered")
    }
}

impl Request {
    /// A request without a body.
    pub fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            body: None,
            headers: Vec::new(),
        }
    }

    /// A request with a JSON body.
    pub fn post(path: impl Into<String>, body: Value) -> Self {
        Self {
            method: Method::POST,
            body: Some(body),
            ..Self::get(path)
        }
    }

    /// The same with another header.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Sends it once, over a connection of its own, and waits for so long.
    pub async fn send(&self, address: SocketAddr, patience: Duration) -> anyhow::Result<Answer> {
        let trying = async {
            let mut client = Client::connect_with(address, &self.headers).await?;
            let body = self.body.as_ref();
            let content = body.map(|body| ("application/json", body.to_string()));
            client.send(self.method.clone(), &self.path, content).await
        };
        timeout(patience, trying).await.context("no answer")?
    }
}

/// All who make the load; they stop when it is dropped.
#[derive(Debug)]
pub struct Load {
    pub clickers: Vec<Rc<Clicker>>,
    pub groups: Vec<Rc<RefCell<Group>>>,
    pub writers: Vec<Rc<Writer>>,
    tasks: JoinSet<anyhow::Result<()>>,
}

impl Load {
    /// Lets everybody begin.
    pub async fn start(shared: &Rc<Shared>) -> anyhow::Result<Self> {
        let writers = Writer::all(shared).await?;
        let mut load = Self {
            clickers: Vec::new(),
            groups: Vec::new(),
            writers,
            tasks: JoinSet::new(),
        };
        for number in 0..CLICKERS {
            let clicker = Clicker::new(shared, number % shared.doors.len())?;
            load.tasks.spawn_local(Rc::clone(&clicker).run());
            load.clickers.push(clicker);
        }
        for number in 0..KEYS {
            let keys = Keys::new(shared, number % shared.doors.len());
            load.tasks.spawn_local(keys.run());
        }
        for number in 0..GROUPS {
            let group = Rc::new(RefCell::new(Group::new(number)));
            let meeting = super::party::meet(Rc::clone(shared), Rc::clone(&group), number);
            load.tasks.spawn_local(meeting);
            load.groups.push(group);
        }
        for writer in &load.writers {
            let writing = Rc::clone(writer).run(Rc::clone(shared));
            load.tasks.spawn_local(writing);
        }
        Ok(load)
    }

    /// Fails if anybody had to give up.
    pub fn check(&mut self) -> anyhow::Result<()> {
        match self.tasks.try_join_next() {
            Some(ended) => ended?.context("the load gave up"),
            None => Ok(()),
        }
    }

    /// How many sockets are open.
    pub fn open(&self) -> usize {
        self.clickers.iter().filter(|one| one.is_open.get()).count()
    }

    /// How many sockets servers have closed so far.
    pub fn closed(&self) -> u64 {
        self.clickers.iter().map(|one| one.closed.get()).sum()
    }

    /// Whether every session has had an acknowledgement for a click that it first sent after that moment.
    pub fn is_acknowledged_since(&self, since: Instant) -> bool {
        let mut clickers = self.clickers.iter();
        clickers.all(|one| one.acknowledged.get().is_some_and(|sent| sent > since))
    }
}
