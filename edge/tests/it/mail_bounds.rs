//! What mailboxes keep and for how long, and how much may come.

use crate::support::{
    Call, Gate, Truth, address, claim, eventually, inbox, keeping, keyed, lines, proved, ready,
    ready_engine, refusal, roomy, sending, start_mail, start_redis, texts,
};
use edge::{Credentials, MailError, MailLimits};
use std::time::Duration;

#[tokio::test]
async fn a_mailbox_keeps_so_many_letters_and_the_oldest_go_first() {
    let redis = start_redis().await;
    let one = start_mail("fra", &redis.url(), keeping(10, Duration::from_secs(3600)));
    ready(&one).await;
    let mail = one.mail();
    let finch = claim(&one, "2-finch").await;
    let mut truth = Truth::of(&redis).await;

    for number in 0..25 {
        let from = format!("1-wren{number}");
        mail.send(sending(&from, "2-finch", &number.to_string()))
            .await
            .unwrap();
        mail.send(sending("1-wren", "3-nobody", "x")).await.unwrap();
    }

    let expected: Vec<_> = (15..25).map(|number| number.to_string()).collect();
    assert_eq!(texts(&inbox(&one, "2-finch", &finch, 4).await), expected);
    assert_eq!(truth.letters("syd-nobody").await, 10);
    let conversations = mail
        .conversations(address("2-finch"), &finch, 100)
        .await
        .unwrap();
    let newest_first: Vec<_> = (15..25).rev().map(|number| number.to_string()).collect();
    assert_eq!(lines(&conversations.newest), newest_first);
    // Conversations of which nothing is left go, too.
    mail.send(sending("1-wren24", "2-finch", "last"))
        .await
        .unwrap();
    for (command, name) in [("ZCARD", "talks"), ("HLEN", "heads"), ("HLEN", "unread")] {
        let count: u32 = truth
            .run(&[command, &Truth::mail_key("fra-finch", name)])
            .await;
        assert_eq!(count, 9, "{name}: of ten, one wrote twice");
    }
    one.shutdown().await;
}

#[tokio::test]
async fn letters_that_are_too_old_are_not_shown_and_at_last_nothing_is_left() {
    let redis = start_redis().await;
    let one = start_mail("fra", &redis.url(), keeping(100, Duration::from_secs(2)));
    ready(&one).await;
    let mail = one.mail();
    let finch = claim(&one, "2-finch").await;

    mail.send(sending("1-old", "2-finch", "old")).await.unwrap();
    assert_eq!(inbox(&one, "2-finch", &finch, 10).await.len(), 1);
    eventually("the old one is gone", async || {
        inbox(&one, "2-finch", &finch, 10).await.is_empty()
    })
    .await;
    mail.send(sending("1-wren", "2-finch", "new"))
        .await
        .unwrap();

    let mut truth = Truth::of(&redis).await;
    assert_eq!(truth.letters("fra-finch").await, 1, "a new one removes it");
    let conversations = mail
        .conversations(address("2-finch"), &finch, 10)
        .await
        .unwrap();
    let told = (
        lines(&conversations.newest),
        lines(&conversations.mailbox.letters),
        conversations.mailbox.unread.len(),
    );
    let now = lines(
        &mail
            .letters(address("2-finch"), None, None, 10)
            .await
            .unwrap(),
    );
    // The new one gets old as well.
    assert!(
        told.0.len() <= 1 && told.0 == told.1 && told.0.len() == told.2,
        "{told:?}"
    );
    assert!(now.len() <= 1 && !now.contains(&"old".to_owned()));
    let old = mail.conversation((address("2-finch"), &finch), address("1-old"), None, 10);
    assert_eq!(old.await.unwrap().letters.len(), 0);
    for name in ["box", "talks", "heads", "unread"] {
        let left: i64 = truth
            .run(&["PTTL", &Truth::mail_key("fra-finch", name)])
            .await;
        assert!((1..=62_000).contains(&left), "{name} lasts {left} ms");
    }
    one.shutdown().await;
}

#[tokio::test]
async fn of_many_unseen_correspondents_the_hundred_newest_are_told() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let mail = one.mail();
    let finch = claim(&one, "2-finch").await;
    for number in 0..650 {
        let from = format!("1-wren{number}");
        mail.send(sending(&from, "2-finch", "x")).await.unwrap();
    }

    let all = mail
        .conversations(address("2-finch"), &finch, 650)
        .await
        .unwrap();
    for letter in &all.newest[..500] {
        let (with, newest) = (letter.with().clone(), letter.message.cursor);
        mail.mark_seen(address("2-finch"), &finch, with, newest)
            .await
            .unwrap();
    }
    let seen = mail
        .conversations(address("2-finch"), &finch, 1)
        .await
        .unwrap();

    // Both many and few of those with whom the owner writes.
    for (told, newest) in [(all.mailbox.unread, 649), (seen.mailbox.unread, 149)] {
        let names: Vec<_> = told.iter().map(|unread| unread.with.to_string()).collect();
        let expected: Vec<_> = (0..100)
            .map(|at| format!("ord-wren{}", newest - at))
            .collect();
        assert_eq!(names, expected);
    }
    one.shutdown().await;
}

