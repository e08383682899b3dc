//! What mailboxes keep, in which order, and how it is read.

use crate::support::{
    Truth, address, claim, eventually, inbox, keeping, keyed, lines, proved, ready, refusal,
    sending, start_engine, start_mail, start_redis, texts,
};
use edge::{Engine, MailError, MailLimits, Proof};
use protocol::{Conversation, Cursor, Unread};
use std::collections::BTreeSet;
use std::time::Duration;

#[tokio::test]
async fn pages_are_stable_however_much_comes_between_them() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    ready(&one).await;
    let mail = one.mail();
    let finch = claim(&one, "2-finch").await;
    let empty = mail
        .inbox(address("2-finch"), &finch, None, 3)
        .await
        .unwrap();
    assert_eq!((empty.next, empty.more), (None, false));

    send_numbers(&one, 0..5).await;
    let first = mail
        .inbox(address("2-finch"), &finch, None, 3)
        .await
        .unwrap();
    send_numbers(&one, 5..8).await;
    let again = mail
        .inbox(address("2-finch"), &finch, None, 3)
        .await
        .unwrap();
    let second = mail
        .inbox(address("2-finch"), &finch, first.next, 3)
        .await
        .unwrap();
    let third = mail
        .inbox(address("2-finch"), &finch, second.next, 3)
        .await
        .unwrap();
    let fourth = mail
        .inbox(address("2-finch"), &finch, third.next, 3)
        .await
        .unwrap();
    send_numbers(&one, 8..9).await;
    let fifth = mail
        .inbox(address("2-finch"), &finch, fourth.next, 3)
        .await
        .unwrap();

    assert_eq!(texts(&first.messages), ["0", "1", "2"]);
    assert_eq!(first, again);
    assert_eq!(texts(&second.messages), ["3", "4", "5"]);
    assert_eq!(texts(&third.messages), ["6", "7"]);
    assert_eq!(
        [&first, &second, &third].map(|page| page.more),
        [true, true, false]
    );
    assert_eq!((fourth.messages.len(), fourth.next), (0, third.next));
    assert_eq!(texts(&fifth.messages), ["8"]);
    one.shutdown().await;
}

#[tokio::test]
async fn an_inbox_has_what_came_and_all_letters_have_what_was_written_too() {
    let redis = start_redis().await;
    let limits = MailLimits {
        sends_per_minute: 2_000,
        ..MailLimits::default()
    };
    let one = start_mail("fra", &redis.url(), limits);
    ready(&one).await;
    let mail = one.mail();
    let finch = claim(&one, "2-finch").await;

    // More own ones in a row than one look at the stream takes in.
    send_numbers(&one, 0..1).await;
    for _ in 0..1_100 {
        mail.send(proved("2-finch", "1-wren", "own", &finch))
            .await
            .unwrap();
    }
    send_numbers(&one, 1..3).await;

    assert_eq!(
        texts(&inbox(&one, "2-finch", &finch, 2).await),
        ["0", "1", "2"]
    );
    assert_eq!(
        texts(&inbox(&one, "2-finch", &finch, 3).await),
        ["0", "1", "2"]
    );
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let some = mail
            .letters(address("2-finch"), Some(&finch), after, 100)
            .await
            .unwrap();
        after = some.last().map(|letter| letter.message.cursor).or(after);
        let count = some.len();
        all.extend(some);
        if count < 100 {
            break;
        }
    }
    assert_eq!(all.len(), 1_103);
    let revs: Vec<_> = all.iter().map(|letter| letter.rev).collect();
    assert!(revs.is_sorted_by(|one, other| one < other));
    assert_eq!(all.iter().filter(|letter| letter.is_own).count(), 1_100);
    one.shutdown().await;
}

