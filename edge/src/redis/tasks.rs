//! The task that maintains the connection to Redis.

use super::endpoint::connection_info;
use super::link::LiveConnection;
use super::{Backoff, ConfigError, Embedded, Endpoint, Link, LinkError, Signal};
use crate::metrics::Metrics;
use redis::aio::{MultiplexedConnection, SendError};
use redis::{AsyncConnectionConfig, Client, PushInfo, PushKind, RedisError, Value};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// The most events that wait for the mirror; if it falls further behind, it reads a snapshot instead.
const EVENTS_WAITING_MAX: usize = 4096;
/// The most channels per subscribe command: this many block Redis for less than a millisecond.
const CHANNELS_MAX: usize = 500;

/// After a connection that lasted this long, delays start over; after a shorter one they keep growing.
const STABLE: Duration = Duration::from_secs(1);

/// Owns the connection. Run it until stopped.
pub(crate) struct LinkTask {
    link: Link,
    endpoint: Endpoint,
    embedded: Option<Embedded>,
    /// The channel of the world's events.
    world: Arc<str>,
    signals: mpsc::Sender<Signal>,
    /// The other channels that this connection is subscribed to.
    subscribed: HashSet<Arc<str>>,
}

impl LinkTask {
    /// Returns a link that is down until the task runs, the task, and the mirror's signals.
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
        let link = Link::new(timeout, metrics);
        let (signals, heard) = mpsc::channel(EVENTS_WAITING_MAX);
        Ok((
            link.clone(),
            Self {
                link,
                endpoint,
                embedded,
                world: channel.into(),
                signals,
                subscribed: HashSet::new(),
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
                Ok(live) => {
                    info!("Connected to Redis");
                    let since = Instant::now();
                    self.keep(live, &stop).await;
                    if !stop.is_cancelled() {
                        warn!("Lost the connection to Redis; retrying");
                    }
                    if since.elapsed() > STABLE {
                        backoff.reset();
                    }
                }
                Err(error) => warn!(%error, "Failed to connect to Redis; retrying"),
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
    async fn connect(&mut self, generation: u64) -> Result<LiveConnection, ConnectError> {
        let url = match (&mut self.embedded, &self.endpoint) {
            (Some(embedded), _) => embedded.ensure().await?,
            (None, Endpoint::Url(url)) => url.clone(),
            (None, Endpoint::Embedded(folder)) => folder.display().to_string(),
        };
        let timeout = self.link.shared.timeout;
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(timeout))
            // Callers have their own time-outs; this one only ends abandoned calls.
            .set_response_timeout(Some(timeout * 2))
            .set_push_sender(self.push_sender(generation));
        let client = Client::open(connection_info(&url)?)?;
        let mut connection = tokio::time::timeout(
            timeout * 2,
            client.get_multiplexed_async_connection_with_config(&config),
        )
        .await
        .map_err(|_| LinkError::Timeout)??;
        let mut channels = self.link.shared.subscriptions.take_all();
        self.subscribed = channels.iter().cloned().collect();
        channels.push(self.world.clone());
        self.subscribe(&mut connection, &channels).await?;
        self.link.mark_heard();
        Ok(LiveConnection {
            connection,
            client,
            generation,
        })
    }

    async fn subscribe(
        &self,
        connection: &mut MultiplexedConnection,
        channels: &[Arc<str>],
    ) -> Result<(), LinkError> {
        for some in channels.chunks(CHANNELS_MAX) {
            let some: Vec<&str> = some.iter().map(AsRef::as_ref).collect();
            tokio::time::timeout(self.link.shared.timeout, connection.subscribe(some))
                .await
                .map_err(|_| LinkError::Timeout)??;
        }
        Ok(())
    }

    /// Subscribes to newly followed channels, and unsubscribes from unfollowed ones.
    async fn adjust(&mut self, connection: &mut MultiplexedConnection) -> Result<(), LinkError> {
        let changes = self.link.shared.subscriptions.take_changes();
        let mut fresh = changes.followed.clone();
        fresh.retain(|channel| self.subscribed.insert(channel.clone()));
        self.subscribe(connection, &fresh).await?;
        let mut old = changes.given_up;
        old.retain(|channel| self.subscribed.remove(channel));
        for some in old.chunks(CHANNELS_MAX) {
            let some: Vec<&str> = some.iter().map(AsRef::as_ref).collect();
            tokio::time::timeout(self.link.shared.timeout, connection.unsubscribe(some))
                .await
                .map_err(|_| LinkError::Timeout)??;
        }
        // A channel that was unfollowed and followed again meanwhile has a new follower.
        for channel in &changes.followed {
            self.link.shared.subscriptions.hear(channel);
        }
        Ok(())
    }

    fn push_sender(
        &self,
        generation: u64,
    ) -> impl Fn(PushInfo) -> Result<(), SendError> + Send + Sync + 'static {
        let signals = self.signals.clone();
        let (link, world) = (self.link.clone(), self.world.clone());
        move |push| {
            match push.kind {
                PushKind::Message => {
                    link.mark_heard();
                    let Some((channel, payload)) = message(push.data) else {
                        return Ok(());
                    };
                    if channel != world.as_bytes() {
                        let channel = String::from_utf8_lossy(&channel);
                        link.shared.subscriptions.hear(&channel);
                    } else if signals.try_send(Signal::Event(payload)).is_err() {
                        // Overflow: the mirror notices the gap in the revisions and repairs it.
                        link.shared.metrics.events_dropped.inc();
                    }
                }
                PushKind::Disconnection => link.renew(generation),
                _ => {}
            }
            Ok(())
        }
    }

    /// Offers the connection to callers, tells followers, and updates subscriptions until it breaks.
    async fn keep(&mut self, live: LiveConnection, stop: &CancellationToken) {
        let LiveConnection {
            mut connection,
            generation,
            ..
        } = live.clone();
        let shared = self.link.shared.clone();
        shared.live.send_replace(Some(live));
        // The mirror drains its channel until the engine stops.
        let _told = stop
            .run_until_cancelled(self.signals.send(Signal::Up))
            .await;
        for channel in &self.subscribed {
            shared.subscriptions.hear(channel);
        }
        while shared.broken.load(Ordering::Acquire) < generation {
            tokio::select! {
                () = stop.cancelled() => break,
                () = shared.wake.notified() => {}
                () = shared.subscriptions.changed() => {
                    // After a failure it is unclear what is subscribed to: reconnect.
                    if let Some(Err(error)) = stop.run_until_cancelled(self.adjust(&mut connection)).await {
                        warn!(%error, "Failed to update subscriptions");
                        break;
                    }
                }
            }
        }
        shared.live.send_replace(None);
    }
}

/// Why connecting failed.
#[derive(Debug, thiserror::Error)]
enum ConnectError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error("Redis: {0}")]
    Redis(#[from] RedisError),
    #[error("failed to start this machine's own Redis: {0}")]
    Embedded(#[from] std::io::Error),
}

/// The channel and payload of a pushed message.
fn message(data: Vec<Value>) -> Option<(Vec<u8>, Vec<u8>)> {
    match <[Value; 2]>::try_from(data) {
        Ok([Value::BulkString(channel), Value::BulkString(payload)]) => Some((channel, payload)),
        _ => None,
    }
}
