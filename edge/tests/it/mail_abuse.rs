//! Nobody uses up a mailbox for others.

use crate::support::{
    Truth, address, claim, inbox, proved, ready, roomy, sending, start_mail, start_redis, texts,
};
use edge::{Credentials, Engine, MailError, MailLimits};

/// Room for so many letters, and few of everything in a minute.
fn tight() -> MailLimits {
    MailLimits {
        kept_max: 20,
        receives_per_minute: 40,
        unverified_per_minute: 5,
        unverified_kept_max: 3,
        ..roomy()
    }
}

/// Ends the minute of an address.
async fn next_minute(truth: &mut Truth, of: &str) {
    let _: u32 = truth.run(&["DEL", &Truth::mail_key(of, "minute")]).await;
}

/// What is left of a conversation.
async fn said(engine: &Engine, owner: (&str, &Credentials), with: &str) -> Vec<String> {
    let whose = (address(owner.0), owner.1);
    let conversation = engine
        .mail()
        .conversation(whose, address(with), None, 100)
        .await
        .unwrap();
    crate::support::lines(&conversation.letters)
}

#[tokio::test]
async fn letters_of_unverified_senders_only_replace_one_another() {
    let redis = start_redis().await;
    let mut truth = Truth::of(&redis).await;
    let (one, other) = (
        start_mail("fra", &redis.url(), tight()),
        start_mail("ord", &redis.url(), tight()),
    );
    ready(&one).await;
    ready(&other).await;
    let finch = claim(&one, "fra-finch").await;
    let wren = claim(&one, "ord-wren").await;
    let send = async |letter| one.mail().send(letter).await;

    // The owner answers one of them, so their letters lie between those of a conversation.
    send(sending("syd-x", "fra-finch", "0")).await.unwrap();
    send(proved("fra-finch", "syd-x", "answer", &finch))
        .await
        .unwrap();
    for minute in 0..4 {
        let mut came = 0;
        for number in 0..20 {
            let from = if number % 2 == 0 {
                "syd-x".to_owned()
            } else {
                format!("syd-{number}")
            };
            let letter = sending(&from, "fra-finch", &format!("junk {minute} {number}"));
            let engine = if number % 3 == 0 { &one } else { &other };
            match engine.mail().send(letter).await {
                Ok(_) => came += 1,
                Err(MailError::TooManyUnverifiedTo(1..=60)) => {}
                Err(error) => panic!("{error}"),
            }
        }
        assert!(came <= 5, "{came} in a minute");
        let friend = proved("ord-wren", "fra-finch", &format!("hello {minute}"), &wren);
        send(friend).await.unwrap();
        next_minute(&mut truth, "fra-finch").await;
    }

    let inbox = inbox(&one, "fra-finch", &finch, 50).await;
    let friends = inbox.iter().filter(|letter| letter.verified);
    assert_eq!(texts(friends), ["hello 0", "hello 1", "hello 2", "hello 3"]);
    let junk = texts(inbox.iter().filter(|letter| !letter.verified));
    assert_eq!(junk, ["junk 3 2", "junk 3 3", "junk 3 4"]);
    let with_x = said(&one, ("fra-finch", &finch), "syd-x").await;
    assert_eq!(with_x, [">answer", "junk 3 2", "junk 3 4"]);
    let told = one.mail().conversations(address("fra-finch"), &finch, 50);
    let told = told.await.unwrap();
    assert_eq!(told.newest.len(), 3);
    let unseen: u32 = told.mailbox.unread.iter().map(|unread| unread.count).sum();
    assert!(unseen <= 8, "{unseen}");
    one.shutdown().await;
    other.shutdown().await;
}

#[tokio::test]
async fn a_verified_sender_takes_a_share_of_the_minute_and_all_strangers_half() {
    let redis = start_redis().await;
    let one = start_mail("fra", &redis.url(), tight());
    ready(&one).await;
    let mail = one.mail();
    let finch = claim(&one, "fra-finch").await;
    let wren = claim(&one, "ord-wren").await;
    mail.send(proved("fra-finch", "ord-wren", "come", &finch))
        .await
        .unwrap();

    let mut came = Vec::new();
    for stranger in 0..8 {
        let name = format!("syd-s{stranger}");
        let proof = claim(&one, &name).await;
        let mut sent = 0;
        for _ in 0..6 {
            match mail.send(proved(&name, "fra-finch", "buy", &proof)).await {
                Ok(_) => sent += 1,
                Err(MailError::TooManyTo(1..=60)) => {}
                Err(error) => panic!("{error}"),
            }
        }
        came.push(sent);
    }
    let friend = mail
        .send(proved("ord-wren", "fra-finch", "here I am", &wren))
        .await;

    assert_eq!(came, [4, 4, 4, 4, 4, 0, 0, 0]);
    assert!(friend.is_ok(), "{friend:?}");
    one.shutdown().await;
}

#[tokio::test]
async fn in_a_full_mailbox_whoever_takes_the_most_loses_letters_first() {
    let redis = start_redis().await;
    let limits = MailLimits {
        kept_max: 20,
        ..roomy()
    };
    let one = start_mail("fra", &redis.url(), limits);
    ready(&one).await;
    let mail = one.mail();
    let finch = claim(&one, "fra-finch").await;
    let (wren, teal, spam) = (
        claim(&one, "ord-wren").await,
        claim(&one, "ord-teal").await,
        claim(&one, "syd-spam").await,
    );
    let send = async |from: &str, to: &str, text: &str, proof: &Credentials| {
        mail.send(proved(from, to, text, proof)).await.unwrap();
    };
    // A friend, and a stranger who writes once.
    send("ord-wren", "fra-finch", "one", &wren).await;
    send("fra-finch", "ord-wren", "two", &finch).await;
    send("ord-teal", "fra-finch", "a word", &teal).await;

    for number in 0..60 {
        send("syd-spam", "fra-finch", &number.to_string(), &spam).await;
    }

    let owner = ("fra-finch", &finch);
    assert_eq!(said(&one, owner, "ord-wren").await, ["one", ">two"]);
    assert_eq!(said(&one, owner, "ord-teal").await, ["a word"]);
    let newest: Vec<_> = (43..60).map(|number| number.to_string()).collect();
    assert_eq!(said(&one, owner, "syd-spam").await, newest);
    one.shutdown().await;
}

#[tokio::test]
async fn conversations_that_an_earlier_version_stored_are_found() {
    let redis = start_redis().await;
    let mut truth = Truth::of(&redis).await;
    let one = start_mail("fra", &redis.url(), tight());
    ready(&one).await;
    let mail = one.mail();
    let finch = claim(&one, "fra-finch").await;
    let letter = sending("syd-x", "fra-finch", "question");
    mail.send(letter).await.unwrap();
    let answer = proved("fra-finch", "syd-x", "answer", &finch);
    mail.send(answer).await.unwrap();
    let keys = ["order", "excess", "strange", "known"];

    for name in keys {
        let _: u32 = truth
            .run(&["DEL", &Truth::mail_key("fra-finch", name)])
            .await;
    }

    let found = said(&one, ("fra-finch", &finch), "syd-x").await;
    assert_eq!(found, ["question", ">answer"]);
    for name in keys {
        let key = Truth::mail_key("fra-finch", name);
        let left: i64 = truth.run(&["PTTL", &key]).await;
        // Only a verified sender's letters count there, and the owner's.
        assert!(left > 0, "{name} lasts {left} ms");
    }
    one.shutdown().await;
}
