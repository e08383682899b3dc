//! What waits for another cluster: whose turn it is, and in which order.

use crate::support::*;
use edge::{OutboxError, OutboxOutcome};
use std::time::{Duration, Instant};

fn all_stored(entries: Vec<edge::OutboxEntry>) -> Vec<(edge::OutboxEntry, OutboxOutcome)> {
    let stored = entries
        .into_iter()
        .map(|entry| (entry, OutboxOutcome::Stored));
    stored.collect()
}

pub async fn what_was_sent_first_is_taken_first_and_gone_once_it_is_stored(redis: &impl AnyRedis) {
    let engine = start_with_peer(&redis.url(), patient()).await;
    let outbox = outbox(&engine);
    for text in ["one", "two", "three"] {
        send(&engine, "moon-ann", text).await;
    }

    let batch = take(&outbox).await;

    assert_eq!(says(&batch.entries), ["one", "two", "three"]);
    assert!(batch.entries.iter().all(|entry| entry.attempts == 0));
    outbox.settle(all_stored(batch.entries)).await.unwrap();
    assert_eq!(take(&outbox).await.entries, []);
}

#[tokio::test]
async fn what_was_taken_and_not_settled_comes_again_first() {
    let redis = start_redis().await;
    let engine = start_with_peer(&redis.url(), patient()).await;
    let outbox = outbox(&engine);
    for text in ["one", "two", "three"] {
        send(&engine, "moon-ann", text).await;
    }

    let mut batch = take(&outbox).await.entries;
    send(&engine, "moon-ann", "four").await;
    let again = take(&outbox).await.entries;
    batch.truncate(1);
    outbox.settle(all_stored(batch)).await.unwrap();
    let rest = take(&outbox).await.entries;

    assert_eq!(says(&again), ["one", "two", "three"]);
    assert_eq!(says(&rest), ["two", "three", "four"]);
    assert!(rest.iter().all(|entry| entry.attempts == 0));
}

#[tokio::test]
async fn a_batch_is_bounded_by_count_and_bytes() {
    let redis = start_redis().await;
    let engine = start_with_peer(&redis.url(), patient()).await;
    let outbox = outbox(&engine);
    for _ in 0..12 {
        send(&engine, "moon-ann", &"x".repeat(1000)).await;
    }

    let few = outbox.take(LEASE, 3, 1 << 20).await.unwrap().entries;
    outbox.settle(all_stored(few.clone())).await.unwrap();
    let small = outbox.take(LEASE, 100, 2500).await.unwrap().entries;
    outbox.settle(all_stored(small.clone())).await.unwrap();

    assert_eq!(few.len(), 3);
    assert!((2..=3).contains(&small.len()), "{}", small.len());
    assert_eq!(take(&outbox).await.entries.len(), 9 - small.len());
}

pub async fn one_instance_sends_and_the_next_does_once_it_gives_the_lease_back(
    redis: &impl AnyRedis,
) {
    let first = start_with_peer(&redis.url(), patient()).await;
    let second = start_with_peer(&redis.url(), patient()).await;
    send(&first, "moon-ann", "one").await;
    let (one, other) = (outbox(&first), outbox(&second));
    let batch = take(&one).await;
    assert_eq!(batch.entries.len(), 1);

    let refused = other.take(LEASE, 100, 1000).await;
    assert!(
        matches!(refused, Err(OutboxError::NotHolder)),
        "{refused:?}"
    );
    assert!(matches!(
        other.hold(LEASE).await,
        Err(OutboxError::NotHolder)
    ));
    // The first wait ends when the channel is subscribed to.
    other.free(DEADLINE).await;
    let waiting = tokio::spawn({
        let other = other.clone();
        async move { other.free(DEADLINE).await }
    });
    other.release().await.unwrap();
    assert!(one.hold(LEASE).await.is_ok(), "another's release is none");
    one.release().await.unwrap();

    waiting.await.unwrap();
    assert_eq!(says(&take(&other).await.entries), ["one"]);
}

