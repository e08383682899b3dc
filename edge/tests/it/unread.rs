//! What people have not read, told to every page of theirs.

use crate::support::{
    AnyRedis, DEADLINE, Page, address, all_ready, link_to, person, plan, read, ready, ready_engine,
    roomy, sending, session_id, start_engine, start_mail, start_redis,
};
use edge::{Credentials, Engine, Outgoing, PartyError, Session};
use protocol::live::{NoKey, ServerFrame, Topic};
use protocol::{Cursor, MessageText, PartyCode, UnreadLettersTopic, UnreadMessagesTopic};
use std::time::Duration;

/// A tab of that person's that is told what is unread.
async fn tab(engine: &Engine, name: &str) -> Session {
    let mut session = engine.session(&session_id(name), person(name));
    for topic in [UnreadMessagesTopic::NAME, UnreadLettersTopic::NAME] {
        session.watch(topic, "").await.unwrap();
    }
    session
}

/// A person's id, which no frame may hold.
fn member(name: &str) -> String {
    format!("{:032x}", u128::from_be_bytes(person(name).0))
}

fn as_text(frame: &[u8]) -> String {
    String::from_utf8_lossy(frame).into_owned()
}

/// Waits until a tab is told that number.
async fn until<T: Topic<Key = NoKey, State = u32>>(tab: &mut Session, expected: u32) {
    let mut told = None;
    let wait = async {
        while told != Some(expected) {
            if let Outgoing::Frame(json) = tab.next().await
                && let ServerFrame::State(frame) = read(&json)
                && let Some((_, count)) = frame.read::<T>()
            {
                assert!(!as_text(&json).contains(&member("bo")));
                told = Some(count);
            }
        }
    };
    let waited = tokio::time::timeout(DEADLINE, wait).await;
    assert!(
        waited.is_ok(),
        "{}: {told:?} instead of {expected}",
        T::NAME
    );
}

async fn say(engine: &Engine, code: PartyCode, name: &str, text: &str) -> Cursor {
    let text = MessageText::parse(text).unwrap();
    let sent = engine
        .parties()
        .send_message(code, person(name), text, None);
    sent.await.unwrap().cursor
}

async fn party_of(engine: &Engine, names: &[&str]) -> PartyCode {
    let parties = engine.parties();
    let created = parties.create(person(names[0]), plan("Ann")).await.unwrap();
    for name in &names[1..] {
        let joined = parties.join(created.party_code, person(name), None).await;
        joined.unwrap();
    }
    created.party_code
}

pub async fn unread_messages_are_counted_on_every_page_of_a_participant(redis: &impl AnyRedis) {
    let one = start_engine("fra", &redis.url());
    let two = start_engine("ord", &redis.url());
    all_ready(&[&one, &two]).await;
    let code = party_of(&one, &["ann", "bo"]).await;
    let mut ann = tab(&one, "ann").await;
    let mut here = tab(&one, "bo").await;
    let mut there = tab(&two, "bo").await;
    let mut stranger = tab(&two, "cy").await;
    for tab in [&mut ann, &mut here, &mut there, &mut stranger] {
        until::<UnreadMessagesTopic>(tab, 0).await;
    }

    let first = say(&one, code, "ann", "hello").await;
    let second = say(&two, code, "ann", "anybody?").await;
    for tab in [&mut here, &mut there] {
        until::<UnreadMessagesTopic>(tab, 2).await;
    }
    let parties = two.parties();
    parties.mark_seen(code, person("bo"), first).await.unwrap();
    until::<UnreadMessagesTopic>(&mut here, 1).await;
    parties.mark_seen(code, person("bo"), second).await.unwrap();
    parties.mark_seen(code, person("bo"), first).await.unwrap();
    until::<UnreadMessagesTopic>(&mut there, 0).await;
    say(&two, code, "bo", "yes").await;
    until::<UnreadMessagesTopic>(&mut ann, 1).await;

    // Who comes later has missed nothing, and who has left misses nothing any longer.
    parties.join(code, person("cy"), None).await.unwrap();
    say(&one, code, "ann", "welcome").await;
    until::<UnreadMessagesTopic>(&mut stranger, 1).await;
    parties.leave(code, person("cy")).await.unwrap();
    until::<UnreadMessagesTopic>(&mut stranger, 0).await;
    until::<UnreadMessagesTopic>(&mut here, 1).await;
    let refused = parties.mark_seen(code, person("cy"), second).await;
    assert!(matches!(refused, Err(PartyError::NotIn)));
    one.shutdown().await;
    two.shutdown().await;
}

