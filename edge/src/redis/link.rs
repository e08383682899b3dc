//! The handle to Redis.

use super::node::{LiveConnection, Node};
use super::script::{Call, slot};
use super::subscriptions::{Listener, News};
use super::topology::Topology;
use super::{Confirm, ConfirmWhen, LinkError, RedisConcern, Writes, unreadable};
use crate::metrics::Metrics;
use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Cmd, FromRedisValue, Pipeline, RedisError, Role, Value, from_redis_value,
};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};

/// The time-out of a bulk call: a megabyte at half a megabit per second, and some more. A dead connection is noticed much
/// earlier, on the common one.
const BULK_TIMEOUT: Duration = Duration::from_secs(30);
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
    home: u16,
}

impl Link {
    /// A link that is down until its task runs.
    pub(super) fn new(shared: Shared, home: &str) -> Self {
        Self {
            shared: Arc::new(shared),
            home: slot(home),
        }
    }

    /// The same link, for who depends on the node of this key.
    pub(crate) fn of(&self, key: &str) -> Self {
        Self {
            shared: self.shared.clone(),
            home: slot(key),
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

    async fn call_node<T: FromRedisValue>(&self, call: &Call<'_>) -> Result<T, LinkError> {
        let node = self.node(call.slot());
        let live = node.live().ok_or(LinkError::Away)?;
        if call.is_confirmed && node.is_contested() {
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

    fn node(&self, slot: u16) -> Arc<Node> {
        self.shared.topology.borrow().node(slot).clone()
    }

    /// Whether there is a connection.
    pub(crate) fn is_up(&self) -> bool {
        self.node(self.home).live().is_some()
    }

    /// Waits until there is a connection.
    pub(crate) async fn up(&self) {
        let mut topology = self.shared.topology.subscribe();
        loop {
            let node = topology.borrow_and_update().node(self.home).clone();
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

    pub(super) fn listen(&self, channel: &str, listener: Listener) {
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
        let node = self.node(self.home);
        let silent = node.live().is_none().then(|| node.heard().elapsed());
        let age = silent.max(self.shared.writes.failing_for());
        // At least 1, as 0 means that all is well.
        age.map_or(0, |age| as_ms(age).max(1))
    }

    /// Opens a separate connection for large transfers, which would delay all else on the common one.
    ///
    /// # Errors
    /// [`LinkError`].
    pub(crate) async fn bulk(&self) -> Result<Bulk, LinkError> {
        let node = self.node(self.home);
        let live = node.live().ok_or(LinkError::Away)?;
        let timeout = self.shared.timeout;
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(timeout))
            .set_response_timeout(Some(BULK_TIMEOUT));
        let connecting = live
            .client
            .get_multiplexed_async_connection_with_config(&config);
        let connection = tokio::time::timeout(timeout * 2, connecting)
            .await
            .map_err(|_| LinkError::Timeout)??;
        Ok(Bulk {
            connection,
            common: node.watch(),
            generation: live.generation,
            shared: self.shared.clone(),
        })
    }
}

/// Whether a node has refused a call, because it does not have, or not yet or no longer all of, the slot.
fn is_elsewhere(error: &RedisError) -> bool {
    matches!(
        error.code(),
        Some("MOVED" | "ASK" | "TRYAGAIN" | "CLUSTERDOWN")
    )
}

/// Runs a script on a node. If its answer waits for replicas, it has another connection than calls that do not wait.
async fn run<T: FromRedisValue>(
    call: &Call<'_>,
    node: &Node,
    live: &LiveConnection,
    shared: &Shared,
) -> Result<T, LinkError> {
    let Confirm {
        when,
        replicas,
        within,
    } = shared.confirm;
    // A call that is repeated may have nothing to write, and Valkey then waits for nothing.
    let mut mark = redis::cmd("SET");
    mark.arg(call.mark_key()).arg("").arg("PX").arg(1_000);
    let mut wait = redis::cmd("WAIT");
    wait.arg(replicas).arg(as_ms(within));
    let waiting = call.is_confirmed.then(|| live.waiting.next()).flatten();
    if let Some(mut connection) = waiting {
        let [answer, marked, confirmed] =
            run_with(call, [mark, wait], &mut connection, shared).await?;
        marked.extract_error()?;
        return confirm(answer, confirmed, replicas);
    }
    let mut connection = live.connection.clone();
    if !(call.is_confirmed && shared.fails_over && when == ConfirmWhen::Replicated) {
        return Ok(invoke(call, &mut connection, shared.is_cluster).await?);
    }
    // The node had no replicas when its task last looked. If it has one now, that one may be promoted in a moment.
    let [answer, role] = run_with(call, [redis::cmd("ROLE")], &mut connection, shared).await?;
    let has_replicas = matches!(
        from_redis_value(role),
        Ok(Role::Primary { replicas, .. }) if !replicas.is_empty()
    );
    if !has_replicas {
        return Ok(from_redis_value(answer).map_err(RedisError::from)?);
    }
    node.look();
    let mut pipeline = Pipeline::with_capacity(2);
    pipeline.add_command(mark).ignore().add_command(wait);
    let (confirmed,) = pipeline.query_async(&mut connection).await?;
    confirm(answer, confirmed, replicas)
}

/// Runs a script and then other commands, in one round trip. The answers to all.
async fn run_with<const MORE: usize, const ALL: usize>(
    call: &Call<'_>,
    then: [Cmd; MORE],
    connection: &mut MultiplexedConnection,
    shared: &Shared,
) -> Result<[Value; ALL], LinkError> {
    let mut by_hash = true;
    loop {
        let mut pipeline = Pipeline::with_capacity(ALL);
        pipeline.add_command(call.command(by_hash, shared.is_cluster));
        for command in &then {
            pipeline.add_command(command.clone());
        }
        let answers = connection.send_packed_commands(&pipeline, 0, ALL).await?;
        let mut answers = <[Value; ALL]>::try_from(answers)
            .map_err(|_| unreadable("the answers to several commands"))?;
        match std::mem::take(&mut answers[0]).extract_error() {
            Err(error) if by_hash && error.code() == Some("NOSCRIPT") => by_hash = false,
            Err(error) => return Err(error.into()),
            Ok(answer) => {
                answers[0] = answer;
                return Ok(answers);
            }
        }
    }
}

/// The answer, if enough replicas have what was written.
fn confirm<T: FromRedisValue>(
    answer: Value,
    confirmed: Value,
    replicas: u32,
) -> Result<T, LinkError> {
    // An error if waiting is forbidden, or the node is no longer the primary.
    let confirmed: u32 = from_redis_value(confirmed.extract_error()?).map_err(RedisError::from)?;
    match confirmed >= replicas {
        true => Ok(from_redis_value(answer).map_err(RedisError::from)?),
        false => Err(LinkError::Unconfirmed),
    }
}

/// Runs a script on this connection.
async fn invoke<T: FromRedisValue>(
    call: &Call<'_>,
    connection: &mut MultiplexedConnection,
    in_cluster: bool,
) -> Result<T, RedisError> {
    match call.command(true, in_cluster).query_async(connection).await {
        Err(error) if error.code() == Some("NOSCRIPT") => {
            call.command(false, in_cluster)
                .query_async(connection)
                .await
        }
        outcome => outcome,
    }
}

/// A connection for large transfers, closed when dropped. Its calls fail once the common one has broken.
pub(crate) struct Bulk {
    connection: MultiplexedConnection,
    /// The common connection, and which one it was when this one was opened.
    common: watch::Receiver<Option<LiveConnection>>,
    generation: u64,
    shared: Arc<Shared>,
}

impl Bulk {
    /// Runs a script, and loads it first if Redis does not know it. Whatever fails says nothing of the common
    /// connection.
    ///
    /// # Errors
    /// [`LinkError`]; after [`LinkError::Timeout`] the script may or may not have run.
    pub(crate) async fn call<T: FromRedisValue>(
        &mut self,
        call: &Call<'_>,
    ) -> Result<T, LinkError> {
        let mut connection = self.connection.clone();
        let in_cluster = self.shared.is_cluster;
        self.answer(invoke(call, &mut connection, in_cluster)).await
    }

    /// Reads strings of one slot; `None` for missing ones.
    ///
    /// # Errors
    /// [`LinkError`].
    pub(crate) async fn read(
        &mut self,
        keys: &[String],
    ) -> Result<Vec<Option<Vec<u8>>>, LinkError> {
        let mut connection = self.connection.clone();
        let mut command = redis::cmd("MGET");
        self.answer(command.arg(keys).query_async(&mut connection))
            .await
    }

    /// Waits for an answer until the time-out, or until the common connection is replaced.
    async fn answer<T>(
        &mut self,
        call: impl Future<Output = redis::RedisResult<T>>,
    ) -> Result<T, LinkError> {
        let generation = self.generation;
        let broken = self.common.wait_for(|live| {
            let now = live.as_ref().map(|live| live.generation);
            now != Some(generation)
        });
        tokio::select! {
            answer = tokio::time::timeout(BULK_TIMEOUT, call) => {
                let answer = answer.map_err(|_| LinkError::Timeout)?;
                if answer.as_ref().is_err_and(is_elsewhere) {
                    self.shared.moved.notify_one();
                }
                Ok(answer?)
            }
            _ = broken => Err(LinkError::Away),
        }
    }
}
