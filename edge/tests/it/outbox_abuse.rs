//! Nobody uses up an outbox for others.

use crate::support::*;
use edge::{Limits, MailError, MailLimits, OutboxOutcome};

#[tokio::test]
async fn unverified_letters_take_a_tenth_and_make_room_for_those_of_owners() {
    let redis = start_redis().await;
    let mail = MailLimits {
        outbox_max: 50,
        ..roomy()
    };
    let engine = start_with_peer(&redis.url(), Limits { mail, ..patient() }).await;
    let mail = engine.mail();
    let mut junk = Vec::new();
    for number in 0..50 {
        let from = format!("ord-junk{number}");
        match mail.send(sending(&from, "moon-ann", "junk")).await {
            Ok(sent) => junk.push(sent.from),
            Err(MailError::OutboxShare(_, false)) => {}
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(junk.len(), 5);

    for number in 0..10 {
        let name = format!("ord-owner{number}");
        let owner = claim(&engine, &name).await;
        for _ in 0..5 {
            let letter = proved(&name, "moon-ann", "mail", &owner);
            mail.send(letter).await.unwrap();
        }
        let more = mail.send(proved(&name, "moon-ann", "more", &owner)).await;
        assert!(matches!(refusal(more), MailError::OutboxShare(_, true)));
    }

    let last = claim(&engine, "ord-last").await;
    let full = mail.send(proved("ord-last", "moon-ann", "x", &last)).await;
    assert!(matches!(refusal(full), MailError::OutboxFull(_)));
    for sender in junk {
        let letters = mail.letters(sender, None, None, 9).await.unwrap();
        let notice = letters[0].message.message.as_str();
        assert!(
            notice.contains("mail of verified senders goes first"),
            "{notice}"
        );
    }
    let entries = take(&outbox(&engine)).await.entries;
    assert_eq!(says(&entries), ["mail"; 50]);
    let stored = |entry| (entry, OutboxOutcome::Stored);
    let all = entries.into_iter().map(stored).collect();
    outbox(&engine).settle(all).await.unwrap();
    // Whoever waits no longer has their whole share again.
    let mut truth = Truth::of(&redis).await;
    for name in ["from", "unverified"] {
        let left: u32 = truth.run(&["EXISTS", &Truth::outbox_key(name)]).await;
        assert_eq!(left, 0, "{name}");
    }
}

#[tokio::test]
async fn a_sender_who_has_to_wait_holds_up_nobody_who_writes_to_the_same() {
    let redis = start_redis().await;
    let engine = start_with_peer(&redis.url(), patient()).await;
    let outbox = outbox(&engine);
    send(&engine, "moon-ann", "junk").await;
    let entry = take(&outbox).await.entries.remove(0);
    let later = OutboxOutcome::Later("Too many come.".into());
    outbox.settle(vec![(entry, later)]).await.unwrap();
    let mut truth = Truth::of(&redis).await;
    truth
        .set_turn("moon-ann", u64::from(u32::MAX) * 1_000)
        .await;

    let wren = ("ord-wren", claim(&engine, "ord-wren").await);
    send_from(&engine, wren, "moon-ann", "hello").await;

    assert_eq!(says(&take(&outbox).await.entries), ["hello"]);
}
