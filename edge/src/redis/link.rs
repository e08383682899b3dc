//! The handle to Redis.

use super::subscriptions::{News, Subscriptions};
use super::{LinkError, Writes};
use crate::metrics::Metrics;
use crate::sync::lock;
use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, ErrorKind, FromRedisValue, ScriptInvocation, ServerErrorKind,
};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};

/// The time-out of a bulk call: a megabyte at half a megabit per second, and some more. A dead connection is noticed much
/// earlier, on the common one.
const BULK_TIMEOUT: Duration = Duration::from_secs(30);

/// What the link sends to the mirror.
#[derive(Debug)]
pub(crate) enum Signal {
    /// A new connection has subscribed: read a snapshot, then apply the events that follow.
    Up,
    /// One event, as it was published.
    Event(Vec<u8>),
}

/// A duration in whole milliseconds, as scripts take it.
pub(crate) fn as_ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// A connection that is up.
#[derive(Clone)]
pub(super) struct LiveConnection {
    pub(super) connection: MultiplexedConnection,
    /// Opens other connections to the same Redis.
    pub(super) client: Client,
    pub(super) generation: u64,
}

/// What handles and the task share.
pub(super) struct Shared {
    pub(super) live: watch::Sender<Option<LiveConnection>>,
    /// The generation of the newest broken connection; the task replaces the connection if it is the current one.
    pub(super) broken: AtomicU64,
    pub(super) wake: Notify,
    pub(super) timeout: Duration,
    /// The channels followed besides the world's.
    pub(super) subscriptions: Subscriptions,
    /// The time of the last contact with Redis.
    heard: Mutex<Instant>,
    /// Whether Redis takes writes.
    writes: Writes,
    pub(super) metrics: Metrics,
}

/// The handle to Redis. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Link {
    pub(super) shared: Arc<Shared>,
}

impl Link {
    /// A link that is down until its task runs.
    pub(super) fn new(timeout: Duration, metrics: Metrics) -> Self {
        let shared = Shared {
            live: watch::Sender::new(None),
            broken: AtomicU64::new(0),
            wake: Notify::new(),
            timeout,
            subscriptions: Subscriptions::default(),
            heard: Mutex::new(Instant::now()),
            writes: Writes::new(),
            metrics,
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Runs a script, and loads it first if Redis does not know it.
    ///
    /// # Errors
    /// [`LinkError`]; after [`LinkError::Timeout`] the script may or may not have run.
    pub(crate) async fn call<T: FromRedisValue>(
        &self,
        script: &ScriptInvocation<'_>,
    ) -> Result<T, LinkError> {
        let live = self.shared.live.borrow().clone().ok_or(LinkError::Away)?;
        let mut connection = live.connection;
        let started = Instant::now();
        let outcome =
            tokio::time::timeout(self.shared.timeout, script.invoke_async(&mut connection)).await;
        self.shared.metrics.round_trip(started.elapsed());
        match outcome {
            Ok(Ok(answer)) => {
                self.mark_heard();
                Ok(answer)
            }
            Ok(Err(error)) => {
                let demoted = error.kind() == ErrorKind::Server(ServerErrorKind::ReadOnly);
                let broken = error.is_unrecoverable_error() || error.is_io_error();
                if broken || demoted || error.is_timeout() {
                    self.renew(live.generation);
                }
                Err(error.into())
            }
            Err(_) => {
                self.renew(live.generation);
                Err(LinkError::Timeout)
            }
        }
    }

    /// Whether there is a connection.
    pub(crate) fn is_up(&self) -> bool {
        self.shared.live.borrow().is_some()
    }

    /// Waits until there is a connection.
    pub(crate) async fn up(&self) {
        let mut live = self.shared.live.subscribe();
        // The sender lives as long as this handle: the wait cannot fail.
        let _live = live.wait_for(Option::is_some).await;
    }

    /// Follows a channel until [`unfollow`](Self::unfollow): it has news once it is subscribed to, with every message, and
    /// after every reconnect. One follower per channel.
    pub(crate) fn follow(&self, channel: &str, news: &News) {
        self.shared.subscriptions.follow(channel, news);
    }

    /// Stops following a channel.
    pub(crate) fn unfollow(&self, channel: &str) {
        self.shared.subscriptions.unfollow(channel);
    }

    /// Makes all followed channels have news, after Redis has lost data.
    pub(crate) fn hint_all(&self) {
        self.shared.subscriptions.hear_all();
    }

    /// Whether Redis takes writes.
    pub(crate) fn writes(&self) -> &Writes {
        &self.shared.writes
    }

    /// Milliseconds since Redis was last in reach and took writes; 0 while it is and does.
    ///
    /// What nobody can change is as old as the last write.
    pub(crate) fn age_ms(&self) -> u64 {
        let silent = (!self.is_up()).then(|| lock(&self.shared.heard).elapsed());
        let age = silent.max(self.shared.writes.failing_for());
        // At least 1, as 0 means that all is well.
        age.map_or(0, |age| as_ms(age).max(1))
    }

    /// Opens a separate connection for large transfers, which would delay all else on the common one.
    ///
    /// # Errors
    /// [`LinkError`].
    pub(crate) async fn bulk(&self) -> Result<Bulk, LinkError> {
        let live = self.shared.live.borrow().clone().ok_or(LinkError::Away)?;
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
            common: self.shared.live.subscribe(),
            generation: live.generation,
        })
    }

    pub(super) fn mark_heard(&self) {
        *lock(&self.shared.heard) = Instant::now();
    }

    /// Abandons a connection after an ambiguous failure: its answers and events cannot be trusted.
    pub(super) fn renew(&self, generation: u64) {
        self.shared.broken.fetch_max(generation, Ordering::AcqRel);
        self.shared.wake.notify_one();
    }
}

/// A connection for large transfers, closed when dropped. Its calls fail once the common one has broken.
pub(crate) struct Bulk {
    connection: MultiplexedConnection,
    /// The common connection, and which one it was when this one was opened.
    common: watch::Receiver<Option<LiveConnection>>,
    generation: u64,
}

impl Bulk {
    /// Runs a script, and loads it first if Redis does not know it. Whatever fails says nothing of the common
    /// connection.
    ///
    /// # Errors
    /// [`LinkError`]; after [`LinkError::Timeout`] the script may or may not have run.
    pub(crate) async fn call<T: FromRedisValue>(
        &mut self,
        script: &ScriptInvocation<'_>,
    ) -> Result<T, LinkError> {
        let mut connection = self.connection.clone();
        self.answer(script.invoke_async(&mut connection)).await
    }

    /// Reads strings; `None` for missing ones.
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
            answer = tokio::time::timeout(BULK_TIMEOUT, call) => Ok(answer.map_err(|_| LinkError::Timeout)??),
            _ = broken => Err(LinkError::Away),
        }
    }
}
