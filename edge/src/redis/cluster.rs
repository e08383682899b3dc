//! The task that follows the topology of a Redis Cluster.
//!
//! Calls find their node by the slot of their keys; each primary has a connection and a task of its own. So a node that
//! fails, or stands still, holds up nothing on the others. redis-rs has a connection to a whole cluster, which would not
//! do: it repeats calls whose connection broke, though they may have run; it does not tell which subscriptions were lost;
//! and a confirmation that comes unasked when a slot moves is taken for the answer of a call.

use super::LinkError;
use super::advice::{Complaints, advice};
use super::link::Shared;
use super::locator::{ConnectError, Locator};
use super::node::Node;
use super::node_task::NodeTask;
use super::script::slot;
use super::target::ClusterTarget;
use super::tls::is_tls;
use super::topology::Topology;
use crate::sync::lock;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ConnectionAddr, Pipeline, RedisResult, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::debug;

/// The time between two looks at the topology; a node that refuses a call, or is lost, brings the next one forward.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// The least time between two looks.
const LOOK_PAUSE: Duration = Duration::from_millis(20);
/// How long the nodes have to answer; a new topology is known this long after the slowest of them stopped answering.
const ASK_TIMEOUT: Duration = Duration::from_millis(500);

/// The address of a node.
pub(super) type Address = (String, u16);

/// The slots of each primary, as ranges of the first and the last.
type Slots = BTreeMap<Address, Vec<(u16, u16)>>;

/// Follows the topology, and owns the tasks of the nodes. Run it until stopped.
pub(super) struct ClusterTask {
    shared: Arc<Shared>,
    target: ClusterTarget,
    /// Has the slots that nobody has.
    nowhere: Arc<Node>,
    slots: Slots,
    nodes: HashMap<Address, (Arc<Node>, CancellationToken)>,
    tasks: JoinSet<()>,
    /// All nodes, replicas included: one of them may be all that is left.
    known: BTreeSet<Address>,
}

impl ClusterTask {
    pub(super) fn new(shared: Arc<Shared>, target: ClusterTarget) -> Self {
        let nowhere = shared.topology.borrow().nodes[0].clone();
        Self {
            shared,
            target,
            nowhere,
            slots: Slots::new(),
            nodes: HashMap::new(),
            tasks: JoinSet::new(),
            known: BTreeSet::new(),
        }
    }

    pub(super) async fn run(mut self, stop: CancellationToken) {
        let follow = async {
            let mut complaints = Complaints::default();
            loop {
                let mut pause = LOOK_PAUSE;
                match self.ask().await {
                    Ok(slots) => {
                        complaints.succeeded();
                        self.nowhere.set_concerns(Vec::new());
                        if slots != self.slots {
                            self.apply(slots);
                        }
                    }
                    Err(error) if self.nodes.is_empty() => {
                        let concern = advice(&error, self.target.nodes.iter().any(is_tls));
                        pause = complaints.failed(&error, concern.as_ref());
                        self.nowhere.set_concerns(concern.into_iter().collect());
                    }
                    // The nodes' own tasks complain.
                    Err(_) => {}
                }
                tokio::time::sleep(pause).await;
                let _asked = tokio::time::timeout(LOOK_EVERY, self.shared.moved.notified()).await;
                while self.tasks.try_join_next().is_some() {}
            }
        };
        stop.run_until_cancelled(follow).await;
        for (_, stop) in self.nodes.values() {
            stop.cancel();
        }
        while self.tasks.join_next().await.is_some() {}
    }

    /// Asks all nodes in reach, and believes the one that knows of the most changes.
    async fn ask(&mut self) -> Result<Slots, ConnectError> {
        let mut asking = JoinSet::new();
        for ((host, _), (node, _)) in &self.nodes {
            if let Some(live) = node.live() {
                let host = host.clone();
                asking.spawn(async move { ask(live.connection, host).await });
            }
        }
        if asking.is_empty() {
            let known = self.known.iter();
            let others = known.map(|(host, port)| self.target.node(host, *port));
            for info in self.target.nodes.iter().cloned().chain(others) {
                asking.spawn(async move {
                    let host = host(info.addr());
                    let client = Client::open(info)?;
                    let config = AsyncConnectionConfig::new();
                    let connection = client
                        .get_multiplexed_async_connection_with_config(&config)
                        .await?;
                    ask(connection, host).await
                });
            }
        }
        let until = tokio::time::Instant::now() + ASK_TIMEOUT;
        let mut newest: Option<View> = None;
        let mut failure = ConnectError::Link(LinkError::Timeout);
        while let Ok(Some(answer)) = tokio::time::timeout_at(until, asking.join_next()).await {
            match answer {
                Ok(Ok(view)) if newest.as_ref().is_none_or(|best| view.epoch > best.epoch) => {
                    newest = Some(view);
                }
                Ok(Ok(_)) => {}
                Ok(Err(error)) => {
                    debug!(%error, "A node did not tell the topology");
                    failure = error.into();
                }
                Err(error) => debug!(%error, "A node was not asked for the topology"),
            }
        }
        let view = newest.ok_or(failure)?;
        let primaries = view.slots.keys().cloned();
        self.known = view.replicas.into_iter().chain(primaries).collect();
        Ok(view.slots)
    }