#[tokio::test]
async fn too_many_in_a_minute_are_refused_at_either_end_and_repeats_are_not_counted() {
    let redis = start_redis().await;
    let limits = MailLimits {
        sends_per_minute: 3,
        unverified_per_minute: 5,
        ..roomy()
    };
    let one = start_mail("fra", &redis.url(), limits);
    ready(&one).await;
    let mail = one.mail();
    let finch = claim(&one, "2-finch").await;
    let message = keyed(&sending("1-wren", "2-finch", "x"), "k");

    for _ in 0..10 {
        mail.send(message.clone()).await.unwrap();
    }
    for _ in 0..2 {
        mail.send(sending("1-wren", "2-finch", "x")).await.unwrap();
    }
    let from = refusal(mail.send(sending("1-wren", "3-other", "x")).await);
    for _ in 0..2 {
        mail.send(sending("3-wren", "2-finch", "x")).await.unwrap();
    }
    let refused = keyed(&sending("3-wren", "2-finch", "late"), "late");
    let to = refusal(mail.send(refused.clone()).await);

    assert!(matches!(from, MailError::TooManyFrom(1..=60)), "{from}");
    assert!(matches!(to, MailError::TooManyUnverifiedTo(1..=60)), "{to}");
    assert_eq!(inbox(&one, "2-finch", &finch, 10).await.len(), 5);
    // Once the minute is over, what was refused is sent: the key alone is no message.
    let mut truth = Truth::of(&redis).await;
    let _: u32 = truth
        .run(&["DEL", &Truth::mail_key("fra-finch", "minute")])
        .await;
    mail.send(refused).await.unwrap();
    assert_eq!(inbox(&one, "2-finch", &finch, 10).await.len(), 6);
    for (name, key) in [("ord-wren", "sent"), ("fra-finch", "minute")] {
        let left: i64 = truth.run(&["PTTL", &Truth::mail_key(name, key)]).await;
        assert!((1..=60_000).contains(&left), "{key}: {left}");
    }
    one.shutdown().await;
}

#[tokio::test]
async fn a_claim_lasts_while_it_is_used_and_a_week_before() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let finch = claim(&one, "2-finch").await;
    let mut truth = Truth::of(&redis).await;
    let owner = Truth::mail_key("fra-finch", "owner");
    let days = |ms: i64| (ms + 43_200_000) / 86_400_000;

    let fresh: i64 = truth.run(&["PTTL", &owner]).await;
    let _: u32 = truth.run(&["PEXPIRE", &owner, "100000"]).await;
    assert!(
        !one.mail()
            .is_owner(&address("2-finch"), &Credentials::default())
            .await
            .unwrap()
    );
    let unused: i64 = truth.run(&["PTTL", &owner]).await;
    assert!(
        one.mail()
            .is_owner(&address("2-finch"), &finch)
            .await
            .unwrap()
    );
    let used: i64 = truth.run(&["PTTL", &owner]).await;
    let _: u32 = truth.run(&["DEL", &owner]).await;
    let other = claim(&one, "2-finch").await;

    assert_eq!((days(fresh), days(used)), (7, 400));
    assert!(unused <= 100_000);
    assert!(
        one.mail()
            .is_owner(&address("2-finch"), &other)
            .await
            .unwrap()
    );
    let _: u32 = truth.run(&["PEXPIRE", &owner, "100000"]).await;
    let letter = sending("3-anyone", "2-finch", "hello");
    one.mail().send(letter).await.unwrap();
    let written_to: i64 = truth.run(&["PTTL", &owner]).await;
    assert_eq!(days(written_to), 400, "letters are a use, too");
    assert!(
        !one.mail()
            .is_owner(&address("2-finch"), &finch)
            .await
            .unwrap()
    );
    one.shutdown().await;
}

#[tokio::test]
async fn a_message_takes_two_calls_to_redis_and_an_owners_three() {
    let redis = start_redis().await;
    let gate = Gate::before(&redis).await;
    let one = ready_engine("fra", &gate.url()).await;
    let wren = claim(&one, "1-wren").await;
    // What else the engine does meanwhile has keys of its own.
    let calls = || {
        let is_mail = |key: &[u8]| key.starts_with(b"test:{mail:");
        let of_mail = |call: &Call| call[0] == b"EVALSHA" && is_mail(&call[3]);
        gate.calls().iter().filter(|call| of_mail(call)).count()
    };
    // Scripts are loaded with their first call.
    one.mail()
        .send(proved("1-wren", "2-finch", "x", &wren))
        .await
        .unwrap();

    let before = calls();
    one.mail()
        .send(sending("3-robin", "2-finch", "x"))
        .await
        .unwrap();
    let between = calls();
    one.mail()
        .send(proved("1-wren", "2-finch", "x", &wren))
        .await
        .unwrap();
    let after = calls();

    assert_eq!((between - before, after - between), (2, 3));
    one.shutdown().await;
}
