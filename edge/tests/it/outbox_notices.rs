//! What senders hear of messages for another cluster.

use crate::support::*;
use edge::{Credentials, Engine, Limits, MailLimits, OutboxOutcome};
use protocol::{Letter, Waiting};
use std::time::Duration;

/// Limits under which a message is given up soon.
fn short() -> Limits {
    let mail = MailLimits {
        outbox_for: Duration::from_secs(1),
        ..roomy()
    };
    Limits { mail, ..patient() }
}

async fn waiting(engine: &Engine, proof: &Credentials) -> Vec<Waiting> {
    let conversations = engine
        .mail()
        .conversations(address("ord-wren"), proof, 10)
        .await;
    conversations.unwrap().mailbox.waiting
}

/// Notices in a mailbox, past its owner.
async fn notices(engine: &Engine, of: &str) -> Vec<Letter> {
    let mut letters = engine
        .mail()
        .letters(address(of), None, None, 100)
        .await
        .unwrap();
    letters.retain(|letter| !letter.is_own);
    letters
}

#[tokio::test]
async fn a_claimed_sender_sees_what_waits_and_why() {
    let redis = start_redis().await;
    let engine = start_with_peer(&redis.url(), patient()).await;
    let proof = claim(&engine, "ord-wren").await;
    let sent = send_from(&engine, ("ord-wren", proof.clone()), "moon-ann", "hi").await;
    let outbox = outbox(&engine);

    let before = waiting(&engine, &proof).await;
    let batch = take(&outbox).await.entries;
    let why = "The cluster starlings cannot be reached.";
    outbox.postpone(batch, why, Duration::ZERO).await.unwrap();
    let once = waiting(&engine, &proof).await;
    let entry = take_due(&outbox).await.remove(0);
    let later = OutboxOutcome::Later("Ann has no room.".into());
    outbox.settle(vec![(entry, later)]).await.unwrap();
    let twice = waiting(&engine, &proof).await;
    let entry = take_due(&outbox).await.remove(0);
    let stored = vec![(entry, OutboxOutcome::Stored)];
    outbox.settle(stored).await.unwrap();

    let told = |waiting: &[Waiting]| match waiting {
        [one] if one.id == sent.id && !one.has_failed => (one.attempts, one.reason.clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(told(&before), (0, String::new()));
    assert_eq!(told(&once), (1, why.into()));
    assert_eq!(told(&twice), (2, "Ann has no room.".into()));
    assert_eq!(waiting(&engine, &proof).await, []);
    assert_eq!(notices(&engine, "ord-wren").await, []);
}

#[tokio::test]
async fn who_writes_to_a_peer_that_is_left_alone_sees_why_it_waits() {
    let redis = start_redis().await;
    let engine = start_with_peer(&redis.url(), patient()).await;
    let proof = claim(&engine, "ord-wren").await;
    let wren = ("ord-wren", proof.clone());
    send_from(&engine, wren.clone(), "moon-ann", "one").await;
    let outbox = outbox(&engine);
    let batch = take(&outbox).await.entries;
    let (why, hour) = (
        "The cluster starlings cannot be reached.",
        Duration::from_secs(3600),
    );
    outbox.postpone(batch, why, hour).await.unwrap();

    send_from(&engine, wren, "moon-bob", "two").await;
    assert_eq!(take(&outbox).await.entries, []);

    let waiting = waiting(&engine, &proof).await;
    let mut told: Vec<_> = waiting
        .iter()
        .map(|one| (one.attempts, &*one.reason))
        .collect();
    told.sort();
    assert_eq!(told, [(0, why), (1, why)]);
}

#[tokio::test]
async fn what_is_refused_becomes_a_notice() {
    let redis = start_redis().await;
    let engine = start_with_peer(&redis.url(), patient()).await;
    let proof = claim(&engine, "ord-wren").await;
    send_from(&engine, ("ord-wren", proof.clone()), "moon-ann", "hi").await;
    let outbox = outbox(&engine);
    let entry = take(&outbox).await.entries.remove(0);

    let refused = OutboxOutcome::Refused("Nobody lives there.".into());
    // As after a kill between the notice and the removal.
    let again = vec![(entry.clone(), refused.clone())];
    outbox.settle(vec![(entry, refused)]).await.unwrap();
    outbox.settle(again).await.unwrap();

    let waiting = waiting(&engine, &proof).await;
    assert!(waiting[0].has_failed && waiting[0].reason == "Nobody lives there.");
    let notices = notices(&engine, "ord-wren").await;
    assert_eq!(notices.len(), 1);
    let notice = &notices[0].message;
    assert_eq!(notice.from.to_string(), "ord-postmaster");
    let text = notice.message.as_str();
    assert!(
        text.contains("moon-ann") && text.contains("Nobody lives there."),
        "{text}"
    );
    assert_eq!(take(&outbox).await.entries, []);
}

#[tokio::test]
async fn what_waits_for_too_long_is_given_up_into_a_notice() {
    let redis = start_redis().await;
    // It is tried where messages may wait for long.
    let patient = start_with_peer(&redis.url(), patient()).await;
    let proof = claim(&patient, "ord-wren").await;
    send_from(&patient, ("ord-wren", proof.clone()), "moon-ann", "hi").await;
    send(&patient, "moon-ann", "from nobody").await;
    let tried = outbox(&patient);
    let batch = take(&tried).await.entries;

    let (why, hour) = (
        "The cluster starlings cannot be reached.",
        Duration::from_secs(3600),
    );
    tried.postpone(batch, why, hour).await.unwrap();
    tried.release().await.unwrap();
    let engine = start_with_peer(&redis.url(), short()).await;
    let outbox = outbox(&engine);
    eventually("a notice", async || {
        assert_eq!(take(&outbox).await.entries, []);
        !notices(&engine, "ord-wren").await.is_empty()
    })
    .await;

    let notices = notices(&engine, "ord-wren").await;
    let text = notices[0].message.message.as_str();
    for part in ["moon-ann", "for a second", why, "tried once"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(waiting(&engine, &proof).await[0].has_failed);
    eventually("an empty outbox", async || {
        take(&outbox).await.wait == Duration::from_secs(10)
    })
    .await;
}

#[tokio::test]
async fn an_unclaimed_sender_gets_the_notice_alone() {
    let redis = start_redis().await;
    let engine = start_with_peer(&redis.url(), patient()).await;
    send(&engine, "moon-ann", "hi").await;
    let outbox = outbox(&engine);
    let entry = take(&outbox).await.entries.remove(0);

    let refused = OutboxOutcome::Refused("No.".into());
    let again = vec![(entry.clone(), refused.clone())];
    outbox.settle(vec![(entry, refused)]).await.unwrap();
    outbox.settle(again).await.unwrap();

    let notices = notices(&engine, "ord-anyone").await;
    assert_eq!(notices.len(), 1);
    let text = notices[0].message.message.as_str();
    assert!(text.contains("moon-ann") && text.contains("No."), "{text}");
    assert_eq!(take(&outbox).await.entries, []);
}
