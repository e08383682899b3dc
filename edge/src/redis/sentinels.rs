//! Redis that Sentinels watch: the primary they name, and the news that it is another.

use super::locator::ConnectError;
use super::node::Node;
use super::target::SentinelTarget;
use super::tls::is_tls;
use super::{Backoff, LinkError};
use redis::{Client, ConnectionAddr, ConnectionInfo, RedisResult};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_stream::StreamExt;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info};

/// The time limit for the Sentinels to name the primary, one after the other.
const ASK_TIMEOUT: Duration = Duration::from_secs(5);
/// After this long without a message a Sentinel is connected to anew.
const QUIET: Duration = Duration::from_secs(30);
/// The channels on which Sentinels tell that they try to replace a primary, have done so, or have given up ("Sentinel
/// Pub/Sub messages" in the documentation of Redis); redis-rs does not listen to them.
const TRYING: &str = "+try-failover";
const SWITCHED: &str = "+switch-master";
const GIVEN_UP: [&str; 3] = [
    "-failover-abort-no-good-slave",
    "-failover-abort-not-elected",
    "-failover-abort-slave-timeout",
];

/// Finds the primary.
pub(super) struct Sentinels(pub(super) SentinelTarget);

impl Sentinels {
    pub(super) fn are_tls(&self) -> bool {
        self.0.sentinels.iter().any(is_tls)
    }

    /// The primary, as the first Sentinel that answers names it.
    pub(super) async fn primary(&mut self) -> Result<Client, ConnectError> {
        let asking = self.0.client.async_get_client();
        let client = tokio::time::timeout(ASK_TIMEOUT, asking).await;
        Ok(client.map_err(|_| LinkError::Timeout)??)
    }
}

/// Listens to all Sentinels until stopped: any of them may fail.
pub(super) async fn watch_sentinels(
    sentinels: Vec<ConnectionInfo>,
    service: String,
    node: Arc<Node>,
    stop: CancellationToken,
) {
    let mut tasks = JoinSet::new();
    for sentinel in sentinels {
        tasks.spawn(watch_sentinel(sentinel, service.clone(), node.clone()));
    }
    stop.cancelled().await;
    tasks.shutdown().await;
}

/// Listens to one Sentinel, again and again.
async fn watch_sentinel(sentinel: ConnectionInfo, service: String, node: Arc<Node>) {
    let mut backoff = Backoff::new();
    loop {
        match listen(&sentinel, &service, &node).await {
            Ok(()) => backoff.reset(),
            Err(error) => debug!(%error, "Failed to listen to a Sentinel; retrying"),
        }
        tokio::time::sleep(backoff.delay()).await;
    }
}

/// Listens to one Sentinel until it has said nothing for a while: it may be gone without a word.
async fn listen(sentinel: &ConnectionInfo, service: &str, node: &Node) -> Result<(), ConnectError> {
    let client = Client::open(sentinel.clone())?;
    let opening = async {
        let mut listening = client.get_async_pubsub().await?;
        listening.subscribe(&[TRYING, SWITCHED]).await?;
        listening.subscribe(&GIVEN_UP).await?;
        RedisResult::Ok(listening)
    };
    let opened = tokio::time::timeout(ASK_TIMEOUT, opening).await;
    let mut listening = opened.map_err(|_| LinkError::Timeout)??;
    let mut messages = listening.on_message();
    while let Ok(Some(message)) = tokio::time::timeout(QUIET, messages.next()).await {
        let told: String = message.get_payload()?;
        let words: Vec<&str> = told.split(' ').collect();
        match (message.get_channel_name(), words.as_slice()) {
            // The service, and its former and new primary.
            (SWITCHED, [name, _, _, host, port]) if *name == service => {
                node.settle();
                if !leads_to(node, host, port) {
                    info!("Sentinels have made another Redis the primary");
                    node.renew_present();
                }
            }
            (SWITCHED, _) => {}
            (channel, ["master", name, ..]) if *name == service => {
                node.contest(&sentinel.addr().to_string(), channel == TRYING);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether the node's connection leads there already: every Sentinel tells the news.
fn leads_to(node: &Node, host: &str, port: &str) -> bool {
    let Some(live) = node.live() else {
        return false;
    };
    match live.client.get_connection_info().addr() {
        ConnectionAddr::Tcp(at, of)
        | ConnectionAddr::TcpTls {
            host: at, port: of, ..
        } => at == host && of.to_string() == port,
        _ => false,
    }
}