#[tokio::test]
async fn the_operator_reads_any_mailbox_and_nobody_else_does() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    ready(&one).await;
    let mail = one.mail();
    send_numbers(&one, 0..2).await;

    let all = mail
        .letters(address("2-finch"), None, None, 10)
        .await
        .unwrap();
    let refused = refusal(
        mail.letters(address("2-finch"), Some(&Proof::default()), None, 10)
            .await,
    );

    assert_eq!(lines(&all), ["0", "1"]);
    assert!(matches!(refused, MailError::NotOwner));
    one.shutdown().await;
}

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
    let talks = mail.talks(address("2-finch"), &finch, 100).await.unwrap();
    let newest_first: Vec<_> = (15..25).rev().map(|number| number.to_string()).collect();
    assert_eq!(lines(&talks.newest), newest_first);
    // Within a minute conversations of which nothing is left go, too.
    let _: u32 = truth
        .run(&["DEL", &Truth::mail_key("fra-finch", "came")])
        .await;
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
    let one = start_mail(
        "fra",
        &redis.url(),
        keeping(100, Duration::from_secs(2)),
    );
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
    assert_eq!(
        truth.letters("fra-finch").await,
        2,
        "it is trimmed once a minute"
    );
    let talks = mail.talks(address("2-finch"), &finch, 10).await.unwrap();
    let told = (
        lines(&talks.newest),
        lines(&talks.mailbox.letters),
        talks.mailbox.unread.len(),
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
async fn a_conversation_is_read_back_letter_by_letter() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    ready(&one).await;
    let mail = one.mail();
    let (finch, wren) = (claim(&one, "2-finch").await, claim(&one, "1-wren").await);

    for number in 0..10 {
        let text = number.to_string();
        let (from, to, proof) = match number % 2 {
            0 => ("1-wren", "2-finch", &wren),
            _ => ("2-finch", "1-wren", &finch),
        };
        mail.send(proved(from, to, &text, proof)).await.unwrap();
        mail.send(sending("3-other", "2-finch", "between"))
            .await
            .unwrap();
    }

    let page = async |before: Option<Cursor>| -> Conversation {
        let whose = (address("2-finch"), &finch);
        mail.conversation(whose, address("1-wren"), before, 4)
            .await
            .unwrap()
    };
    let newest = page(None).await;
    let before = page(newest.before).await;
    let first = page(before.before).await;
    assert_eq!(lines(&newest.letters), ["6", ">7", "8", ">9"]);
    assert_eq!(lines(&before.letters), ["2", ">3", "4", ">5"]);
    assert_eq!(
        (lines(&first.letters), first.before),
        (vec!["0".into(), ">1".into()], None)
    );
    let theirs = mail.conversation((address("1-wren"), &wren), address("2-finch"), None, 100);
    assert_eq!(lines(&theirs.await.unwrap().letters)[8..], [">8", "9"]);
    // A place in another conversation is none in this one.
    let stranger = (address("2-finch"), &finch);
    let none = mail
        .conversation(stranger, address("3-other"), newest.before, 4)
        .await
        .unwrap();
    assert_eq!((none.letters.len(), none.before), (0, None));
    let refused = mail
        .conversation((address("2-finch"), &wren), address("1-wren"), None, 4)
        .await;
    assert!(matches!(refusal(refused), MailError::NotOwner));
    one.shutdown().await;
}

#[tokio::test]
async fn talks_are_the_newest_first_and_unseen_letters_are_counted() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    ready(&one).await;
    let mail = one.mail();
    let finch = claim(&one, "2-finch").await;
    for from in ["1-a", "1-b", "1-a", "1-c"] {
        mail.send(sending(from, "2-finch", from)).await.unwrap();
    }
    mail.send(proved("2-finch", "1-b", "to b", &finch))
        .await
        .unwrap();

    let all = mail.talks(address("2-finch"), &finch, 10).await.unwrap();
    let two = mail.talks(address("2-finch"), &finch, 2).await.unwrap();
    mail.mark_seen(address("2-finch"), &finch, address("1-a"))
        .await
        .unwrap();
    let seen = mail.talks(address("2-finch"), &finch, 10).await.unwrap();
    mail.mark_seen(address("2-finch"), &finch, address("1-a"))
        .await
        .unwrap();
    let again = mail.talks(address("2-finch"), &finch, 10).await.unwrap();

    // Of the same millisecond the order is any.
    let newest: BTreeSet<_> = lines(&all.newest).into_iter().collect();
    assert_eq!(newest, [">to b", "1-a", "1-c"].map(String::from).into());
    assert_eq!(two.newest.len(), 2);
    let unread = |unread: &[Unread]| -> BTreeSet<_> {
        unread
            .iter()
            .map(|unread| (unread.with.to_string(), unread.count))
            .collect()
    };
    let counts = |pairs: &[(&str, u32)]| -> BTreeSet<_> {
        pairs
            .iter()
            .map(|(with, count)| ((*with).to_owned(), *count))
            .collect()
    };
    assert_eq!(
        unread(&all.mailbox.unread),
        counts(&[("ord-a", 2), ("ord-b", 1), ("ord-c", 1)])
    );
    assert_eq!(
        unread(&seen.mailbox.unread),
        counts(&[("ord-b", 1), ("ord-c", 1)])
    );
    assert_eq!(
        (seen.mailbox.rev, again.mailbox.rev),
        (all.mailbox.rev + 1, all.mailbox.rev + 1)
    );
    let stranger = Proof::default();
    let refused = mail
        .mark_seen(address("2-finch"), &stranger, address("1-b"))
        .await;
    assert!(matches!(refusal(refused), MailError::NotOwner));
    one.shutdown().await;
}

