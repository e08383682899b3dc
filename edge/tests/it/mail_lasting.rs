//! Nothing of mail stays for ever, whatever came in which minute.

use crate::support::*;
use edge::{Credentials, Engine, Limits, MailLimits, OutboxOutcome};
use std::time::Duration;

const DAY_MS: i64 = 24 * 3600 * 1_000;
const MINUTE_MS: i64 = 60_000;

/// Every key of these mailboxes with how long it has left, in milliseconds.
async fn keys(truth: &mut Truth, addresses: &[&str]) -> Vec<(String, i64)> {
    let mut all = Vec::new();
    for address in addresses {
        let begins = Truth::mail_key(address, "");
        let names: Vec<String> = truth.run(&["KEYS", &(begins.clone() + "*")]).await;
        for name in names {
            let left = truth.run(&["PTTL", &name]).await;
            all.push((format!("{address} {}", &name[begins.len()..]), left));
        }
    }
    all
}

/// What holds letters, and what of them is news, lasts at least so long; all lasts no longer than a claim.
async fn check(truth: &mut Truth, addresses: &[&str], kept_ms: i64) {
    let keys = keys(truth, addresses).await;
    for (key, left) in &keys {
        let name = key.split_once(' ').unwrap().1;
        let is_letters = ["box", "talks", "heads", "unread", "waits", "waiting"].contains(&name);
        match is_letters {
            // The test itself takes its time.
            true => assert!(
                (kept_ms - MINUTE_MS..=kept_ms + MINUTE_MS).contains(left),
                "{key} lasts {left} ms of {keys:?}"
            ),
            false => assert!((1..=400 * DAY_MS).contains(left), "{key} lasts {left} ms"),
        }
    }
}

async fn unclaimed(engine: &Engine, to: &str, text: &str) -> bool {
    let sent = engine.mail().send(sending("3-anyone", to, text));
    sent.await.is_ok()
}

async fn own(engine: &Engine, proof: &Credentials, to: &str) -> bool {
    let sent = engine.mail().send(proved("ord-wren", to, "own", proof));
    sent.await.is_ok()
}

#[tokio::test]
async fn every_key_of_a_mailbox_ends_whatever_came_first_in_a_minute() {
    let redis = start_redis().await;
    let mail = MailLimits {
        receives_per_minute: 2,
        ..roomy()
    };
    let engine = start_with_peer(&redis.url(), Limits { mail, ..patient() }).await;
    let mut truth = Truth::of(&redis).await;
    for text in ["one", "two"] {
        assert!(unclaimed(&engine, "1-wren", text).await);
    }
    let finch = claim(&engine, "2-finch").await;
    let first = proved("2-finch", "2-full", "x", &finch);
    engine.mail().send(first).await.unwrap();
    // What was there goes, its minute goes on.
    let wren = claim(&engine, "1-wren").await;

    assert!(!own(&engine, &wren, "2-full").await);
    assert!(own(&engine, &wren, "3-robin").await);
    check(&mut truth, &["ord-wren"], 30 * DAY_MS).await;
    // An own copy in a mailbox that is about to end.
    let letters = Truth::mail_key("ord-wren", "box");
    let _: u32 = truth.run(&["PEXPIRE", &letters, "5000"]).await;
    assert!(own(&engine, &wren, "3-teal").await);
    check(&mut truth, &["ord-wren"], 30 * DAY_MS).await;
    // What waits, and why, begins later in the minute.
    assert!(own(&engine, &wren, "moon-ann").await);
    check(&mut truth, &["ord-wren"], 30 * DAY_MS).await;
    let entry = take(&outbox(&engine)).await.entries.remove(0);
    let later = OutboxOutcome::Later("no".into());
    outbox(&engine).settle(vec![(entry, later)]).await.unwrap();

    check(&mut truth, &["ord-wren"], 30 * DAY_MS).await;
    let names = keys(&mut truth, &["ord-wren"]).await;
    for name in ["box", "talks", "heads", "waits", "waiting", "owner"] {
        let key = format!("ord-wren {name}");
        assert!(names.iter().any(|(known, _)| *known == key), "{names:?}");
    }
    engine.shutdown().await;
}

#[tokio::test]
async fn what_is_unseen_again_in_the_same_minute_ends_too() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    ready(&one).await;
    let finch = claim(&one, "2-finch").await;
    let mut truth = Truth::of(&redis).await;

    assert!(unclaimed(&one, "2-finch", "one").await);
    let conversations = one
        .mail()
        .conversations(address("2-finch"), &finch, 1)
        .await;
    let letter = conversations.unwrap().newest.remove(0);
    let (own, newest) = (address("2-finch"), letter.message.cursor);
    one.mail()
        .mark_seen(own, &finch, letter.with().clone(), newest)
        .await
        .unwrap();
    assert!(unclaimed(&one, "2-finch", "two").await);

    let unread = Truth::mail_key("fra-finch", "unread");
    let left: i64 = truth.run(&["PTTL", &unread]).await;
    assert!(left > 0, "{left}");
    check(&mut truth, &["fra-finch", "syd-anyone"], 30 * DAY_MS).await;
    one.shutdown().await;
}

#[tokio::test]
async fn letters_that_nobody_may_read_are_kept_for_a_day() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    ready(&one).await;
    let mut truth = Truth::of(&redis).await;

    assert!(unclaimed(&one, "2-nobody", "x").await);

    check(&mut truth, &["fra-nobody"], DAY_MS).await;
    // Where letters are kept for less anyway, these are too.
    let short = keeping(10, Duration::from_secs(3600));
    let two = start_mail("fra", &redis.url(), short);
    ready(&two).await;
    assert!(unclaimed(&two, "2-other", "x").await);
    check(&mut truth, &["fra-other"], 3_600_000).await;
    one.shutdown().await;
    two.shutdown().await;
}
