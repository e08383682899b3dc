//! The one connection to Redis and the task that keeps it up.

use super::endpoint::connection_info;
use super::{Backoff, ConfigError, Embedded, Endpoint};
use crate::metrics::Metrics;
use redis::aio::{MultiplexedConnection, SendError};
use redis::{
    AsyncConnectionConfig, Client, ErrorKind, FromRedisValue, PushInfo, PushKind, RedisError,
    ScriptInvocation, ServerErrorKind, Value,
};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, mpsc, watch};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// Events that may wait for the mirror; a mirror further behind than this takes a snapshot instead.
const EVENTS_WAITING_MAX: usize = 4096;

/// A connection that lasted this long was worth making; after a shorter one the delays go on growing.
const STABLE: Duration = Duration::from_secs(1);

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
    /// Whether Redis runs but does not know this instance (any more).
    pub(crate) fn is_unregistered(&self) -> bool {
        matches!(self, Self::Redis(error) if error.code() == Some("UNREGISTERED"))
    }
}

#[derive(Clone)]
struct Live {
    connection: MultiplexedConnection,
    generation: u64,
}

struct Shared {
    live: watch::Sender<Option<Live>>,
    /// The newest broken connection's generation; the task renews the connection when it is the current one.
    broken: AtomicU64,
    wake: Notify,
    timeout: Duration,
    /// When Redis was last heard of.
    heard: Mutex<Instant>,
    metrics: Metrics,
}

/// The handle through which everything calls Redis. A cheap clone.
#[derive(Clone)]
pub(crate) struct Link {
    shared: Arc<Shared>,
}

impl Link {
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

    /// How long ago Redis was last heard of.
    pub(crate) fn silence(&self) -> Duration {
        lock(&self.shared.heard).elapsed()
    }

    fn mark_heard(&self) {
        *lock(&self.shared.heard) = Instant::now();
    }

    /// Gives up on a connection after an ambiguous failure: its answers and events cannot be trusted.
    fn renew(&self, generation: u64) {
        self.shared.broken.fetch_max(generation, Ordering::AcqRel);
        self.shared.wake.notify_one();
    }
}

/// Owns the connection. Run it until stopped.
pub(crate) struct LinkTask {
    link: Link,
    endpoint: Endpoint,
    embedded: Option<Embedded>,
    channel: String,
    signals: mpsc::Sender<Signal>,
}

impl LinkTask {
    /// A link that is down until the task runs, the task, and what the mirror hears.
    pub(crate) fn new(
        endpoint: Endpoint,
        channel: String,
        timeout: Duration,
        metrics: Metrics,
    ) -> Result<(Link, Self, mpsc::Receiver<Signal>), ConfigError> {
        let embedded = match &endpoint {
            Endpoint::Url(url) => connection_info(url).map(|_| None)?,
            Endpoint::Embedded(folder) => Some(Embedded::new(folder)?),
        };
        let shared = Shared {
            live: watch::Sender::new(None),
            broken: AtomicU64::new(0),
            wake: Notify::new(),
            timeout,
            heard: Mutex::new(Instant::now()),
            metrics,
        };
        let link = Link {
            shared: Arc::new(shared),
        };
        let (signals, heard) = mpsc::channel(EVENTS_WAITING_MAX);
        Ok((
            link.clone(),
            Self {
                link,
                endpoint,
                embedded,
                channel,
                signals,
            },
            heard,
        ))
    }

    pub(crate) async fn run(mut self, stop: CancellationToken) {
        let mut backoff = Backoff::new();
        let mut generation = 0;
        while !stop.is_cancelled() {
            generation += 1;
            let Some(outcome) = stop.run_until_cancelled(self.connect(generation)).await else {
                break;
            };
            match outcome {
                Ok(connection) => {
                    info!("Redis is in reach");
                    let since = Instant::now();
                    self.keep(
                        Live {
                            connection,
                            generation,
                        },
                        &stop,
                    )
                    .await;
                    if !stop.is_cancelled() {
                        warn!("Redis is out of reach; trying again");
                    }
                    if since.elapsed() > STABLE {
                        backoff.reset();
                    }
                }
                Err(error) => warn!(%error, "Redis cannot be reached; trying again"),
            }
            let _pause = stop
                .run_until_cancelled(tokio::time::sleep(backoff.delay()))
                .await;
        }
        self.link.shared.live.send_replace(None);
        if let Some(embedded) = self.embedded.take() {
            embedded.stop().await;
        }
    }

    /// Connects and subscribes.
    async fn connect(&mut self, generation: u64) -> Result<MultiplexedConnection, ConnectError> {
        let url = match (&mut self.embedded, &self.endpoint) {
            (Some(embedded), _) => embedded.ensure().await?,
            (None, Endpoint::Url(url)) => url.clone(),
            (None, Endpoint::Embedded(folder)) => folder.display().to_string(),
        };
        let timeout = self.link.shared.timeout;
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(timeout))
            // Time-outs are the callers' own: this one only ends what nobody waits for any more.
            .set_response_timeout(Some(timeout * 2))
            .set_push_sender(self.push_sender(generation));
        let client = Client::open(connection_info(&url)?)?;
        let mut connection = tokio::time::timeout(
            timeout * 2,
            client.get_multiplexed_async_connection_with_config(&config),
        )
        .await
        .map_err(|_| LinkError::Timeout)??;
        tokio::time::timeout(timeout, connection.subscribe(&self.channel))
            .await
            .map_err(|_| LinkError::Timeout)??;
        self.link.mark_heard();
        Ok(connection)
    }

    fn push_sender(
        &self,
        generation: u64,
    ) -> impl Fn(PushInfo) -> Result<(), SendError> + Send + Sync + 'static {
        let signals = self.signals.clone();
        let link = self.link.clone();
        move |push| {
            match push.kind {
                PushKind::Message => {
                    link.mark_heard();
                    if let Some(payload) = message(push.data) {
                        // Overflow: the mirror sees the gap in the revisions and repairs it.
                        if signals.try_send(Signal::Event(payload)).is_err() {
                            link.shared.metrics.events_dropped.inc();
                        }
                    }
                }
                PushKind::Disconnection => link.renew(generation),
                _ => {}
            }
            Ok(())
        }
    }

    /// Offers the connection to callers, tells the mirror, and waits until it breaks.
    async fn keep(&self, live: Live, stop: &CancellationToken) {
        let generation = live.generation;
        let shared = &self.link.shared;
        shared.live.send_replace(Some(live));
        // The mirror drains its channel for as long as it lives; it only ends with the engine.
        let _told = stop
            .run_until_cancelled(self.signals.send(Signal::Up))
            .await;
        while shared.broken.load(Ordering::Acquire) < generation {
            if stop
                .run_until_cancelled(shared.wake.notified())
                .await
                .is_none()
            {
                break;
            }
        }
        shared.live.send_replace(None);
    }
}

/// Why a connection did not come up.
#[derive(Debug, thiserror::Error)]
enum ConnectError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error("the Redis of this machine does not start: {0}")]
    Embedded(#[from] std::io::Error),
}

impl From<RedisError> for ConnectError {
    fn from(error: RedisError) -> Self {
        Self::Link(error.into())
    }
}

/// The payload of a pushed message: `[channel, payload]`.
fn message(data: Vec<Value>) -> Option<Vec<u8>> {
    match data.into_iter().nth(1) {
        Some(Value::BulkString(payload)) => Some(payload),
        _ => None,
    }
}

/// A poisoned lock guards plain values that are valid at every step: go on with them.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
