//! One node of Redis: the only one, the primary that Sentinels name, or a primary of a Redis Cluster.

use super::RedisConcern;
use super::subscriptions::Subscriptions;
use crate::sync::lock;
use redis::Client;
use redis::aio::MultiplexedConnection;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};

/// How long a primary may not know that another has taken its place: Sentinels tell it within some ten seconds.
const DEPOSED: Duration = Duration::from_secs(15);

/// A connection that is up.
#[derive(Clone)]
pub(super) struct LiveConnection {
    pub(super) connection: MultiplexedConnection,
    /// The connections for calls that wait for a replica.
    pub(super) waiting: Waiting,
    /// Opens other connections to the same Redis.
    pub(super) client: Arc<Client>,
    pub(super) generation: u64,
}

/// Connections for calls that wait for a replica, used in turn: such a call holds up what follows on its connection. None
/// if calls do not wait.
#[derive(Clone, Default)]
pub(super) struct Waiting {
    connections: Arc<[MultiplexedConnection]>,
    calls: Arc<AtomicUsize>,
}

impl Waiting {
    pub(super) fn new(connections: Vec<MultiplexedConnection>) -> Self {
        Self {
            connections: connections.into(),
            calls: Arc::default(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.connections.is_empty()
    }

    pub(super) fn next(&self) -> Option<MultiplexedConnection> {
        let turn = self.calls.fetch_add(1, Ordering::Relaxed);
        let at = turn.checked_rem(self.connections.len())?;
        self.connections.get(at).cloned()
    }
}

/// A node, as calls and its task see it.
pub(super) struct Node {
    live: watch::Sender<Option<LiveConnection>>,
    was_up: AtomicBool,
    /// The generation of the newest broken connection; the task replaces the connection if it is the current one.
    broken: AtomicU64,
    wake: Notify,
    /// Asks the task to look whether the node has replicas.
    pub(super) doubted: Notify,
    /// The channels followed on this node.
    pub(super) subscriptions: Subscriptions,
    /// The time of the last contact.
    heard: Mutex<Instant>,
    /// What is the matter with it, as far as is known.
    concerns: Mutex<Vec<RedisConcern>>,
    /// Who tries to have another node take this one's place, and until when that may be so.
    contested: Mutex<HashMap<String, Instant>>,
    /// A key beside which replicas did not confirm what was stored; none while they do.
    unconfirmed: Mutex<Option<String>>,
    /// The last address that had replicas, and when it last had.
    replicated: Mutex<Option<(String, Instant)>>,
}

impl Node {
    /// A node without a connection; `heard` is when whoever had its slots before was last in contact.
    pub(super) fn new(heard: Instant) -> Self {
        Self {
            live: watch::Sender::new(None),
            was_up: AtomicBool::new(false),
            broken: AtomicU64::new(0),
            wake: Notify::new(),
            doubted: Notify::new(),
            subscriptions: Subscriptions::default(),
            heard: Mutex::new(heard),
            concerns: Mutex::default(),
            contested: Mutex::default(),
            unconfirmed: Mutex::new(None),
            replicated: Mutex::new(None),
        }
    }

    pub(super) fn live(&self) -> Option<LiveConnection> {
        self.live.borrow().clone()
    }

    /// Whether there ever was a connection.
    pub(super) fn was_up(&self) -> bool {
        self.was_up.load(Ordering::Acquire)
    }

    pub(super) fn set_live(&self, live: Option<LiveConnection>) {
        self.was_up.fetch_or(live.is_some(), Ordering::AcqRel);
        self.live.send_replace(live);
    }

    pub(super) fn watch(&self) -> watch::Receiver<Option<LiveConnection>> {
        self.live.subscribe()
    }

    /// Waits until there is a connection.
    pub(super) async fn up(&self) {
        // The sender lives as long as this node: the wait cannot fail.
        let mut live = self.watch();
        let _live = live.wait_for(Option::is_some).await;
    }

    /// Abandons a connection after an ambiguous failure: its answers and events cannot be trusted.
    pub(super) fn renew(&self, generation: u64) {
        self.broken.fetch_max(generation, Ordering::AcqRel);
        self.wake.notify_one();
    }

    /// Abandons the present connection, if there is one.
    pub(super) fn renew_present(&self) {
        if let Some(live) = self.live() {
            self.renew(live.generation);
        }
    }

    /// Waits until a connection is abandoned.
    pub(super) async fn broken(&self, generation: u64) {
        while self.broken.load(Ordering::Acquire) < generation {
            self.wake.notified().await;
        }
    }

    /// Notes that a Sentinel tries to have another node take this one's place, or has given up. Until it has, replicas
    /// confirm what will be lost: those that are not promoted follow the old primary for a while.
    pub(super) fn contest(&self, sentinel: &str, is_contested: bool) {
        let mut contested = lock(&self.contested);
        match is_contested {
            true => contested.insert(sentinel.to_owned(), Instant::now() + DEPOSED),
            false => contested.remove(sentinel),
        };
    }

    /// Notes that another node has taken this one's place, or none will.
    pub(super) fn settle(&self) {
        lock(&self.contested).clear();
    }

    pub(super) fn is_contested(&self) -> bool {
        let now = Instant::now();
        lock(&self.contested).values().any(|until| now < *until)
    }

    /// Looks soon whether the node has replicas.
    pub(super) fn look(&self) {
        self.doubted.notify_one();
    }

    /// A key beside which replicas did not confirm what was stored; none while they do.
    pub(super) fn unconfirmed(&self) -> Option<String> {
        lock(&self.unconfirmed).clone()
    }

    pub(super) fn set_unconfirmed(&self, key: Option<String>) {
        *lock(&self.unconfirmed) = key;
    }

    pub(super) fn set_concerns(&self, concerns: Vec<RedisConcern>) {
        *lock(&self.concerns) = concerns;
    }

    pub(super) fn concerns(&self) -> Vec<RedisConcern> {
        lock(&self.concerns).clone()
    }

    /// Whether calls have to wait for a replica, given whether there is one now at that address.
    ///
    /// A primary without replicas may just have lost them to another that has taken its place, unknown to it: what is
    /// stored here then is lost. So calls go on waiting for a while.
    pub(super) fn must_wait(&self, address: String, has_replicas: bool) -> bool {
        let mut replicated = lock(&self.replicated);
        if has_replicas {
            *replicated = Some((address, Instant::now()));
            return true;
        }
        replicated
            .as_ref()
            .is_some_and(|(last, at)| *last == address && at.elapsed() < DEPOSED)
    }

    pub(super) fn mark_heard(&self) {
        *lock(&self.heard) = Instant::now();
    }

    pub(super) fn heard(&self) -> Instant {
        *lock(&self.heard)
    }
}
