//! Tokens that are replaced, and addresses that are given back.

use crate::support::{
    DEADLINE, Truth, address, all_ready, claim, inbox, person, proved, read, ready_engine, refusal,
    sending, session_id, start_engine, start_redis, texts,
};
use edge::{Credentials, Engine, MailError, Outgoing, Session};
use protocol::live::{ServerFrame, Topic};
use protocol::{Mailbox, MailboxTopic};

/// A session of that person that watches that mailbox, as they may, and has been told of it.
async fn watching(engine: &Engine, name: &str, of: &str) -> Session {
    let mut session = engine.session(&session_id(name), person(name));
    session.watch(MailboxTopic::NAME, of).await.unwrap();
    told(&mut session).await.unwrap();
    session
}

/// The next that a session hears of a mailbox; an error of that kind if it is not watched any longer.
async fn told(session: &mut Session) -> Result<Mailbox, String> {
    let hear = async {
        loop {
            let Outgoing::Frame(json) = session.next().await else {
                continue;
            };
            match read(&json) {
                ServerFrame::Unwatched { topic, problem, .. } if topic == MailboxTopic::NAME => {
                    return Err(problem.kind.to_string());
                }
                ServerFrame::State(frame) => {
                    if let Some((_, mailbox)) = frame.read::<MailboxTopic>() {
                        return Ok(mailbox);
                    }
                }
                _ => {}
            }
        }
    };
    let heard = tokio::time::timeout(DEADLINE, hear).await;
    heard.expect("nothing was heard of the mailbox")
}

#[tokio::test]
async fn a_new_token_ends_the_old_one_and_leaves_the_person() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    let two = start_engine("ord", &redis.url());
    all_ready(&[&one, &two]).await;
    let old = claim(&one, "1-wren").await;
    let ann = person("ann");
    two.mail().claim_for(ann, address("1-ann")).await.unwrap();

    let (named, new) = two
        .mail()
        .renew_token(address("1-wren"), &old)
        .await
        .unwrap();
    let added = one.mail().renew_token(address("1-ann"), &ann.into()).await;

    assert_eq!(named, address("ord-wren"));
    for engine in [&one, &two] {
        let mail = engine.mail();
        let ended = refusal(mail.inbox(address("1-wren"), &old, None, 10).await);
        assert!(matches!(ended, MailError::NotOwner));
        let again = refusal(mail.renew_token(address("1-wren"), &old).await);
        assert!(matches!(again, MailError::NotOwner));
        assert!(inbox(engine, "1-wren", &(&new).into(), 10).await.is_empty());
        let token = Credentials::from(&added.as_ref().unwrap().1);
        for proof in [token, ann.into()] {
            assert!(inbox(engine, "1-ann", &proof, 10).await.is_empty());
        }
    }
    one.shutdown().await;
    two.shutdown().await;
}

#[tokio::test]
async fn an_address_that_was_given_back_is_empty_and_free_for_its_last_person_alone() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let mail = one.mail();
    let (ann, bob) = (person("ann"), person("bob"));
    mail.claim_for(ann, address("1-wren")).await.unwrap();
    mail.claim_for(ann, address("2-ann")).await.unwrap();
    mail.send(sending("2-ann", "1-wren", "x"))
        .await
        .expect_err("it is claimed");
    mail.send(proved("2-ann", "1-wren", "secret", &ann.into()))
        .await
        .unwrap();
    let not_theirs = refusal(mail.give_back(address("1-wren"), &bob.into()).await);

    mail.give_back(address("1-wren"), &ann.into())
        .await
        .unwrap();

    assert!(matches!(not_theirs, MailError::NotOwner));
    assert_eq!(mail.addresses_of(ann).await.unwrap(), [address("fra-ann")]);
    let mut truth = Truth::of(&redis).await;
    assert_eq!(truth.letters("ord-wren").await, 0);
    for refused in [
        mail.claim(address("1-wren")).await.map(drop),
        mail.claim_for(bob, address("1-wren")).await.map(drop),
    ] {
        assert!(matches!(refusal(refused), MailError::GivenBack));
    }
    let left: u64 = truth
        .run(&["PTTL", &Truth::mail_key("ord-wren", "given")])
        .await;
    assert!(left > 29 * 24 * 3_600_000 && left <= 30 * 24 * 3_600_000);
    mail.claim_for(ann, address("1-wren")).await.unwrap();
    let came = inbox(&one, "1-wren", &ann.into(), 10).await;
    assert!(texts(&came).is_empty());

    mail.give_all_back(ann).await.unwrap();
    assert!(mail.addresses_of(ann).await.unwrap().is_empty());
    assert_eq!(mail.address_of(ann).await.unwrap(), None);
    one.shutdown().await;
}

#[tokio::test]
async fn who_watches_a_mailbox_that_is_given_back_is_told_and_hears_nothing_of_it_again() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    let two = start_engine("ord", &redis.url());
    all_ready(&[&one, &two]).await;
    let ann = person("ann");
    one.mail().claim_for(ann, address("1-wren")).await.unwrap();
    let mut here = watching(&one, "ann", "ord-wren").await;
    let mut far = watching(&two, "ann", "ord-wren").await;

    two.mail()
        .give_back(address("1-wren"), &ann.into())
        .await
        .unwrap();

    for session in [&mut here, &mut far] {
        assert_eq!(told(session).await.unwrap_err(), "address-given-back");
        let again = session.watch(MailboxTopic::NAME, "ord-wren").await;
        assert!(again.is_err());
    }
    // Whoever has it next, the old sessions hear nothing of it; new ones do.
    one.mail().claim_for(ann, address("1-wren")).await.unwrap();
    let mut new = watching(&one, "ann", "ord-wren").await;
    one.mail()
        .send(sending("2-x", "1-wren", "hello"))
        .await
        .unwrap();
    assert_eq!(told(&mut new).await.unwrap().letters.len(), 1);
    let quiet = tokio::time::timeout(std::time::Duration::from_millis(300), told(&mut here));
    assert!(quiet.await.is_err(), "an old session hears of a new owner");
    one.shutdown().await;
    two.shutdown().await;
}

#[tokio::test]
async fn of_an_address_that_nobody_has_claimed_a_session_hears_that_alone() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    one.mail()
        .send(sending("1-wren", "2-finch", "secret"))
        .await
        .unwrap();

    let mut session = one.session(&session_id("ann"), person("ann"));
    session.watch_unchecked(MailboxTopic::NAME, "fra-finch");

    assert_eq!(told(&mut session).await.unwrap_err(), "address-given-back");
    one.shutdown().await;
}
