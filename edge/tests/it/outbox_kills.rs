//! Nothing is lost, doubled or out of order, whatever ends in the middle of what.

use crate::support::*;
use edge::{Credentials, Engine, Outbox, OutboxEntry, OutboxError, OutboxOutcome};
use proptest::test_runner::{Config, TestRunner};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How long an instance sends unless it renews: short, for many are killed.
const SHORT_LEASE: Duration = Duration::from_millis(300);
const RECIPIENTS: usize = 4;
const MESSAGES: usize = 60;
const KILLS: usize = 5;

/// The other cluster: it stores each message once, and is as moody as the dice say.
#[derive(Clone, Default)]
struct Peer {
    stored: Arc<Mutex<HashMap<String, Vec<String>>>>,
}

impl Peer {
    /// Nothing where it is down.
    fn receive(&self, entries: &[OutboxEntry], dice: &mut StdRng) -> Option<Vec<OutboxOutcome>> {
        if dice.random_bool(0.1) {
            return None;
        }
        let mut held_up: Vec<String> = Vec::new();
        let mut stored = self.stored.lock().unwrap();
        let outcomes = entries.iter().map(|entry| {
            let to = entry.message.to.to_string();
            if held_up.contains(&to) || dice.random_bool(0.05) {
                held_up.push(to);
                return OutboxOutcome::Later("not now".into());
            }
            let texts = stored.entry(to).or_default();
            let text = entry.message.message.as_str().to_owned();
            if !texts.contains(&text) {
                texts.push(text);
            }
            OutboxOutcome::Stored
        });
        Some(outcomes.collect())
    }

    fn count(&self) -> usize {
        self.stored.lock().unwrap().values().map(Vec::len).sum()
    }
}

/// What the server's task does, until it is killed.
async fn send_all(outbox: Outbox, peer: Peer, seed: u64) {
    let mut dice = StdRng::seed_from_u64(seed);
    loop {
        let done = match outbox.take(SHORT_LEASE, 7, 2000).await {
            Ok(batch) if batch.entries.is_empty() => {
                outbox.news(batch.wait.min(Duration::from_millis(50))).await;
                Ok(())
            }
            Ok(batch) => {
                let outcomes = peer.receive(&batch.entries, &mut dice);
                tokio::time::sleep(Duration::from_millis(dice.random_range(0..5))).await;
                match outcomes {
                    None => outbox.postpone(batch.entries, "down", Duration::ZERO).await,
                    Some(outcomes) => {
                        let settled = batch.entries.into_iter().zip(outcomes).collect();
                        outbox.settle(settled).await
                    }
                }
            }
            Err(error) => Err(error),
        };
        match done {
            Ok(()) => {}
            Err(OutboxError::NotHolder) => outbox.free(Duration::from_millis(50)).await,
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

async fn send_some(engine: &Engine, proof: &Credentials, numbers: std::ops::Range<usize>) {
    for number in numbers {
        let to = format!("moon-p{}", number % RECIPIENTS);
        let from = ("ord-wren", proof.clone());
        send_from(engine, from, &to, &format!("{number:04}")).await;
    }
}

async fn kills_lose_nothing(seed: u64) {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let writer = start_with_peer(&redis.url(), patient()).await;
    let proof = claim(&writer, "ord-wren").await;
    let peer = Peer::default();
    let mut dice = StdRng::seed_from_u64(seed);
    let last = Sender::start(&link.url(), impatient()).await;
    last.spawn(send_all(outbox(&last), peer.clone(), seed));

    for round in 0..KILLS {
        let killed = Sender::start(&redis.url(), impatient()).await;
        killed.spawn(send_all(outbox(&killed), peer.clone(), seed + round as u64));
        let some = MESSAGES / KILLS;
        send_some(&writer, &proof, round * some..(round + 1) * some).await;
        // Somewhere in the middle: of what was sent before, all comes.
        let enough = dice.random_range(0..=round * some + some / 2);
        eventually("some at the other cluster", async || peer.count() >= enough).await;
        // An ambiguous failure of the one, and the end of the other.
        link.drop_replies();
        killed.kill();
        eventually("a sender that has noticed", async || {
            last.mail().address_of(person("x")).await.is_err()
        })
        .await;
        link.restore();
    }

    eventually("every message at the other cluster", async || {
        peer.count() == MESSAGES
    })
    .await;
    for (to, texts) in peer.stored.lock().unwrap().iter() {
        assert!(texts.is_sorted(), "{to}: {texts:?}, seed {seed}");
    }
    eventually("nothing that waits", async || {
        let conversations = writer.mail().conversations(address("ord-wren"), &proof, 10);
        conversations.await.unwrap().mailbox.waiting.is_empty()
    })
    .await;
    last.kill();
}

#[test]
fn kills_and_lost_answers_lose_nothing_and_keep_the_order() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config {
        cases: 3,
        failure_persistence: None,
        // A case takes seconds, and its seed says all.
        max_shrink_iters: 0,
        ..Config::default()
    };
    let mut runner = TestRunner::new(config);
    runner
        .run(&proptest::num::u32::ANY, |seed| {
            runtime.block_on(kills_lose_nothing(seed.into()));
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn a_settling_whose_answer_is_lost_can_be_made_again() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let engine = start_with_peer(&link.url(), impatient()).await;
    let outbox = outbox(&engine);
    send(&engine, "moon-ann", "one").await;
    send(&engine, "moon-ann", "two").await;
    let mut batch = take(&outbox).await.entries;
    let two = batch.remove(1);
    let outcomes = vec![
        (batch.remove(0), OutboxOutcome::Stored),
        (two, OutboxOutcome::Later("no".into())),
    ];

    link.drop_replies();
    assert!(outbox.settle(outcomes.clone()).await.is_err());
    link.restore();
    ready(&engine).await;
    eventually("an answer", async || {
        outbox.settle(outcomes.clone()).await.is_ok()
    })
    .await;

    let left = take_due(&outbox).await;
    assert_eq!(says(&left), ["two"]);
    assert_eq!(left[0].attempts, 1);
}
