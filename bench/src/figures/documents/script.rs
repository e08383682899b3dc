//! Tallies by a script that is written by hand: one call for each change, over one connection for each instance.

use super::load::{Crowd, Sender};
use super::stage::Lane;
use anyhow::ensure;
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Script};
use std::sync::LazyLock;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::unconstrained;
use tokio::time::Instant;

static ADD: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("add.lua")));

/// How long a call may take that waits behind thousands of others.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Room for all calls that are outstanding: those that waited for some would overtake each other.
const CALLS_MAX: usize = 1 << 15;
/// The keys of tallies.
pub(super) const PATTERN: &str = "hand:{*}";

/// The key of the tally of that number.
pub(super) fn key(document: usize) -> String {
    format!("hand:{{{document}}}")
}

/// The channel of its changes.
pub(super) fn channel(document: usize) -> String {
    format!("{}:changes", key(document))
}

/// A connection with a thread of its own.
pub(super) struct Line {
    pub(super) connection: MultiplexedConnection,
    pub(super) handle: Handle,
    _lane: Lane,
}

impl Line {
    /// As many as there are engines.
    pub(super) async fn start_all(redis: &str) -> anyhow::Result<Vec<Self>> {
        Ok(vec![Self::start(redis).await?, Self::start(redis).await?])
    }

    async fn start(redis: &str) -> anyhow::Result<Self> {
        let (lane, handle) = Lane::start()?;
        let client = Client::open(redis)?;
        let connecting = handle.spawn(async move {
            let config = AsyncConnectionConfig::new()
                .set_response_timeout(Some(TIMEOUT))
                .set_pipeline_buffer_size(CALLS_MAX);
            let connecting = client.get_multiplexed_async_connection_with_config(&config);
            let mut connection = connecting.await?;
            // Calls that find it missing would overtake each other.
            ADD.prepare_invoke().load_async(&mut connection).await?;
            Ok::<_, redis::RedisError>(connection)
        });
        Ok(Self {
            connection: connecting.await??,
            handle,
            _lane: lane,
        })
    }
}

/// That many people, in turns at the connections.
pub(super) fn crowd(lines: &[Line], count: usize) -> Crowd<Caller> {
    let mut crowd: Vec<_> = lines
        .iter()
        .map(|line| (line.handle.clone(), Vec::new()))
        .collect();
    for number in 0..count {
        let at = number % lines.len();
        crowd[at].1.push(Caller::new(&lines[at].connection, number));
    }
    Crowd(crowd)
}

/// Somebody who calls the script.
pub(super) struct Caller {
    connection: MultiplexedConnection,
    /// The person, as long as ours are.
    name: String,
    newest: u64,
    calls: FuturesUnordered<BoxFuture<'static, anyhow::Result<Instant>>>,
}

impl Caller {
    pub(super) fn new(connection: &MultiplexedConnection, number: usize) -> Self {
        Self {
            connection: connection.clone(),
            name: format!("{number:032x}"),
            newest: 0,
            calls: FuturesUnordered::new(),
        }
    }
}

impl Sender for Caller {
    fn send(&mut self, document: usize) -> anyhow::Result<()> {
        self.newest += 1;
        let (person, seq) = (self.name.clone(), self.newest);
        let mut connection = self.connection.clone();
        let sent = Instant::now();
        // Those that make way for other tasks would be overtaken by later ones.
        self.calls.push(Box::pin(unconstrained(async move {
            let key = key(document);
            let mut call = ADD.key(&key);
            call.key(format!("{key}:mark:{person}"));
            call.key(channel(document)).arg(person).arg(seq).arg(1);
            let added: u8 = call.invoke_async(&mut connection).await?;
            ensure!(added == 1, "a new change counts as one from before");
            Ok(sent)
        })));
        Ok(())
    }

    async fn hear(&mut self, took: &mut Vec<Duration>) -> anyhow::Result<()> {
        if let Some(sent) = self.calls.next().await {
            took.push(sent?.elapsed());
        }
        Ok(())
    }

    fn waiting(&self) -> usize {
        self.calls.len()
    }
}
