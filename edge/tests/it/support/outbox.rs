//! Messages for another cluster.

use super::{Truth, address, mail_config, metrics};
use edge::{
    Config, Credentials, Endpoint, Engine, Limits, NewLetter, Outbox, OutboxBatch, OutboxEntry,
    OutboxError,
};
use protocol::{MessageSent, MessageText};
use std::ops::Deref;
use std::time::Duration;
use tokio::runtime::Runtime;

/// The other cluster that these instances know; its place is `moon`.
pub const PEER: &str = "starlings";
/// A lease that nobody loses by being slow.
pub const LEASE: Duration = Duration::from_secs(60);

/// What an engine of `ord` that knows the other cluster is told.
fn config_with_peer(url: &str, limits: Limits) -> Config {
    mail_config("ord", Endpoint::Url(url.into()), limits)
}

/// Starts an engine that knows the other cluster.
pub async fn start_with_peer(url: &str, limits: Limits) -> Engine {
    let engine = Engine::start(config_with_peer(url, limits), metrics()).unwrap();
    super::ready(&engine).await;
    engine
}

/// The same in a runtime of its own, to be killed.
pub struct Sender {
    engine: Engine,
    runtime: Runtime,
}

impl Sender {
    pub async fn start(url: &str, limits: Limits) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let context = runtime.enter();
        let engine = Engine::start(config_with_peer(url, limits), metrics()).unwrap();
        drop(context);
        super::ready(&engine).await;
        Self { engine, runtime }
    }

    /// Does something on that instance, for as long as it lives.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.runtime.spawn(work);
    }

    /// Ends all that it does where it stands.
    pub fn kill(self) {
        self.runtime.shutdown_background();
    }
}

impl Deref for Sender {
    type Target = Engine;

    fn deref(&self) -> &Engine {
        &self.engine
    }
}

/// The outbox for the other cluster.
pub fn outbox(engine: &Engine) -> Outbox {
    engine.mail().outbox(PEER).unwrap()
}

/// Sends a message from an address that nobody has claimed.
pub async fn send(engine: &Engine, to: &str, text: &str) -> MessageSent {
    send_from(engine, ("ord-anyone", Credentials::default()), to, text).await
}

/// Sends a message in somebody's name.
pub async fn send_from(
    engine: &Engine,
    (from, proof): (&str, Credentials),
    to: &str,
    text: &str,
) -> MessageSent {
    let sending = NewLetter {
        to: address(to),
        from: address(from),
        text: MessageText::parse(text).unwrap(),
        proof,
        network: None,
        idempotency_key: None,
    };
    engine.mail().send(sending).await.unwrap()
}

impl Truth {
    /// The name of one of the outbox's keys.
    pub fn outbox_key(name: &str) -> String {
        Self::mail_key(&format!("outbox:{PEER}"), name)
    }

    /// When a recipient who said later has their turn, in milliseconds; of what [`send`] sent.
    pub async fn turn(&mut self, to: &str) -> u64 {
        let turn: String = self
            .run(&["ZSCORE", &Self::outbox_key("held"), &lane(to)])
            .await;
        turn.parse().unwrap()
    }

    /// Gives a recipient who said later their turn at that time.
    pub async fn set_turn(&mut self, to: &str, turn_ms: u64) {
        let (key, turn) = (Self::outbox_key("held"), turn_ms.to_string());
        let _: u32 = self.run(&["ZADD", &key, "XX", &turn, &lane(to)]).await;
    }
}

/// What [`send`] sent to somebody.
fn lane(to: &str) -> String {
    format!("ord-anyone {to}")
}

/// Takes a batch of any size.
pub async fn take(outbox: &Outbox) -> OutboxBatch {
    outbox.take(LEASE, 100, 1 << 20).await.unwrap()
}

/// Takes until something is due.
pub async fn take_due(outbox: &Outbox) -> Vec<OutboxEntry> {
    loop {
        let batch = outbox.take(LEASE, 100, 1 << 20).await;
        match batch {
            Ok(batch) if batch.entries.is_empty() => outbox.news(batch.wait).await,
            Ok(batch) => return batch.entries,
            Err(OutboxError::NotHolder) => outbox.free(Duration::from_millis(100)).await,
            Err(error) => panic!("{error}"),
        }
    }
}

/// What entries say.
pub fn says(entries: &[OutboxEntry]) -> Vec<&str> {
    let texts = entries.iter().map(|entry| entry.message.message.as_str());
    texts.collect()
}
