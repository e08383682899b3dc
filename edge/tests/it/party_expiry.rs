//! Parties that nobody touches, and calls whose answers are lost.

use crate::support::{
    DEADLINE, Page, Truth, eventually, impatient, link_to, names, person, plan, ready_engine_with,
    start_redis,
};
use edge::testing::Proxy;
use edge::{Engine, Limits, PartyError, PartyLimits};
use protocol::PartyCode;
use std::time::Duration;

#[tokio::test]
async fn a_party_that_nobody_touches_ends_unless_a_participant_is_online() {
    let redis = start_redis().await;
    let one = ready_engine_with("fra", &redis.url(), forgetful(2_000)).await;
    let parties = one.parties();
    let mut ann = Page::open(&one, "ann", None);
    eventually("word of her in Redis", async || {
        let mut truth = Truth::of(&redis).await;
        !truth.online().await.is_empty()
    })
    .await;
    let kept = parties.create(person("ann"), plan("Ann")).await.unwrap();
    let kept = kept.party_code;
    ann.show(Some(kept));
    ann.until_names(&["Ann*."]).await;

    // Each is created later than the one that is kept, and ends.
    for _ in 0..2 {
        let created = parties.create(person("bob"), plan("Bob")).await.unwrap();
        parties
            .join(created.party_code, person("cid"), None)
            .await
            .unwrap();
        let mut watcher = Page::open(&one, "watcher", Some(created.party_code));
        watcher.until_ended().await;
    }

    assert_eq!(parties.of(person("cid")).await.unwrap(), None);
    assert_eq!(names(&parties.show(kept).await.unwrap()), ["Ann*."]);
    drop(ann);
    until_unknown(&one, kept).await;
    one.shutdown().await;
    assert_eq!(Truth::of(&redis).await.party_keys().await, [""; 0]);
}

#[tokio::test]
async fn joining_again_puts_off_the_end() {
    let redis = start_redis().await;
    let one = ready_engine_with("fra", &redis.url(), forgetful(6_000)).await;
    let parties = one.parties();
    let touched = parties.create(person("ann"), plan("Ann")).await.unwrap();
    let left = parties.create(person("bob"), plan("Bob")).await.unwrap();

    eventually("the end of the other", async || {
        let joined = parties.join(touched.party_code, person("ann"), None).await;
        joined.unwrap();
        matches!(
            parties.show(left.party_code).await,
            Err(PartyError::Unknown)
        )
    })
    .await;

    parties.show(touched.party_code).await.unwrap();
    one.shutdown().await;
}

#[tokio::test]
async fn hundreds_of_parties_end_in_parts() {
    let redis = start_redis().await;
    let one = ready_engine_with("fra", &redis.url(), forgetful(1_000)).await;
    for number in 0..700 {
        let who = person(&number.to_string());
        one.parties().create(who, plan("X")).await.unwrap();
    }

    eventually("the end of all", async || {
        let mut truth = Truth::of(&redis).await;
        truth.party_sorted("touched").await.is_empty()
    })
    .await;

    one.shutdown().await;
    assert_eq!(Truth::of(&redis).await.party_keys().await, [""; 0]);
}

