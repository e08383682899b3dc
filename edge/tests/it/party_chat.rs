//! Parties' chats.

use crate::support::{
    AnyRedis, Page, Truth, eventually, impatient, link_to, patient, person, plan, ready,
    ready_engine, ready_engine_with, start_engine, start_redis, until,
};
use edge::{Limits, Parties, PartyError, PartyLimits};
use protocol::{CHAT_KEPT, Chat, ChatMessage, MessageText, ParticipantName, PartyCode};
use std::time::Duration;

async fn create(parties: &Parties, name: &str) -> PartyCode {
    let created = parties.create(person(name), plan(name)).await;
    created.unwrap().party_code
}

async fn try_to_send(
    parties: &Parties,
    code: PartyCode,
    name: &str,
    text: &str,
) -> Result<ChatMessage, PartyError> {
    let text = MessageText::parse(text).unwrap();
    parties.send_message(code, person(name), text, None).await
}

async fn send(parties: &Parties, code: PartyCode, name: &str, text: &str) -> ChatMessage {
    try_to_send(parties, code, name, text).await.unwrap()
}

fn texts(chat: &Chat) -> Vec<&str> {
    let messages = chat.messages.iter();
    messages.map(|message| message.message.as_str()).collect()
}

pub async fn messages_keep_the_name_that_their_sender_had_then(redis: &impl AnyRedis) {
    let one = ready_engine("fra", &redis.url()).await;
    let parties = one.parties();
    let code = create(parties, "Ann").await;
    parties.join(code, person("bob"), None).await.unwrap();

    let first = send(parties, code, "bob", "hello").await;
    let name = ParticipantName::parse("Bob").unwrap();
    parties.rename(code, person("bob"), name).await.unwrap();
    let second = send(parties, code, "bob", "it is me").await;
    parties.leave(code, person("bob")).await.unwrap();
    let third = send(parties, code, "Ann", "\0<b>\u{202e}").await;

    let chat = parties.chat(code, None, 10).await.unwrap();
    assert_eq!(
        chat.messages,
        [first.clone(), second.clone(), third.clone()]
    );
    assert_eq!(chat.before, None);
    let who =
        [&first, &second, &third].map(|sent| (sent.participant_id, &sent.participant_name[..]));
    assert_eq!(who, [(1, "Guest 2"), (1, "Bob"), (0, "Ann")]);
    assert!(first.cursor < second.cursor && second.cursor < third.cursor);
    one.shutdown().await;
}

#[tokio::test]
async fn only_participants_send_messages_and_only_while_they_are_in() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let parties = one.parties();
    let code = create(parties, "Ann").await;
    let other = create(parties, "cid").await;
    parties.join(code, person("bob"), None).await.unwrap();
    send(parties, code, "bob", "hi").await;

    parties.leave(code, person("bob")).await.unwrap();

    for name in ["bob", "cid", "nobody"] {
        let refused = try_to_send(parties, code, name, "no").await;
        assert!(matches!(refused, Err(PartyError::NotIn)), "{name}");
    }
    parties.join(other, person("bob"), None).await.unwrap();
    assert!(try_to_send(parties, code, "bob", "no").await.is_err());
    parties.join(code, person("bob"), None).await.unwrap();
    send(parties, code, "bob", "again").await;
    assert_eq!(
        texts(&parties.chat(code, None, 9).await.unwrap()),
        ["hi", "again"]
    );
    assert!(
        parties
            .chat(other, None, 9)
            .await
            .unwrap()
            .messages
            .is_empty()
    );
    one.shutdown().await;
}

#[tokio::test]
async fn a_chat_keeps_a_thousand_messages_and_pages_through_them() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let parties = one.parties();
    let code = create(parties, "Ann").await;
    let extra = 30;
    for number in 0..CHAT_KEPT + extra {
        send(parties, code, "Ann", &number.to_string()).await;
    }

    let mut all = Vec::new();
    let mut before = None;
    loop {
        let chat = parties.chat(code, before, 70).await.unwrap();
        assert!(chat.messages.len() <= 70);
        all.splice(0..0, texts(&chat).into_iter().map(str::to_owned));
        before = chat.before;
        if before.is_none() {
            break;
        }
    }

    let kept: Vec<_> = (extra..CHAT_KEPT + extra)
        .map(|number| number.to_string())
        .collect();
    assert_eq!(all, kept);
    let most = parties.chat(code, None, 100_000).await.unwrap();
    assert_eq!(most.messages.len(), 200, "never more at once");
    one.shutdown().await;
}

#[tokio::test]
async fn a_chat_is_deleted_with_its_party_however_that_ends() {
    let redis = start_redis().await;
    let limits = Limits {
        parties: PartyLimits {
            ttl: Duration::from_secs(2),
            ..PartyLimits::default()
        },
        ..impatient()
    };
    let one = ready_engine_with("fra", &redis.url(), limits).await;
    let parties = one.parties();
    let left = create(parties, "Ann").await;
    send(parties, left, "Ann", "hi").await;
    parties.leave(left, person("Ann")).await.unwrap();
    let gone = try_to_send(parties, left, "Ann", "no").await;
    assert!(matches!(gone, Err(PartyError::Unknown)));
    assert!(matches!(
        parties.chat(left, None, 9).await,
        Err(PartyError::Unknown)
    ));

    let silent = create(parties, "Bob").await;
    send(parties, silent, "Bob", "hi").await;
    eventually("the end of a silent party", async || {
        matches!(
            parties.chat(silent, None, 9).await,
            Err(PartyError::Unknown)
        )
    })
    .await;

    one.shutdown().await;
    assert_eq!(Truth::of(&redis).await.party_keys().await, [""; 0]);
}