pub async fn unread_letters_are_counted_on_every_page_of_their_owner(redis: &impl AnyRedis) {
    let one = start_engine("fra", &redis.url());
    let two = start_engine("ord", &redis.url());
    all_ready(&[&one, &two]).await;
    let finch = address("fra-finch");
    let mail = one.mail();
    mail.claim_for(person("bo"), finch.clone()).await.unwrap();
    let mut here = tab(&one, "bo").await;
    let mut there = tab(&two, "bo").await;
    let mut stranger = tab(&two, "cy").await;
    for tab in [&mut here, &mut there, &mut stranger] {
        until::<UnreadLettersTopic>(tab, 0).await;
    }

    for (from, text) in [("1-wren", "one"), ("1-wren", "two"), ("2-tit", "three")] {
        let sent = two.mail().send(sending(from, "2-finch", text)).await;
        sent.unwrap();
    }
    for tab in [&mut here, &mut there] {
        until::<UnreadLettersTopic>(tab, 3).await;
    }
    let owner = Credentials::from(person("bo"));
    let letters = mail
        .letters(finch.clone(), Some(&owner), None, 9)
        .await
        .unwrap();
    let newest = letters[1].message.cursor;
    let seen = mail.mark_seen(finch.clone(), &owner, address("1-wren"), newest);
    seen.await.unwrap();
    for tab in [&mut here, &mut there] {
        until::<UnreadLettersTopic>(tab, 1).await;
    }
    one.shutdown().await;
    two.shutdown().await;
}

#[tokio::test]
async fn an_address_that_is_claimed_or_given_back_while_a_page_is_open_counts_from_then_on() {
    let redis = start_redis().await;
    let one = start_mail("fra", &redis.url(), roomy());
    ready(&one).await;
    let (mail, finch) = (one.mail(), address("fra-finch"));
    let mut bo = tab(&one, "bo").await;
    until::<UnreadLettersTopic>(&mut bo, 0).await;

    mail.claim_for(person("bo"), finch.clone()).await.unwrap();
    let letter = || sending("1-wren", "fra-finch", "hello");
    mail.send(letter()).await.unwrap();
    until::<UnreadLettersTopic>(&mut bo, 1).await;
    let owner = Credentials::from(person("bo"));
    mail.give_back(finch.clone(), &owner).await.unwrap();
    until::<UnreadLettersTopic>(&mut bo, 0).await;

    // Of the letters of another address, nothing more is said of the first.
    let tit = address("fra-tit");
    mail.claim_for(person("bo"), tit).await.unwrap();
    for count in [1, 2] {
        mail.send(letter()).await.unwrap();
        let sent = mail.send(sending("1-wren", "fra-tit", "hello")).await;
        sent.unwrap();
        until::<UnreadLettersTopic>(&mut bo, count).await;
    }
    one.shutdown().await;
}

#[tokio::test]
async fn a_topic_of_ones_own_has_no_keys_and_is_watched_no_longer_than_asked() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let mut session = one.session(&session_id("ann"), person("ann"));
    let mut other = tab(&one, "ann").await;
    session.watch(UnreadMessagesTopic::NAME, "").await.unwrap();
    until::<UnreadMessagesTopic>(&mut session, 0).await;
    session.unwatch(UnreadMessagesTopic::NAME, "");
    let code = party_of(&one, &["ann", "bo"]).await;
    say(&one, code, "bo", "hello").await;
    until::<UnreadMessagesTopic>(&mut other, 1).await;
    // What is published is due to all who watch at once.
    while let Ok(outgoing) = tokio::time::timeout(Duration::ZERO, session.next()).await {
        if let Outgoing::Frame(json) = outgoing {
            let text = as_text(&json);
            assert!(!text.contains(UnreadMessagesTopic::NAME), "{text}");
        }
    }

    for key in ["x", &member("bo")] {
        assert!(session.watch(UnreadMessagesTopic::NAME, key).await.is_err());
        assert!(session.watch(UnreadLettersTopic::NAME, key).await.is_err());
    }
    one.shutdown().await;
}

#[tokio::test]
async fn participants_show_how_long_their_messages_take() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let near = ready_engine("fra", &redis.url()).await;
    let far = ready_engine("syd", &link.url()).await;
    let code = party_of(&near, &["ann", "bo"]).await;
    let mut page = Page::open(&near, "ann", Some(code));
    let took = |page: &Page| {
        let people = &page.party().unwrap().participants;
        [0, 1].map(|at: usize| people[at].message_ms)
    };

    link.delay(Duration::from_millis(60));
    say(&near, code, "ann", "near").await;
    say(&far, code, "bo", "far").await;
    page.until("both times", |party| {
        party.is_some_and(|party| {
            party
                .participants
                .iter()
                .all(|who| who.message_ms.is_some())
        })
    })
    .await;

    let [_, far_ms] = took(&page);
    assert!(far_ms >= Some(60), "{far_ms:?}");
    link.restore();
    near.shutdown().await;
    far.shutdown().await;
}
