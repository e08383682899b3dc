//! Documents, by calls with and without keys.

use crate::documents::{ask, ask_for, change, question, start, state, until, until_refused};
use crate::support::{AnyRedis, patient, person, session_id, start_redis};
use edge::{ChangeError, ChangeSource, Limits};
use protocol::{DocumentCode, PollChange};

#[tokio::test]
async fn an_idempotency_key_is_of_one_change() {
    let redis = start_redis().await;
    let (fra, polls) = start("fra", &redis, patient()).await;
    let code = ask(&polls, "bo").await;
    let vote = |key: &str, vote| {
        polls.change(
            &code,
            person("ann"),
            ChangeSource::Key(key.into()),
            PollChange::Vote(vote),
        )
    };

    assert!(matches!(vote("a", 7).await, Err(ChangeError::Refused(_))));
    assert_eq!(vote("a", 1).await.unwrap().own.vote, Some(1));
    assert_eq!(vote("b", 2).await.unwrap().own.vote, Some(2));
    assert_eq!(vote("a", 1).await.unwrap().own.vote, Some(2), "nothing new");
    assert!(matches!(vote("a", 0).await, Err(ChangeError::KeyReused)));
    fra.shutdown().await;
}

pub async fn a_document_is_created_once_a_key_and_so_many_a_person(redis: &impl AnyRedis) {
    let limits = Limits {
        documents_per_person: 2,
        ..patient()
    };
    let (fra, polls) = start("fra", redis, limits).await;
    let ann = person("ann");

    let (first, seen) = polls.create(ann, Some("a"), question()).await.unwrap();
    assert!(seen.own.is_maker);
    assert_eq!(
        polls.create(ann, Some("a"), question()).await.unwrap().0,
        first
    );
    let other = polls.create(ann, Some("a"), ask_for("Where to?")).await;
    assert!(matches!(other, Err(ChangeError::KeyReused)));
    let second = ask(&polls, "ann").await;
    let third = polls.create(ann, None, question()).await;
    assert!(matches!(third, Err(ChangeError::TooMany { max: 2 })));
    let own: Vec<_> = polls
        .created_by(ann)
        .await
        .unwrap()
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    assert_eq!(own, [second.clone(), first.clone()]);
    assert!(polls.created_by(person("bo")).await.unwrap().is_empty());

    // One of them expires.
    let key = format!("test:{{document:poll:{first}}}:1:value");
    let mut connection = redis.look(&key).await;
    let gone: u32 = redis::cmd("DEL")
        .arg(&key)
        .query_async(&mut connection)
        .await
        .unwrap();
    assert_eq!(gone, 1);
    let third = polls.create(ann, None, question()).await.unwrap().0;
    let own: Vec<_> = polls
        .created_by(ann)
        .await
        .unwrap()
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    assert_eq!(own, [third, second]);
    fra.shutdown().await;
}

#[tokio::test]
async fn what_does_not_exist_or_is_no_change_is_refused() {
    let redis = start_redis().await;
    let (fra, polls) = start("fra", &redis, patient()).await;
    let code = DocumentCode::from(7);
    let mut ann = fra.session(&session_id("ann"), person("ann"));
    ann.watch("poll", code.as_str()).await.unwrap();
    until(&mut ann, "that there is none", |frame| {
        state(&frame)?.is_none().then_some(())
    })
    .await;

    ann.change("poll", code.as_str(), 1, &change(PollChange::Withdraw))
        .unwrap();
    assert_eq!(until_refused(&mut ann, 1).await.kind, "unknown-document");
    let none = ann.change("pool", code.as_str(), 2, &change(PollChange::Close));
    assert!(matches!(none, Err(ChangeError::UnknownTopic)));
    for (key, json) in [
        ("", r#""withdraw""#),
        (code.as_str(), "{}"),
        (code.as_str(), r#"{"vote":-1}"#),
    ] {
        let json = serde_json::from_str(json).unwrap();
        let outcome = ann.change("poll", key, 2, &json);
        assert!(
            matches!(outcome, Err(ChangeError::Unreadable(_))),
            "{key} {json:?}"
        );
    }
    assert!(polls.read(&code, None).await.unwrap().is_none());
    fra.shutdown().await;
}