#[tokio::test]
async fn another_instance_takes_over_from_one_that_was_killed() {
    let redis = start_redis().await;
    let killed = Sender::start(&redis.url(), patient()).await;
    let other = start_with_peer(&redis.url(), patient()).await;
    send(&other, "moon-ann", "one").await;
    let lease = Duration::from_secs(1);
    let taken = outbox(&killed).take(lease, 100, 1000).await.unwrap();
    assert_eq!(taken.entries.len(), 1);

    let start = Instant::now();
    killed.kill();
    let entries = take_due(&outbox(&other)).await;

    assert_eq!(says(&entries), ["one"]);
    assert!(start.elapsed() < lease + LAG, "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_recipient_who_says_later_is_passed_over_and_keeps_their_order() {
    let redis = start_redis().await;
    let mut truth = Truth::of(&redis).await;
    let engine = start_with_peer(&redis.url(), patient()).await;
    let outbox = outbox(&engine);
    for (to, text) in [
        ("moon-ann", "a1"),
        ("moon-bob", "b1"),
        ("moon-ann", "a2"),
        ("moon-bob", "b2"),
    ] {
        send(&engine, to, text).await;
    }
    let mut batch = take(&outbox).await.entries;
    let ann_waits = |entry: edge::OutboxEntry| match entry.message.to.name() {
        "ann" => (entry, OutboxOutcome::Later("Ann has no room.".into())),
        _ => (entry, OutboxOutcome::Stored),
    };

    outbox
        .settle(batch.drain(..).map(ann_waits).collect())
        .await
        .unwrap();
    truth
        .set_turn("moon-ann", u64::from(u32::MAX) * 1_000)
        .await;
    send(&engine, "moon-ann", "a3").await;
    send(&engine, "moon-bob", "b3").await;

    let others = take(&outbox).await.entries;
    assert_eq!(says(&others), ["b3"]);
    outbox.settle(all_stored(others)).await.unwrap();
    truth.set_turn("moon-ann", 1).await;
    let anns = take_due(&outbox).await;
    assert_eq!(says(&anns), ["a1", "a2", "a3"]);
    let told = anns.iter().map(|entry| (entry.attempts, &*entry.reason));
    let told: Vec<_> = told.collect();
    assert_eq!(
        told,
        [(1, "Ann has no room."), (1, "Ann has no room."), (0, "")]
    );
}

#[tokio::test]
async fn delays_of_a_recipient_grow_and_start_over() {
    let redis = start_redis().await;
    let mut truth = Truth::of(&redis).await;
    let engine = start_with_peer(&redis.url(), patient()).await;
    let outbox = outbox(&engine);
    send(&engine, "moon-ann", "one").await;
    let later = |entries: Vec<edge::OutboxEntry>| {
        let later = |entry| (entry, OutboxOutcome::Later("no".into()));
        entries.into_iter().map(later).collect::<Vec<_>>()
    };

    for (tries, most_ms) in [1_000, 2_000].into_iter().enumerate() {
        let entries = take_due(&outbox).await;
        assert_eq!(entries[0].attempts, tries as u32);
        let before = truth.now_ms().await;
        outbox.settle(later(entries)).await.unwrap();
        let turn = truth.turn("moon-ann").await;
        let most = truth.now_ms().await + most_ms;
        assert!(turn > before && turn <= most, "{before} {turn} {most}");
        let wait = take(&outbox).await.wait;
        assert!(wait <= Duration::from_millis(most_ms), "{wait:?}");
    }
    outbox
        .settle(all_stored(take_due(&outbox).await))
        .await
        .unwrap();
    send(&engine, "moon-ann", "two").await;
    assert_eq!(says(&take(&outbox).await.entries), ["two"], "at once");
}

#[tokio::test]
async fn a_peer_that_fails_is_left_alone_and_then_tried_with_less() {
    let redis = start_redis().await;
    let mut truth = Truth::of(&redis).await;
    let engine = start_with_peer(&redis.url(), patient()).await;
    let outbox = outbox(&engine);
    for to in 0..8 {
        send(&engine, &format!("moon-p{to}"), "hello").await;
    }
    let batch = outbox.take(LEASE, 8, 1 << 20).await.unwrap().entries;
    assert_eq!(batch.len(), 8);

    let (nothing, until) = (Duration::ZERO, Truth::outbox_key("peer"));
    outbox
        .postpone(batch, "Nobody\nanswers.", nothing)
        .await
        .unwrap();

    let next: u64 = truth.run(&["HGET", &until, "until"]).await;
    assert!(next <= truth.now_ms().await + 1_000);
    // However slow this is.
    let far = (next + 3_600_000).to_string();
    let _: u32 = truth.run(&["HSET", &until, "until", &far]).await;
    let left_alone = outbox.take(LEASE, 8, 1 << 20).await.unwrap();
    assert_eq!(left_alone.entries, []);
    assert!(left_alone.wait > Duration::from_secs(3_000));
    let _: u32 = truth
        .run(&["HSET", &until, "until", &next.to_string()])
        .await;
    let due = async || outbox.take(LEASE, 8, 1 << 20).await.unwrap().entries;
    eventually("a next try", async || !due().await.is_empty()).await;
    let fewer = due().await;
    assert!((1..=4).contains(&fewer.len()), "{}", fewer.len());
    assert!(fewer.iter().all(|entry| entry.attempts == 1));
    assert_eq!(fewer[0].reason, "Nobody answers.");
    outbox.settle(all_stored(fewer)).await.unwrap();
    let mut rest = 0;
    while rest < 4 {
        let some = due().await;
        assert!(!some.is_empty(), "a peer that answers gets all");
        rest += some.len();
        outbox.settle(all_stored(some)).await.unwrap();
    }
}

#[tokio::test]
async fn a_peer_is_left_alone_for_as_long_as_it_asks() {
    let redis = start_redis().await;
    let engine = start_with_peer(&redis.url(), patient()).await;
    let outbox = outbox(&engine);
    send(&engine, "moon-ann", "hello").await;
    let batch = take(&outbox).await.entries;

    let asked = Duration::from_secs(100);
    outbox.postpone(batch, "busy", asked).await.unwrap();

    let wait = take(&outbox).await.wait;
    assert!(wait > Duration::from_secs(30) && wait <= asked, "{wait:?}");
}

#[tokio::test]
async fn news_ends_a_wait() {
    let redis = start_redis().await;
    let engine = start_with_peer(&redis.url(), patient()).await;
    let outbox = outbox(&engine);
    // The first wait ends when the channel is subscribed to.
    outbox.news(DEADLINE).await;
    assert_eq!(take(&outbox).await.entries, []);

    let waiting = tokio::spawn({
        let outbox = outbox.clone();
        async move {
            outbox.news(DEADLINE).await;
            take(&outbox).await
        }
    });
    send(&engine, "moon-ann", "hello").await;

    assert_eq!(says(&waiting.await.unwrap().entries), ["hello"]);
}