#[tokio::test]
async fn of_many_unseen_correspondents_the_hundred_newest_are_told() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    ready(&one).await;
    let mail = one.mail();
    let finch = claim(&one, "2-finch").await;
    for number in 0..450 {
        let from = format!("1-wren{number}");
        mail.send(sending(&from, "2-finch", "x")).await.unwrap();
    }
    for number in 150..450 {
        let with = address(&format!("1-wren{number}"));
        mail.mark_seen(address("2-finch"), &finch, with)
            .await
            .unwrap();
    }

    let talks = mail.talks(address("2-finch"), &finch, 10).await.unwrap();

    assert_eq!(talks.mailbox.unread.len(), 100);
    let oldest = address("ord-wren0");
    assert!(
        !talks
            .mailbox
            .unread
            .iter()
            .any(|unread| unread.with == oldest)
    );
    one.shutdown().await;
}

#[tokio::test]
async fn a_letter_to_oneself_is_one_letter() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    ready(&one).await;
    let wren = claim(&one, "1-wren").await;

    let message = keyed(&proved("1-wren", "ord-wren", "note", &wren), "k");
    for _ in 0..2 {
        one.mail().send(message.clone()).await.unwrap();
    }

    let all = one
        .mail()
        .letters(address("1-wren"), Some(&wren), None, 10)
        .await
        .unwrap();
    assert_eq!(lines(&all), ["note"]);
    one.shutdown().await;
}

#[tokio::test]
async fn any_text_comes_out_as_it_went_in() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    ready(&one).await;
    let finch = claim(&one, "2-finch").await;
    let planes: String = (0..=16)
        .filter_map(|plane| char::from_u32(plane * 0x1_0000 + 0xfffd))
        .collect();
    let hostile = [
        "<script>alert(1)</script>",
        "\0\u{1}\u{7f}\r\n\t x",
        "\u{202e}\u{2066}bidi\u{2069}",
        "'; DROP -- \\\" ${x} {{x}} %s",
        "ov",
        &planes,
        &"é".repeat(2_048),
    ];

    for text in hostile {
        one.mail()
            .send(sending("1-wren", "2-finch", text))
            .await
            .unwrap();
    }

    assert_eq!(texts(&inbox(&one, "2-finch", &finch, 10).await), hostile);
    one.shutdown().await;
}

#[tokio::test]
async fn too_many_in_a_minute_are_refused_at_either_end_and_repeats_are_not_counted() {
    let redis = start_redis().await;
    let limits = MailLimits {
        sends_per_minute: 3,
        receives_per_minute: 5,
        ..MailLimits::default()
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
    assert!(matches!(to, MailError::TooManyTo(1..=60)), "{to}");
    assert_eq!(inbox(&one, "2-finch", &finch, 10).await.len(), 5);
    // Once the minute is over, what was refused is sent: the key alone is no message.
    let mut truth = Truth::of(&redis).await;
    let _: u32 = truth
        .run(&["DEL", &Truth::mail_key("fra-finch", "came")])
        .await;
    mail.send(refused).await.unwrap();
    assert_eq!(inbox(&one, "2-finch", &finch, 10).await.len(), 6);
    for (name, key) in [("ord-wren", "sent"), ("fra-finch", "came")] {
        let left: i64 = truth.run(&["PTTL", &Truth::mail_key(name, key)]).await;
        assert!((1..=60_000).contains(&left), "{key}: {left}");
    }
    one.shutdown().await;
}

#[tokio::test]
async fn a_claim_lasts_while_it_is_used() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    ready(&one).await;
    let finch = claim(&one, "2-finch").await;
    let mut truth = Truth::of(&redis).await;
    let owner = Truth::mail_key("fra-finch", "owner");
    let days = |ms: i64| (ms + 43_200_000) / 86_400_000;

    let fresh: i64 = truth.run(&["PTTL", &owner]).await;
    let _: u32 = truth.run(&["PEXPIRE", &owner, "100000"]).await;
    assert!(
        !one.mail()
            .is_owner(&address("2-finch"), &Proof::default())
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

    assert_eq!((days(fresh), days(used)), (400, 400));
    assert!(unused <= 100_000);
    assert!(
        one.mail()
            .is_owner(&address("2-finch"), &other)
            .await
            .unwrap()
    );
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
    let limits = crate::support::without_beats();
    let one = crate::support::start_engine_with("fra", &redis.url(), limits);
    ready(&one).await;
    let wren = claim(&one, "1-wren").await;
    // Scripts are loaded with their first call.
    one.mail()
        .send(proved("1-wren", "2-finch", "x", &wren))
        .await
        .unwrap();
    let mut truth = Truth::of(&redis).await;

    let before = truth.script_calls().await;
    one.mail()
        .send(sending("3-robin", "2-finch", "x"))
        .await
        .unwrap();
    let between = truth.script_calls().await;
    one.mail()
        .send(proved("1-wren", "2-finch", "x", &wren))
        .await
        .unwrap();
    let after = truth.script_calls().await;

    assert_eq!((between - before, after - between), (2, 3));
    one.shutdown().await;
}

/// Sends messages that say these numbers from one address to another.
async fn send_numbers(engine: &Engine, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let message = sending("1-wren", "2-finch", &number.to_string());
        engine.mail().send(message).await.unwrap();
    }
}