    /// Gives the slots, and the channels in them, to the nodes that have them now.
    fn apply(&mut self, slots: Slots) {
        let old = self.shared.topology.borrow().clone();
        let mut nodes = vec![self.nowhere.clone()];
        for (address, ranges) in &slots {
            let (node, _) = self.nodes.entry(address.clone()).or_insert_with(|| {
                let first = ranges.first().map_or(0, |(first, _)| *first);
                let node = Arc::new(Node::new(old.node(first).heard()));
                let task = NodeTask {
                    shared: self.shared.clone(),
                    node: node.clone(),
                    locator: Locator::Fixed(Box::new(self.target.node(&address.0, address.1))),
                };
                let stop = CancellationToken::new();
                self.tasks.spawn(task.run(stop.clone()));
                (node, stop)
            });
            nodes.push(node.clone());
        }
        let mut topology = Topology::new(nodes);
        for (at, ranges) in slots.values().enumerate() {
            for range in ranges {
                topology.assign(*range, at + 1);
            }
        }
        let following = lock(&self.shared.following);
        for node in &old.nodes {
            node.subscriptions.move_out(|channel| {
                let owner = topology.node(slot(channel));
                (!Arc::ptr_eq(owner, node)).then_some(&owner.subscriptions)
            });
        }
        self.shared.topology.send_replace(Arc::new(topology));
        drop(following);
        self.nodes.retain(|address, (_, stop)| {
            let stays = slots.contains_key(address);
            if !stays {
                stop.cancel();
            }
            stays
        });
        self.slots = slots;
    }
}

/// The topology as one node sees it.
struct View {
    /// The highest epoch that the node knows of: it grows with each failover and each slot that moves.
    epoch: u64,
    slots: Slots,
    replicas: Vec<Address>,
}

/// Asks a node, whose own name, if it does not know it, is `host`.
async fn ask(mut connection: MultiplexedConnection, host: String) -> RedisResult<View> {
    let mut pipeline = Pipeline::with_capacity(2);
    pipeline.cmd("CLUSTER").arg("INFO");
    pipeline.cmd("CLUSTER").arg("SLOTS");
    let (info, ranges): (String, Vec<Vec<Value>>) = pipeline.query_async(&mut connection).await?;
    let epoch = info
        .lines()
        .find_map(|line| line.strip_prefix("cluster_current_epoch:"))
        .and_then(|epoch| epoch.trim().parse().ok())
        .unwrap_or_default();
    let mut view = View {
        epoch,
        slots: Slots::new(),
        replicas: Vec::new(),
    };
    for range in &ranges {
        let [Value::Int(first), Value::Int(last), primary, replicas @ ..] = range.as_slice() else {
            continue;
        };
        let (Ok(first), Ok(last)) = (u16::try_from(*first), u16::try_from(*last)) else {
            continue;
        };
        if let Some(primary) = address(primary, &host) {
            view.slots.entry(primary).or_default().push((first, last));
        }
        let others = replicas.iter().filter_map(|one| address(one, &host));
        view.replicas.extend(others);
    }
    Ok(view)
}

/// Reads an address, whose name is missing if the node does not know it, or is told not to tell.
fn address(value: &Value, asked: &str) -> Option<Address> {
    let Value::Array(fields) = value else {
        return None;
    };
    let [host, Value::Int(port), ..] = fields.as_slice() else {
        return None;
    };
    let host = match host {
        Value::BulkString(host) if !host.is_empty() => String::from_utf8_lossy(host).into_owned(),
        Value::SimpleString(host) if !host.is_empty() => host.clone(),
        _ => asked.to_owned(),
    };
    Some((host, u16::try_from(*port).ok()?))
}

fn host(address: &ConnectionAddr) -> String {
    match address {
        ConnectionAddr::Tcp(host, _) | ConnectionAddr::TcpTls { host, .. } => host.clone(),
        _ => String::new(),
    }
}
