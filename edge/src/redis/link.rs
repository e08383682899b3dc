//! The handle to Redis.

use super::node::Node;
use super::run::run;
use super::script::{Call, slot};
use super::subscriptions::{Events, Listener, News};
use super::topology::Topology;
use super::{Confirm, LinkError, RedisConcern, Writes};
use crate::metrics::Metrics;
use redis::{FromRedisValue, RedisError};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};

/// How long a call waits for its slot, which moves or has lost its node, before it looks again.
const SLOT_PAUSE: Duration = Duration::from_millis(25);

/// A duration in whole milliseconds, as scripts take it.
pub(crate) fn as_ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// What handles and the task share.
pub(super) struct Shared {
    /// Which node has which slot.
    pub(super) topology: watch::Sender<Arc<Topology>>,
    /// Held by whoever changes the topology or what is followed.
    pub(super) following: Mutex<()>,
    /// Asks for a look at the topology.
    pub(super) moved: Notify,
    pub(super) timeout: Duration,
    pub(super) confirm: Confirm,
    /// Whether this is a Redis Cluster.
    pub(super) is_cluster: bool,
    /// Whether other nodes take the place of those that fail.
    pub(super) fails_over: bool,
    /// Whether Redis takes writes.
    pub(super) writes: Writes,
    /// A key, and channel, that nothing uses.
    pub(super) scratch: String,
    pub(super) metrics: Metrics,
}

/// The handle to Redis. Cheap to clone.
///
/// In a Redis Cluster each key has its node. A handle that is not told [of](Self::of) another key takes the world's node
/// for the one whose presence counts.
#[derive(Clone)]
pub(crate) struct Link {
    pub(super) shared: Arc<Shared>,
    pub(super) home: Arc<str>,
}

impl Link {
    /// A link that is down until its task runs.
    pub(super) fn new(shared: Shared, home: &str) -> Self {
        Self {
            shared: Arc::new(shared),
            home: home.into(),
        }
    }

    /// The same link, for who depends on the node of this key.
    pub(crate) fn of(&self, key: &str) -> Self {
        Self {
            shared: self.shared.clone(),
            home: key.into(),
        }
    }

    /// Runs a script, and loads it first if Redis does not know it.
    ///
    /// # Errors
    /// [`LinkError`]; after [`LinkError::Timeout`] and [`LinkError::Unconfirmed`] the script may or may not have run.
    pub(crate) async fn call<T: FromRedisValue>(&self, call: &Call<'_>) -> Result<T, LinkError> {
        let until = Instant::now() + self.shared.timeout;
        loop {
            let error = match self.call_node(call).await {
                Err(LinkError::Redis(error)) if is_elsewhere(&error) => error,
                Err(LinkError::Away) if self.is_opening(call) => {
                    let link = self.of(call.first_key());
                    let opened = tokio::time::timeout_at(until.into(), link.up()).await;
                    opened.map_err(|_| LinkError::Away)?;
                    continue;
                }
                outcome => return outcome,
            };
            // Refused before it ran: another node has the slot, or will have it in a moment.
            self.shared.moved.notify_one();
            if Instant::now() + SLOT_PAUSE > until {
                return Err(error.into());
            }
            let mut topology = self.shared.topology.subscribe();
            let _moved = tokio::time::timeout(SLOT_PAUSE, topology.changed()).await;
        }
    }

    /// Whether the first connection to a call's node is only being opened: a cluster's nodes come one by one.
    fn is_opening(&self, call: &Call<'_>) -> bool {
        self.shared.is_cluster && !self.node(slot(call.first_key())).was_up()
    }

