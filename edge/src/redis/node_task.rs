//! The task that keeps the connections to one node.

use super::advice::Complaints;
use super::inspection::inspect;
use super::link::Shared;
use super::locator::{ConnectError, Locator};
use super::node::{LiveConnection, Node, Waiting};
use super::run;
use super::{ConfirmWhen, LinkError, RedisConcern};
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Role};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::time::{MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// After a connection that lasted this long, delays start over; after a shorter one they keep growing.
const STABLE: Duration = Duration::from_secs(1);
/// The time between two looks at a node: whether it has replicas, and still sends what is published.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Connections for calls that wait for a replica. A call holds its one up for as long as a replica takes, a millisecond or
/// less, so that this many carry thousands of calls a second.
const WAITING: usize = 8;

/// Keeps the connections to one node. Run it until stopped.
pub(super) struct NodeTask {
    pub(super) shared: Arc<Shared>,
    pub(super) node: Arc<Node>,
    pub(super) locator: Locator,
}

/// The connections to a node.
pub(super) struct Connections {
    live: LiveConnection,
    /// For subscriptions alone: their confirmations, which may come unasked, would be taken for the answers of calls.
    pub(super) listening: MultiplexedConnection,
    pub(super) subscribed: HashSet<Arc<str>>,
}

impl NodeTask {
    pub(super) async fn run(mut self, stop: CancellationToken) {
        let mut complaints = Complaints::default();
        let mut generation = 0;
        while !stop.is_cancelled() {
            generation += 1;
            let Some(outcome) = stop.run_until_cancelled(self.connect(generation)).await else {
                break;
            };
            let pause = match outcome {
                Ok(connections) => {
                    info!("Connected to Redis");
                    complaints.succeeded();
                    let since = Instant::now();
                    self.keep(connections, &stop).await;
                    if !stop.is_cancelled() {
                        warn!("Lost the connection to Redis; retrying");
                    }
                    complaints.lost(since.elapsed() > STABLE)
                }
                Err(error) => {
                    let concern = self.locator.concern(&error);
                    let pause = complaints.failed(&error, concern.as_ref());
                    self.node.set_concerns(concern.into_iter().collect());
                    pause
                }
            };
            // In a cluster, another node may have taken over.
            self.shared.moved.notify_one();
            let _pause = stop.run_until_cancelled(tokio::time::sleep(pause)).await;
        }
        self.node.set_live(None);
        if let Locator::Embedded(embedded) = self.locator {
            embedded.stop().await;
        }
    }

    /// Connects and subscribes.
    async fn connect(&mut self, generation: u64) -> Result<Connections, ConnectError> {
        let client = self.locator.locate().await?;
        let mut connection = self.open(&client, Some(generation)).await?;
        self.inspect(&mut connection).await?;
        let waiting = match self.must_wait(&client, &mut connection).await? {
            true => self.open_waiting(&client).await?,
            false => Waiting::default(),
        };
        let listening = self.open(&client, Some(generation)).await?;
        let channels = self.node.subscriptions.take_all();
        let mut connections = Connections {
            live: LiveConnection {
                connection,
                waiting,
                client: Arc::new(client),
                generation,
            },
            listening,
            subscribed: channels.iter().cloned().collect(),
        };
        self.send_channels(&mut connections.listening, "SSUBSCRIBE", &channels)
            .await?;
        self.node.mark_heard();
        Ok(connections)
    }

    /// Looks for what is wrong with the node, and says so.
    async fn inspect(&self, connection: &mut MultiplexedConnection) -> Result<(), ConnectError> {
        let shared = &self.shared;
        let mut concerns = inspect(connection, &shared.scratch, shared.timeout).await?;
        concerns.retain(|concern| !shared.is_cluster || *concern != RedisConcern::IsClusterNode);
        if let Some(concern) = concerns.iter().find(|concern| concern.prevents_all()) {
            return Err(ConnectError::Concern(concern.clone()));
        }
        for concern in &concerns {
            warn!("{concern}");
        }
        self.node.set_concerns(concerns);
        Ok(())
    }

    /// Opens a connection, which notices its own end if it is one of this generation's.
    async fn open(
        &self,
        client: &Client,
        generation: Option<u64>,
    ) -> Result<MultiplexedConnection, LinkError> {
        let timeout = self.shared.timeout;
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(timeout))
            // Callers have their own time-outs; this one only ends abandoned calls.
            .set_response_timeout(Some(timeout * 2));
        let config = match generation {
            Some(generation) => config.set_push_sender(self.push_sender(generation)),
            None => config,
        };
        let connecting = client.get_multiplexed_async_connection_with_config(&config);
        let connection = tokio::time::timeout(timeout * 2, connecting).await;
        Ok(connection.map_err(|_| LinkError::Timeout)??)
    }

    /// Opens the connections for calls that wait for a replica.
    async fn open_waiting(&self, client: &Client) -> Result<Waiting, LinkError> {
        let mut connections = Vec::with_capacity(WAITING);
        for _ in 0..WAITING {
            connections.push(self.open(client, None).await?);
        }
        Ok(Waiting::new(connections))
    }

    /// Whether calls have to wait for a replica.
    async fn must_wait(
        &self,
        client: &Client,
        connection: &mut MultiplexedConnection,
    ) -> Result<bool, LinkError> {
        let has_replicas = self.has_replicas(connection).await?;
        let address = client.get_connection_info().addr().to_string();
        Ok(match self.shared.confirm.when {
            ConfirmWhen::Never => false,
            ConfirmWhen::Replicated => self.node.must_wait(address, has_replicas),
            ConfirmWhen::Always => true,
        })
    }

    /// Whether replicas follow the node at present.
    async fn has_replicas(
        &self,
        connection: &mut MultiplexedConnection,
    ) -> Result<bool, LinkError> {
        let command = redis::cmd("ROLE");
        let asked = tokio::time::timeout(self.shared.timeout, command.query_async(connection));
        match asked.await.map_err(|_| LinkError::Timeout)? {
            Ok(Role::Primary { replicas, .. }) => Ok(!replicas.is_empty()),
            // Another has taken its place.
            Ok(_) if self.shared.fails_over => Err(LinkError::Away),
            Ok(_) => Ok(false),
            // It may be forbidden.
            Err(error) if error.code() == Some("NOPERM") => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Offers the connection to callers, tells followers, and updates subscriptions until it breaks.
    async fn keep(&self, mut connections: Connections, stop: &CancellationToken) {
        let generation = connections.live.generation;
        self.node.set_unconfirmed(None);
        self.node.set_live(Some(connections.live.clone()));
        for channel in &connections.subscribed {
            self.node.subscriptions.begin(channel);
        }
        let mut looks = interval_at(tokio::time::Instant::now() + LOOK_EVERY, LOOK_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let work = async {
                tokio::select! {
                    () = self.node.subscriptions.changed() => self.adjust(&mut connections).await,
                    () = self.node.doubted.notified() => self.look(&mut connections).await,
                    _ = looks.tick() => self.look(&mut connections).await,
                }
            };
            let worked = tokio::select! {
                () = stop.cancelled() => break,
                () = self.node.broken(generation) => break,
                worked = work => worked,
            };
            // It is unclear what is subscribed to: reconnect.
            if let Err(error) = worked {
                warn!(%error, "Failed to keep the connection to Redis");
                break;
            }
        }
        self.node.set_live(None);
    }

    /// Looks whether calls have to wait for replicas, and whether the node still answers where it sends what is published.
    async fn look(&self, connections: &mut Connections) -> Result<(), LinkError> {
        let Connections {
            live, listening, ..
        } = connections;
        let must_wait = self.must_wait(&live.client, &mut live.connection).await?;
        if must_wait == live.waiting.is_empty() {
            live.waiting = match must_wait {
                true => self.open_waiting(&live.client).await?,
                false => Waiting::default(),
            };
            self.node.set_live(Some(live.clone()));
        }
        if let Some(key) = self.node.unconfirmed() {
            let is_confirmed = match live.waiting.next() {
                Some(mut waiting) => run::wait(&key, &mut waiting, self.shared.confirm).await,
                None => Ok(()),
            };
            // Anything else shows with the next call.
            if !matches!(is_confirmed, Err(LinkError::Unconfirmed)) {
                self.node.set_unconfirmed(None);
            }
        }
        // Not PING, which Redis refuses while its disk fails.
        let mut echo = redis::cmd("ECHO");
        let echoing = echo.arg("").query_async::<()>(listening);
        tokio::time::timeout(self.shared.timeout, echoing)
            .await
            .map_err(|_| LinkError::Timeout)??;
        Ok(())
    }
}