#[tokio::test]
async fn a_message_postpones_the_end() {
    let redis = start_redis().await;
    let limits = Limits {
        parties: PartyLimits {
            ttl: Duration::from_secs(6),
            ..PartyLimits::default()
        },
        ..impatient()
    };
    let one = ready_engine_with("fra", &redis.url(), limits).await;
    let parties = one.parties();
    let talking = create(parties, "Ann").await;
    let silent = create(parties, "Bob").await;

    eventually("the end of the other", async || {
        send(parties, talking, "Ann", "still here").await;
        matches!(parties.show(silent).await, Err(PartyError::Unknown))
    })
    .await;

    parties.show(talking).await.unwrap();
    one.shutdown().await;
}

#[tokio::test]
async fn a_session_gets_messages_from_anywhere_and_the_party_only_when_it_changes() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    let two = start_engine("ord", &redis.url());
    ready(&one).await;
    ready(&two).await;
    let code = create(one.parties(), "Ann").await;
    send(one.parties(), code, "Ann", "before").await;

    let mut far = Page::open(&two, "watcher", Some(code));
    far.until_names(&["Ann*"]).await;
    far.until_messages("the earlier message", |texts| texts == ["before"])
        .await;
    let frames = far.frames();
    send(one.parties(), code, "Ann", "now").await;
    far.until_messages("the new message", |texts| texts == ["before", "now"])
        .await;

    assert_eq!(far.frames(), frames, "the party is as it was");
    let frames = far.chat_frames();
    one.parties().join(code, person("bob"), None).await.unwrap();
    far.until_names(&["Ann*", "Guest 2"]).await;
    assert_eq!(far.chat_frames(), frames, "the chat is as it was");
    one.shutdown().await;
    two.shutdown().await;
}

#[tokio::test]
async fn a_frame_has_at_most_fifty_messages_and_64_kib() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let parties = one.parties();
    let code = create(parties, "Ann").await;
    for number in 1..=60 {
        send(parties, code, "Ann", &number.to_string()).await;
    }

    let mut page = Page::open(&one, "watcher", Some(code));
    page.until_messages("the newest", |texts| texts.last() == Some(&"60"))
        .await;
    let chat = page.chat().unwrap();
    let before = parties.chat(code, chat.before, 1).await.unwrap();
    assert_eq!(chat.messages.len(), 50);
    assert_eq!(texts(&before), ["10"], "what comes before the first");
    // Each takes 24 KiB of JSON; the page checks the size of every frame.
    let long = "\u{1}".repeat(4095) + ".";
    for _ in 0..5 {
        send(parties, code, "Ann", &long).await;
    }
    page.until_messages("two of the long ones", |texts| texts == [&long, &long])
        .await;
    one.shutdown().await;
}

#[tokio::test]
async fn a_busy_chat_makes_a_bounded_number_of_frames_a_second() {
    let redis = start_redis().await;
    let limits = Limits {
        frames_per_second: Some(5),
        ..patient()
    };
    let one = ready_engine_with("fra", &redis.url(), limits).await;
    let parties = one.parties();
    let code = create(parties, "Ann").await;
    let mut page = Page::open(&one, "watcher", Some(code));
    page.until_messages("an empty chat", |texts| texts.is_empty())
        .await;
    let start = tokio::time::Instant::now();

    for number in 0..300 {
        send(parties, code, "Ann", &number.to_string()).await;
    }
    page.until_messages("the last", |texts| texts.last() == Some(&"299"))
        .await;

    let most = start.elapsed().as_secs_f64() * 5.0 + 2.0;
    assert!(
        (page.chat_frames() as f64) <= most,
        "{}",
        page.chat_frames()
    );
    one.shutdown().await;
}

#[tokio::test]
async fn messages_sent_while_the_link_is_cut_arrive_after() {
    let redis = start_redis().await;
    let proxy = link_to(&redis);
    let far = ready_engine_with("fra", &proxy.url(), impatient()).await;
    let near = ready_engine("ord", &redis.url()).await;
    let code = create(near.parties(), "Ann").await;
    let mut page = Page::open(&far, "watcher", Some(code));
    page.until_messages("an empty chat", |texts| texts.is_empty())
        .await;

    proxy.cut();
    until(&far, "a cut link", |world| world.age_ms > 0).await;
    send(near.parties(), code, "Ann", "anyone?").await;
    let text = MessageText::parse("lost").unwrap();
    let lost = far
        .parties()
        .send_message(code, person("Ann"), text, None)
        .await;
    assert!(matches!(lost, Err(PartyError::Link(_))));
    proxy.restore();

    page.until_messages("what was missed", |texts| texts.contains(&"anyone?"))
        .await;
    far.shutdown().await;
    near.shutdown().await;
}
