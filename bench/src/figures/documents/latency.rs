//! The time from a change in one region until another shows it.

use super::engines::{Instance, Person, frame};
use super::load::{Sender, stroll};
use super::script::{self, Caller, Line};
use super::stage::Stage;
use super::tally::Tally;
use crate::cli::Settings;
use crate::stats::{Latencies, medians};
use crate::table::{Table, count, figure};
use anyhow::Context;
use edge::Session;
use futures::StreamExt;
use protocol::live::ServerFrame;
use protocol::{Document, DocumentTopic};
use redis::Client;
use redis::aio::{MultiplexedConnection, PubSubStream};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout};

/// Changes per second, by one person.
const PER_SECOND: f64 = 200.0;
/// How long the last change may take to arrive.
const PATIENCE: Duration = Duration::from_secs(30);

/// Somebody who is shown the first tally.
trait Watcher: Send + 'static {
    /// The total that is shown next.
    fn total(&mut self) -> impl Future<Output = anyhow::Result<u64>> + Send;
}

impl Watcher for Session {
    async fn total(&mut self) -> anyhow::Result<u64> {
        loop {
            if let ServerFrame::State(frame) = frame(self).await?
                && let Some((_, Some(shown))) = frame.read::<DocumentTopic<Tally>>()
            {
                return Ok(shown.value.total);
            }
        }
    }
}

/// Somebody who reads the total whenever it changes.
struct Reader {
    news: PubSubStream,
    connection: MultiplexedConnection,
}

impl Watcher for Reader {
    async fn total(&mut self) -> anyhow::Result<u64> {
        self.news.next().await.context("the subscription ended")?;
        let mut read = redis::cmd("HGET");
        read.arg(script::key(0)).arg("total");
        Ok(read.query_async(&mut self.connection).await?)
    }
}

/// A sender where one instance is, and a watcher where the other is.
struct Pair<S, W> {
    sender: (Handle, S),
    watcher: (Handle, W),
    /// The total so far.
    total: u64,
    runs: Vec<[f64; 2]>,
    samples: u64,
}

/// A row for documents, and one for the script.
pub(in crate::figures) async fn latency(settings: &Settings) -> anyhow::Result<Table> {
    let stage = Stage::start().await?;
    let instances = Instance::start_all(&stage.redis.url()).await?;
    let lines = Line::start_all(&stage.redis.url()).await?;
    let mut documents = documents(&instances).await?;
    let mut script = script(&stage, &lines).await?;
    for _ in 0..settings.runs {
        script = script.run(settings).await?;
        documents = documents.run(settings).await?;
    }
    let mut table = Table::new(
        "documents: a change in one region to the frame in the other",
        "by | p50 ms | p99 ms | samples",
    );
    table.row(documents.row("documents"));
    table.row(script.row("a script by hand"));
    table.note(format!(
        "One person changes one document at random moments, {PER_SECOND} times a second on average; one session in the other region \
         watches it, and a change has arrived with the first frame that includes it. By hand: the other connection's subscriber \
         reads the total (HGET) at each message. Redis has core 0 for itself; engines and load share core 1."
    ));
    Ok(table)
}

async fn documents(instances: &[Instance]) -> anyhow::Result<Pair<Person, Session>> {
    let [first, second] = instances else {
        anyhow::bail!("not two instances");
    };
    let mut watcher = second.session(1)?;
    watcher.watch(Tally::NAME, "0").await?;
    // The document as it was before is not news.
    watcher.total().await?;
    Ok(Pair::new(
        (first.handle.clone(), Person::new(first.session(0)?)),
        (second.handle.clone(), watcher),
    ))
}

async fn script(stage: &Stage, lines: &[Line]) -> anyhow::Result<Pair<Caller, Reader>> {
    let [first, second] = lines else {
        anyhow::bail!("not two lines");
    };
    let client = Client::open(stage.redis.url())?;
    let subscribing = second.handle.spawn(async move {
        let mut listening = client.get_async_pubsub().await?;
        listening.subscribe(script::channel(0)).await?;
        Ok::<_, redis::RedisError>(listening.into_on_message())
    });
    let watcher = Reader {
        news: subscribing.await??,
        connection: second.connection.clone(),
    };
    Ok(Pair::new(
        (first.handle.clone(), Caller::new(&first.connection, 0)),
        (second.handle.clone(), watcher),
    ))
}

impl<S: Sender, W: Watcher> Pair<S, W> {
    fn new(sender: (Handle, S), watcher: (Handle, W)) -> Self {
        Self {
            sender,
            watcher,
            total: 0,
            runs: Vec::new(),
            samples: 0,
        }
    }

    async fn run(self, settings: &Settings) -> anyhow::Result<Self> {
        let Self {
            sender: (here, sender),
            watcher: (there, watcher),
            total,
            mut runs,
            samples,
        } = self;
        let count = (settings.window.as_secs_f64() * PER_SECOND) as usize;
        let pause = Duration::from_secs_f64(1.0 / PER_SECOND);
        let target = total + count as u64;
        let watching = there.spawn(timeout(settings.window + PATIENCE, follow(watcher, target)));
        let (sender, sent) = here.spawn(stroll(sender, count, pause)).await??;
        let (watcher, shown) = watching.await?.context("a change did not arrive")??;
        let mut latencies = Latencies::new()?;
        let mut shown = shown.into_iter().peekable();
        for (sent, number) in sent.into_iter().zip(total + 1..) {
            while shown.next_if(|(total, _)| *total < number).is_some() {}
            let (_, at) = shown.peek().context("a change did not arrive")?;
            latencies.record(at.saturating_duration_since(sent));
        }
        runs.push(latencies.p50_p99_ms());
        Ok(Self {
            sender: (here, sender),
            watcher: (there, watcher),
            total: target,
            runs,
            samples: samples + latencies.len(),
        })
    }

    fn row(&self, name: &str) -> [String; 4] {
        let [p50_ms, p99_ms] = medians(&self.runs, |&run| run).map(figure);
        [name.to_owned(), p50_ms, p99_ms, count(self.samples)]
    }
}

/// Watches until that total is shown; when each was.
async fn follow<W: Watcher>(
    mut watcher: W,
    target: u64,
) -> anyhow::Result<(W, Vec<(u64, Instant)>)> {
    let mut shown = Vec::new();
    loop {
        let total = watcher.total().await?;
        shown.push((total, Instant::now()));
        if total >= target {
            return Ok((watcher, shown));
        }
    }
}
