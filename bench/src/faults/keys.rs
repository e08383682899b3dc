//! Clicks over REST: each has a key, and is asked for until it is answered.

use super::load::{PATIENCE, Request, Shared};
use super::promise::Promise;
use anyhow::bail;
use hyper::StatusCode;
use protocol::Step;
use serde_json::json;
use std::net::SocketAddr;
use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The pause between two clicks, in milliseconds.
const PAUSE_MS: Range<u64> = 50..250;
/// How long one try of a probe may take: longer than a server waits for Redis.
const PROBE: Duration = Duration::from_secs(6);
/// The pause before a probe is tried again: what a recovery is measured to.
const PROBE_PAUSE: Duration = Duration::from_millis(10);

/// A program that clicks.
#[derive(Debug)]
pub struct Keys {
    shared: Rc<Shared>,
    /// The instance that it asks first.
    home: usize,
}

impl Keys {
    pub fn new(shared: &Rc<Shared>, home: usize) -> Self {
        let shared = Rc::clone(shared);
        Self { shared, home }
    }

    /// Clicks until it is dropped, or nobody answers.
    pub async fn run(self) -> anyhow::Result<()> {
        loop {
            sleep(Duration::from_millis(rand::random_range(PAUSE_MS))).await;
            let _busy = self.shared.rest.read().await;
            let by = step();
            let told = self.shared.ask(self.home, &click(by)).await?;
            if told.status != 200 {
                let how = format!("a click was answered with {}: {}", told.status, told.body);
                self.shared.report([Promise::ClickOnce.broken(how)]);
                continue;
            }
            self.shared.ledger.borrow_mut().acknowledge(by, &told.tried);
        }
    }
}

/// Clicks at one instance until it has counted that.
pub async fn probe(shared: &Shared, instance: usize, address: SocketAddr) -> anyhow::Result<()> {
    let (by, begun) = (step(), Instant::now());
    let request = click(by);
    loop {
        let answer = request.send(address, PROBE).await;
        if answer.is_ok_and(|answer| answer.status() == StatusCode::OK) {
            shared
                .ledger
                .borrow_mut()
                .acknowledge(by, &[instance].into());
            return Ok(());
        }
        if begun.elapsed() > PATIENCE {
            bail!("instance {instance} does not count clicks again");
        }
        sleep(PROBE_PAUSE).await;
    }
}

/// A click with a new key.
fn click(by: Step) -> Request {
    let key = format!("bench-{:032x}", rand::random::<u128>());
    let body = json!({ "by": i64::from(by) });
    Request::post("/api/clicks", body).with("Idempotency-Key", key)
}

/// One of four is down.
fn step() -> Step {
    match rand::random_range(0..4) {
        0 => Step::Down,
        _ => Step::Up,
    }
}
