//! The task that keeps the one connection to Redis up.

use super::endpoint::connection_info;
use super::link::Live;
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

/// Events that may wait for the mirror; a mirror further behind than this takes a snapshot instead.
const EVENTS_WAITING_MAX: usize = 4096;
/// Channels that one command subscribes to: they hold up Redis for less than a millisecond.
const CHANNELS_MAX: usize = 500;

/// A connection that lasted this long was worth making; after a shorter one the delays go on growing.
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
                    info!("Redis is in reach");
                    let since = Instant::now();
                    self.keep(live, &stop).await;
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
    async fn connect(&mut self, generation: u64) -> Result<Live, ConnectError> {
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
        let mut channels = self.link.shared.subscriptions.take_all();
        self.subscribed = channels.iter().cloned().collect();
        channels.push(self.world.clone());
        self.subscribe(&mut connection, &channels).await?;
        self.link.mark_heard();
        Ok(Live {
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

    /// Subscribes to what is followed since the last time, and gives up what is not.
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
        // Those that were given up and followed again in the meantime have a follower who knows nothing yet.
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
                        // Overflow: the mirror sees the gap in the revisions and repairs it.
                        link.shared.metrics.events_dropped.inc();
                    }
                }
                PushKind::Disconnection => link.renew(generation),
                _ => {}
            }
            Ok(())
        }
    }

    /// Offers the connection to callers, tells the followers, keeps the subscriptions, and waits until it breaks.
    async fn keep(&mut self, live: Live, stop: &CancellationToken) {
        let Live {
            mut connection,
            generation,
            ..
        } = live.clone();
        let shared = self.link.shared.clone();
        shared.live.send_replace(Some(live));
        // The mirror drains its channel for as long as it lives; it only ends with the engine.
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
                    // Which channels are subscribed to is open then: only a fresh connection makes it clear.
                    if let Some(Err(error)) = stop.run_until_cancelled(self.adjust(&mut connection)).await {
                        warn!(%error, "Redis did not take a subscription");
                        break;
                    }
                }
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

/// The channel and payload of a pushed message.
fn message(data: Vec<Value>) -> Option<(Vec<u8>, Vec<u8>)> {
    match <[Value; 2]>::try_from(data) {
        Ok([Value::BulkString(channel), Value::BulkString(payload)]) => Some((channel, payload)),
        _ => None,
    }
}