    async fn call_node<T: FromRedisValue>(&self, call: &Call<'_>) -> Result<T, LinkError> {
        let node = self.node(slot(call.first_key()));
        let live = node.live().ok_or(LinkError::Away)?;
        // Calls that wait in vain would hold up others.
        if call.is_confirmed && (node.is_contested() || node.unconfirmed().is_some()) {
            return Err(LinkError::Unconfirmed);
        }
        let started = Instant::now();
        let running = run(call, &node, &live, &self.shared);
        let outcome = tokio::time::timeout(self.shared.timeout, running).await;
        self.shared.metrics.round_trip(started.elapsed());
        match outcome {
            Ok(Ok(_)) if call.is_confirmed && node.is_contested() => Err(LinkError::Unconfirmed),
            Ok(Ok(value)) => {
                node.mark_heard();
                Ok(value)
            }
            Ok(Err(error)) => {
                if matches!(error, LinkError::Unconfirmed) {
                    self.shared.metrics.redis_unconfirmed.inc();
                    node.set_unconfirmed(Some(call.first_key().to_owned()));
                    node.look();
                }
                if error.breaks_the_connection() {
                    node.renew(live.generation);
                }
                Err(error)
            }
            Err(_) => {
                node.renew(live.generation);
                Err(LinkError::Timeout)
            }
        }
    }

    /// Whether replicas fail to confirm what is stored.
    pub(crate) fn is_unconfirmed(&self) -> bool {
        let node = self.node(slot(&self.home));
        node.is_contested() || node.unconfirmed().is_some()
    }

    pub(super) fn node(&self, slot: u16) -> Arc<Node> {
        self.shared.topology.borrow().node(slot).clone()
    }

    /// Whether there is a connection.
    pub(crate) fn is_up(&self) -> bool {
        self.node(slot(&self.home)).live().is_some()
    }

    /// Waits until there is a connection.
    pub(crate) async fn up(&self) {
        let mut topology = self.shared.topology.subscribe();
        loop {
            let node = topology.borrow_and_update().node(slot(&self.home)).clone();
            tokio::select! {
                () = node.up() => return,
                // The sender lives as long as this handle.
                _moved = topology.changed() => {}
            }
        }
    }

    /// Follows a channel until [`unfollow`](Self::unfollow): it has news once it is subscribed to, with every message, and
    /// after every reconnect. One follower per channel.
    pub(crate) fn follow(&self, channel: &str, news: &News) {
        self.listen(channel, Listener::News(news.clone()));
    }

    /// Hears all that a channel says.
    pub(crate) fn hear(&self, channel: &str) -> Events {
        let (sender, events) = Events::channel(self.shared.metrics.clone());
        self.listen(channel, Listener::Events(sender));
        events
    }

    fn listen(&self, channel: &str, listener: Listener) {
        let _following = crate::sync::lock(&self.shared.following);
        let node = self.node(slot(channel));
        node.subscriptions.follow(channel.into(), listener);
    }

    /// Stops following a channel.
    pub(crate) fn unfollow(&self, channel: &str) {
        let _following = crate::sync::lock(&self.shared.following);
        self.node(slot(channel)).subscriptions.unfollow(channel);
    }

    /// Makes all followed channels have news, after Redis has lost data.
    pub(crate) fn hint_all(&self) {
        for node in &self.shared.topology.borrow().nodes {
            node.subscriptions.hear_all();
        }
    }

    /// What is the matter with Redis, on any of its nodes.
    pub(crate) fn concerns(&self) -> Vec<RedisConcern> {
        let mut concerns = Vec::new();
        for node in &self.shared.topology.borrow().nodes {
            for concern in node.concerns() {
                if !concerns.contains(&concern) {
                    concerns.push(concern);
                }
            }
        }
        concerns
    }

    /// Whether Redis takes writes.
    pub(crate) fn writes(&self) -> &Writes {
        &self.shared.writes
    }

    /// Milliseconds since Redis was last in reach and took writes; 0 while it is and does.
    ///
    /// What nobody can change is as old as the last write.
    pub(crate) fn age_ms(&self) -> u64 {
        let node = self.node(slot(&self.home));
        let silent = node.live().is_none().then(|| node.heard().elapsed());
        let age = silent.max(self.shared.writes.failing_for());
        // At least 1, as 0 means that all is well.
        age.map_or(0, |age| as_ms(age).max(1))
    }
}

/// Whether a node has refused a call, because it does not have, or not yet or no longer all of, the slot.
pub(super) fn is_elsewhere(error: &RedisError) -> bool {
    matches!(
        error.code(),
        Some("MOVED" | "ASK" | "TRYAGAIN" | "CLUSTERDOWN")
    )
}