#[tokio::test]
async fn calls_whose_answers_are_lost_can_be_made_again() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    // No beat takes the failure from the call.
    let limits = Limits {
        beat_every: DEADLINE,
        beat_limit: DEADLINE * 3,
        ..impatient()
    };
    let one = ready_engine_with("fra", &link.url(), limits).await;
    // Nor does a round of the draw.
    eventually("the first round", async || one.draw().is_ready()).await;
    let (parties, ann, bob) = (one.parties(), person("ann"), person("bob"));
    // Redis knows the scripts: the lost reply is that of the call.
    let code = parties.create(ann, plan("Ann")).await.unwrap().party_code;
    parties.join(code, bob, None).await.unwrap();
    for who in [ann, bob] {
        parties.leave(code, who).await.unwrap();
    }

    link.drop_replies();
    assert!(is_lost(parties.create(ann, plan("Ann")).await));
    back(&one, &link).await;
    let code = parties.create(ann, plan("Ann")).await.unwrap().party_code;
    let mut truth = Truth::of(&redis).await;
    assert_eq!(truth.party_sorted("touched").await, [code.to_string()]);

    link.drop_replies();
    assert!(is_lost(parties.join(code, bob, None).await));
    back(&one, &link).await;
    let again = parties.join(code, bob, None).await.unwrap();
    assert_eq!((again.joined.participant_id, again.is_new), (1, false));

    link.drop_replies();
    assert!(is_lost(parties.leave(code, ann).await));
    back(&one, &link).await;
    assert!(matches!(
        parties.leave(code, ann).await,
        Err(PartyError::NotIn)
    ));
    assert_eq!(names(&parties.show(code).await.unwrap()), ["Guest 2*"]);
    one.shutdown().await;
}

#[tokio::test]
async fn without_redis_every_call_says_so() {
    let redis = start_redis().await;
    let link = link_to(&redis);
    let one = ready_engine_with("fra", &link.url(), impatient()).await;
    let (parties, ann) = (one.parties(), person("ann"));
    let code = parties.create(ann, plan("Ann")).await.unwrap().party_code;

    link.cut();
    eventually("Redis away", async || !one.mirror().is_current()).await;

    assert!(is_lost(parties.create(ann, plan("Ann")).await));
    assert!(is_lost(parties.join(code, ann, None).await));
    assert!(is_lost(parties.leave(code, ann).await));
    assert!(is_lost(parties.show(code).await));
    assert!(is_lost(parties.of(ann).await));
    assert!(is_lost(parties.nearby(plan("X").at, 10.0, 10).await));
    one.shutdown().await;
}

/// Limits under which a party ends after so many milliseconds; a busy machine may take most of that for what a test does
/// meanwhile.
fn forgetful(ttl_ms: u64) -> Limits {
    Limits {
        parties: PartyLimits {
            ttl: Duration::from_millis(ttl_ms),
            ..PartyLimits::default()
        },
        ..impatient()
    }
}

fn is_lost<T>(outcome: Result<T, PartyError>) -> bool {
    matches!(outcome, Err(PartyError::Link(_)))
}

/// Mends the link, and waits until the engine has noticed both.
async fn back(engine: &Engine, link: &Proxy) {
    eventually("Redis away", async || !engine.mirror().is_current()).await;
    link.restore();
    eventually("Redis back", async || engine.mirror().is_current()).await;
}

async fn until_unknown(engine: &Engine, code: PartyCode) {
    eventually("the party's end", async || {
        matches!(engine.parties().show(code).await, Err(PartyError::Unknown))
    })
    .await;
}

#[tokio::test]
async fn a_chat_forgets_what_is_a_month_old_though_its_party_lasts() {
    let redis = start_redis().await;
    let one = ready_engine_with("fra", &redis.url(), impatient()).await;
    let parties = one.parties();
    let created = parties.create(person("ann"), plan("Ann")).await.unwrap();
    let code = created.party_code;
    let chat = Truth::key(&format!("parties:chat:{code}"));
    let mut truth = Truth::of(&redis).await;
    let month_ms = 30 * 24 * 3600 * 1_000;
    // And a second: the message that is sent may come within the same millisecond.
    let old = format!("{}-0", truth.now_ms().await - month_ms - 1_000);
    let _: String = truth
        .run(&["XADD", &chat, &old, "id", "0", "name", "", "text", "old"])
        .await;

    let text = protocol::MessageText::parse("new").unwrap();
    let sent = parties.send_message(code, person("ann"), text, None).await;
    sent.unwrap();

    let kept = parties.chat(code, None, 10).await.unwrap().messages;
    assert_eq!(kept.len(), 1, "{kept:?}");
    let left_ms: u64 = truth.run(&["PTTL", &chat]).await;
    assert!((1..=month_ms).contains(&left_ms), "{left_ms}");
    one.shutdown().await;
}
