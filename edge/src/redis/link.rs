//! The handle through which everything calls Redis.

use super::subscriptions::{News, Subscriptions};
use crate::metrics::Metrics;
use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, ErrorKind, FromRedisValue, RedisError, ScriptInvocation,
    ServerErrorKind,
};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};

/// How long a call on a connection for what is large may take: a megabyte over half a megabit a second, and some more.
/// That nothing comes at all is noticed long before, on the common one.
const BULK_TIMEOUT: Duration = Duration::from_secs(30);

/// What the mirror hears from the link.
#[derive(Debug)]
pub(crate) enum Signal {
    /// A fresh connection has subscribed: take a snapshot, then apply what follows.
    Up,
    /// One event, as it was published.
    Event(Vec<u8>),
}

/// Why a call to Redis brought no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// There is no connection now.
    #[error("Redis is out of reach")]
    Away,
    /// The call was sent but no answer came in time: it may have taken effect.
    #[error("Redis did not answer in time")]
    Timeout,
    /// Redis answered with an error, or the connection broke.
    #[error("Redis: {0}")]
    Redis(#[from] RedisError),
}

impl LinkError {
    /// Whether it says something of what was asked alone: any other call may go well.
    pub(crate) fn is_of_the_call(&self) -> bool {
        let Self::Redis(error) = self else {
            return false;
        };
        match error.kind() {
            ErrorKind::UnexpectedReturnType | ErrorKind::Server(ServerErrorKind::ResponseError) => {
                true
            }
            _ => error.code() == Some("WRONGTYPE"),
        }
    }

    /// Whether Redis runs but does not know this instance (any more).
    pub(crate) fn is_unregistered(&self) -> bool {
        matches!(self, Self::Redis(error) if error.code() == Some("UNREGISTERED"))
    }
}

/// Redis holds what this version cannot have written.
pub(crate) fn unreadable(what: &'static str) -> LinkError {
    let kind = ErrorKind::UnexpectedReturnType;
    LinkError::Redis((kind, "cannot be read", what.to_owned()).into())
}

/// A connection that is up.
#[derive(Clone)]
pub(super) struct Live {
    pub(super) connection: MultiplexedConnection,
    /// Makes other connections to the same Redis.
    pub(super) client: Client,
    pub(super) generation: u64,
}

/// What the handles and the task share.
pub(super) struct Shared {
    pub(super) live: watch::Sender<Option<Live>>,
    /// The newest broken connection's generation; the task renews the connection when it is the current one.
    pub(super) broken: AtomicU64,
    pub(super) wake: Notify,
    pub(super) timeout: Duration,
    /// What is followed beside the world.
    pub(super) subscriptions: Subscriptions,
    /// When Redis was last heard of.
    heard: Mutex<Instant>,
    pub(super) metrics: Metrics,
}

/// The handle through which everything calls Redis. A cheap clone.
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
            metrics,
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Runs a script; it is loaded where Redis does not know it yet.
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

    /// Follows a channel, until [`unfollow`](Self::unfollow): it has news as soon as it is subscribed to, then
    /// with every message and after every reconnect. One follower a channel.
    pub(crate) fn follow(&self, channel: &str, news: &News) {
        self.shared.subscriptions.follow(channel, news);
    }

    /// Follows a channel no longer.
    pub(crate) fn unfollow(&self, channel: &str) {
        self.shared.subscriptions.unfollow(channel);
    }

    /// How long ago Redis was last heard of, in milliseconds; 0 while it is in reach.
    pub(crate) fn age_ms(&self) -> u64 {
        if self.is_up() {
            return 0;
        }
        // At least one: 0 says that all is well.
        u64::try_from(self.silence().as_millis())
            .unwrap_or(u64::MAX)
            .max(1)
    }

    /// Opens a connection for what is large: on the common one, all else would wait behind it.
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

    /// How long ago Redis was last heard of.
    fn silence(&self) -> Duration {
        lock(&self.shared.heard).elapsed()
    }

    pub(super) fn mark_heard(&self) {
        *lock(&self.shared.heard) = Instant::now();
    }

    /// Gives up on a connection after an ambiguous failure: its answers and events cannot be trusted.
    pub(super) fn renew(&self, generation: u64) {
        self.shared.broken.fetch_max(generation, Ordering::AcqRel);
        self.shared.wake.notify_one();
    }
}

/// A connection of its own, closed when it is dropped; of no use any more where the common one broke.
pub(crate) struct Bulk {
    connection: MultiplexedConnection,
    /// The common connection, and which one it was when this one was opened.
    common: watch::Receiver<Option<Live>>,
    generation: u64,
}

impl Bulk {
    /// Runs a script; it is loaded where Redis does not know it yet. Whatever fails says nothing of the common
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

    /// Reads strings; nothing for those that are not there.
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

    /// Waits for an answer for as long as it may take and the common connection is the one that it was.
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

/// A poisoned lock guards plain values that are valid at every step: go on with them.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
