//! The order of what waits for another cluster, where a call has no room for all that was taken.

use crate::support::*;
use edge::{Outbox, OutboxEntry, OutboxOutcome};
use std::time::Duration;

/// Letters of that size do not all fit into a call.
const LETTER_BYTES: usize = 4096;
const LETTERS: usize = 100;
/// Bytes of one call, as the server has it.
const BYTES_MAX: usize = 256 << 10;

/// Waits until something is due; as much of it as a call has room for.
async fn a_call(outbox: &Outbox) -> Vec<OutboxEntry> {
    loop {
        let batch = outbox.take(LEASE, LETTERS, BYTES_MAX).await.unwrap();
        let mut entries = batch.entries;
        if entries.is_empty() {
            outbox.news(batch.wait).await;
            continue;
        }
        // What stands around a letter in a call has no room in what was taken.
        entries.truncate(entries.len().div_ceil(2));
        return entries;
    }
}

/// The number that each begins with.
fn numbers(entries: &[OutboxEntry]) -> Vec<usize> {
    let says = says(entries).into_iter();
    says.map(|text| text.trim_end_matches('.').parse().unwrap())
        .collect()
}

#[tokio::test]
async fn what_a_call_has_no_room_for_does_not_overtake_what_it_has() {
    let redis = start_redis().await;
    let engine = start_with_peer(&redis.url(), patient()).await;
    let outbox = outbox(&engine);
    for number in 0..LETTERS {
        let to = ["moon-ann", "moon-bob"][usize::from(number % 10 == 9)];
        send(&engine, to, &format!("{number:.<LETTER_BYTES$}")).await;
    }

    for _ in 0..2 {
        let entries = a_call(&outbox).await;
        outbox
            .postpone(entries, "down", Duration::ZERO)
            .await
            .unwrap();
    }
    let mut stored = Vec::new();
    let mut has_refused = false;
    while stored.len() < LETTERS {
        let mut entries = a_call(&outbox).await;
        // Once, from the fourth on, there is no room in Ann's mailbox.
        let later = match has_refused {
            false => entries.split_off(entries.len().min(3)),
            true => Vec::new(),
        };
        has_refused = true;
        stored.extend(entries.clone());
        let taken = entries.into_iter().map(|one| (one, OutboxOutcome::Stored));
        let no_room = || OutboxOutcome::Later("Ann has no room.".into());
        let later = later.into_iter().map(|one| (one, no_room()));
        outbox.settle(taken.chain(later).collect()).await.unwrap();
    }

    for to in ["ann", "bob"] {
        let theirs = stored.iter().filter(|one| one.message.to.name() == to);
        let numbers = numbers(&theirs.cloned().collect::<Vec<_>>());
        assert!(numbers.is_sorted(), "to {to}: {numbers:?}");
    }
    let mut all = numbers(&stored);
    all.sort_unstable();
    assert_eq!(all, (0..LETTERS).collect::<Vec<_>>());
}
