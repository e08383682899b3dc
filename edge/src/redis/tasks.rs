//! The task that maintains the connections to Redis.

use super::cluster::ClusterTask;
use super::link::Shared;
use super::locator::Locator;
use super::node::Node;
use super::node_task::NodeTask;
use super::sentinels::{Sentinels, watch_sentinels};
use super::subscriptions::Events;
use super::target::{ClusterTarget, SentinelTarget, Target};
use super::topology::Topology;
use super::{ConfigError, Confirm, Embedded, Endpoint, Link, TlsFiles, Writes};
use crate::metrics::Metrics;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

/// Owns the connections. Run it until stopped.
pub(crate) struct LinkTask {
    shared: Arc<Shared>,
    node: Arc<Node>,
    kind: Kind,
}

/// What Redis is.
enum Kind {
    /// One server.
    Single(Locator),
    /// One of several servers.
    Sentinels(Box<SentinelTarget>),
    Cluster(ClusterTarget),
}

impl LinkTask {
    /// Returns a link that is down until the task runs, the task, and the messages of the world's channel. `scratch` is a key,
    /// and channel, that nothing uses.
    pub(crate) fn new(
        (endpoint, tls): (&Endpoint, &TlsFiles),
        (world, scratch): (&str, String),
        (timeout, confirm): (Duration, Confirm),
        metrics: Metrics,
    ) -> Result<(Link, Self, Events), ConfigError> {
        let kind = match endpoint {
            Endpoint::Embedded(folder) => Kind::Single(Locator::Embedded(Embedded::new(folder)?)),
            Endpoint::Url(url) => match Target::parse(url, tls)? {
                Target::Single(info) => Kind::Single(Locator::Fixed(info)),
                Target::Sentinel(target) => Kind::Sentinels(target),
                Target::Cluster(target) => Kind::Cluster(target),
            },
        };
        let node = Arc::new(Node::new(Instant::now()));
        let shared = Shared {
            topology: watch::Sender::new(Arc::new(Topology::single(node.clone()))),
            following: Mutex::default(),
            moved: Notify::new(),
            timeout,
            confirm,
            is_cluster: matches!(kind, Kind::Cluster(_)),
            scratch,
            fails_over: !matches!(kind, Kind::Single(_)),
            writes: Writes::new(),
            metrics,
        };
        let link = Link::new(shared, world);
        let events = link.hear(world);
        let shared = link.shared.clone();
        Ok((link, Self { shared, node, kind }, events))
    }

    pub(crate) async fn run(self, stop: CancellationToken) {
        let Self { shared, node, kind } = self;
        match kind {
            Kind::Single(locator) => {
                let task = NodeTask {
                    shared,
                    node,
                    locator,
                };
                task.run(stop).await;
            }
            Kind::Sentinels(target) => {
                let (sentinels, service) = (target.sentinels.clone(), target.service.clone());
                let watching = watch_sentinels(sentinels, service, node.clone(), stop.clone());
                let task = NodeTask {
                    shared,
                    node,
                    locator: Locator::Sentinels(Box::new(Sentinels(*target))),
                };
                tokio::join!(watching, task.run(stop));
            }
            Kind::Cluster(target) => ClusterTask::new(shared, target).run(stop).await,
        }
    }
}
