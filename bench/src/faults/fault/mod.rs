//! The faults: what happens, for how long, and when it is over.

mod acts;

use super::promise::sockets_stay;
use super::run::Trial;
use crate::cluster::Store;
use acts::{Fate, Target};
use clap::ValueEnum;
use edge::testing::Proxy;
use rand::rngs::StdRng;
use std::time::Duration;

/// Something that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Fault {
    /// An instance is killed (SIGKILL), and started once it has disappeared.
    InstanceKilled,
    /// An instance stands still (SIGSTOP).
    InstancePaused,
    /// All connections to an instance are closed.
    SocketsCut,
    /// The only Redis is killed and started again.
    RedisKilled,
    /// All of Redis stands still.
    RedisPaused,
    /// The node that holds the world is killed; its replica takes over.
    PrimaryKilled,
    /// The node that holds the world stands still until another has taken over.
    PrimaryPaused,
    /// Any other node is killed.
    NodeKilled,
    /// An instance is killed, and with it the node that holds the world.
    BothKilled,
    /// All connections to Redis are closed by it.
    ConnectionsDropped,
    /// The slot that holds the world moves to another node.
    SlotMoved,
    /// Connections between instances and Redis are closed and refused.
    LinkCut,
    /// Nothing passes between instances and Redis, and nothing is closed.
    LinkFrozen,
    /// All answers of Redis come late, and little passes at a time.
    LinkSlow,
    /// Redis does what it is asked, and its answers are lost.
    AnswersLost,
}

use Fault::*;

/// What can happen where other nodes take over; the first needs slots.
const REPLACED: [Fault; 10] = [
    SlotMoved,
    InstanceKilled,
    BothKilled,
    InstancePaused,
    SocketsCut,
    RedisPaused,
    PrimaryKilled,
    PrimaryPaused,
    NodeKilled,
    ConnectionsDropped,
];

impl Fault {
    /// What can happen to this Redis and its instances.
    pub fn of(store: &Store) -> &'static [Self] {
        match store {
            Store::Single(_) | Store::Replicated(_) => &[
                InstanceKilled,
                BothKilled,
                InstancePaused,
                SocketsCut,
                RedisKilled,
                RedisPaused,
                LinkCut,
                LinkFrozen,
                LinkSlow,
                AnswersLost,
            ],
            Store::Sentinels(_) => &REPLACED[1..],
            Store::Cluster(_) => &REPLACED,
        }
    }

    /// Its name in the table.
    pub fn name(self) -> &'static str {
        match self {
            InstanceKilled => "instance killed",
            InstancePaused => "instance paused",
            SocketsCut => "connections to an instance cut",
            RedisKilled => "Redis killed",
            RedisPaused => "Redis paused",
            PrimaryKilled => "primary killed",
            PrimaryPaused => "primary paused until replaced",
            NodeKilled => "another node killed",
            BothKilled => "instance and primary killed",
            ConnectionsDropped => "Redis drops its connections",
            SlotMoved => "the world's slot moves",
            LinkCut => "link to Redis cut",
            LinkFrozen => "link to Redis frozen",
            LinkSlow => "link to Redis slow",
            AnswersLost => "answers of Redis lost",
        }
    }

    /// How many processes die of it.
    pub fn kills(self) -> u32 {
        match self {
            InstanceKilled | RedisKilled | PrimaryKilled | NodeKilled => 1,
            BothKilled => 2,
            _ => 0,
        }
    }

    /// Lets it happen, and waits until it is over and everything works again; how long that took.
    ///
    /// What heals by itself takes from its begin, everything else from its end.
    pub async fn happen(self, trial: &mut Trial<'_>, rng: &mut StdRng) -> anyhow::Result<Duration> {
        let closed = trial.load.closed();
        let recovered = match self {
            InstanceKilled => return acts::kill_instance(trial, rng).await,
            BothKilled => return acts::kill_both(trial, rng).await,
            InstancePaused => return acts::pause_instance(trial, rng).await,
            SocketsCut => return acts::cut_sockets(trial, rng).await,
            RedisKilled => acts::kill_redis(trial, rng).await?,
            RedisPaused => acts::pause_redis(trial, rng).await?,
            PrimaryKilled => acts::replace(trial, Target::Primary, Fate::Killed).await?,
            PrimaryPaused => acts::replace(trial, Target::Primary, Fate::Paused).await?,
            NodeKilled => acts::replace(trial, Target::another(rng), Fate::Killed).await?,
            ConnectionsDropped => acts::drop_connections(trial).await?,
            SlotMoved => acts::move_slot(trial, rng).await?,
            LinkCut => acts::cut_link(trial, rng, Proxy::cut).await?,
            LinkFrozen => acts::cut_link(trial, rng, Proxy::freeze).await?,
            AnswersLost => acts::cut_link(trial, rng, Proxy::drop_replies).await?,
            LinkSlow => acts::slow_link(trial, rng).await?,
        };
        let closed = trial.load.closed() - closed;
        trial.shared.report(sockets_stay(closed));
        Ok(recovered)
    }
}
