//! Whom an owner writes with, and what of it they have not seen.

use crate::support::{
    address, claim, keyed, lines, proved, ready, ready_engine, refusal, roomy, sending, start_mail,
    start_redis,
};
use edge::{Credentials, MailError};
use protocol::Unread;
use std::collections::BTreeSet;

#[tokio::test]
async fn a_sender_learns_that_nobody_has_claimed_the_recipients_address() {
    let redis = start_redis().await;
    let one = start_mail("fra", &redis.url(), roomy());
    ready(&one).await;
    let mail = one.mail();
    let wren = claim(&one, "ord-wren").await;
    claim(&one, "fra-finch").await;

    for (to, unclaimed) in [
        ("fra-finch", false),
        ("fra-teal", true),
        ("moon-pia", false),
    ] {
        let letter = keyed(&proved("ord-wren", to, to, &wren), to);
        let sent = mail.send(letter.clone()).await.unwrap();
        assert_eq!(sent.unclaimed, unclaimed, "{to}");
        assert_eq!(mail.send(letter).await.unwrap(), sent);
    }
    let own = mail.letters(address("ord-wren"), Some(&wren), None, 10);
    let own: Vec<_> = own
        .await
        .unwrap()
        .iter()
        .map(|own| own.is_unclaimed)
        .collect();
    assert_eq!(own, [false, true, false]);
    one.shutdown().await;
}

#[tokio::test]
async fn conversations_are_the_newest_first_and_unseen_letters_are_counted() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let mail = one.mail();
    let finch = claim(&one, "2-finch").await;
    for from in ["1-a", "1-b", "1-a", "1-c"] {
        mail.send(sending(from, "2-finch", from)).await.unwrap();
    }
    mail.send(proved("2-finch", "1-b", "to b", &finch))
        .await
        .unwrap();

    let read = async |limit| {
        let found = mail.conversations(address("2-finch"), &finch, limit).await;
        found.unwrap()
    };
    let all = read(10).await;
    let two = read(2).await;
    let of_a = all.newest[2].message.cursor;
    mail.mark_seen(address("2-finch"), &finch, address("1-a"), of_a)
        .await
        .unwrap();
    let seen = read(10).await;
    mail.mark_seen(address("2-finch"), &finch, address("1-a"), of_a)
        .await
        .unwrap();
    let again = read(10).await;

    assert_eq!(lines(&all.newest), [">to b", "1-c", "1-a"]);
    assert_eq!(two.newest, all.newest[..2]);
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
    let stranger = Credentials::default();
    let refused = mail
        .mark_seen(address("2-finch"), &stranger, address("1-b"), of_a)
        .await;
    assert!(matches!(refusal(refused), MailError::NotOwner));
    one.shutdown().await;
}

#[tokio::test]
async fn what_came_after_the_newest_shown_letter_stays_unseen() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let finch = claim(&one, "2-finch").await;
    let send = async |text| {
        let sent = one.mail().send(sending("1-wren", "2-finch", text));
        sent.await.unwrap();
    };
    let wrens = async || {
        let whose = (address("2-finch"), &finch);
        let read = one.mail().conversation(whose, address("1-wren"), None, 9);
        read.await.unwrap().letters
    };
    let unseen = async || {
        let conversations = one
            .mail()
            .conversations(address("2-finch"), &finch, 9)
            .await;
        let unread = conversations.unwrap().mailbox.unread;
        unread.first().map_or(0, |unread| unread.count)
    };
    send("shown").await;
    let shown = wrens().await;
    send("not shown").await;

    let mut counts = Vec::new();
    for shown in [shown, wrens().await] {
        let newest = shown.last().unwrap().message.cursor;
        let (own, with) = (address("2-finch"), address("1-wren"));
        let marked = one.mail().mark_seen(own, &finch, with, newest);
        marked.await.unwrap();
        counts.push(unseen().await);
    }

    assert_eq!(counts, [2, 0]);
    one.shutdown().await;
}
