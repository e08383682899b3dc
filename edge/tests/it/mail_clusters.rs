//! What a mailbox does with messages for and from another cluster.

use crate::support::{
    Truth, address, claim, inbox, keyed, lines, mail_config, metrics, patient, proved, ready,
    refusal, roomy, sending, start_mail, start_redis, texts,
};
use edge::{Endpoint, Engine, MailError, MailLimits, OutboxBatch, OutboxOutcome};
use protocol::{Federated, MessageId, MessageStatus, MessageText};
use std::time::Duration;

#[tokio::test]
async fn a_message_for_another_cluster_is_queued_there_and_waits_in_an_owners_mailbox() {
    let redis = start_redis().await;
    let one = start_mail("fra", &redis.url(), roomy());
    ready(&one).await;
    let wren = claim(&one, "1-wren").await;

    let owned = one
        .mail()
        .send(proved("1-wren", "moon-finch", "mine", &wren))
        .await
        .unwrap();
    let free = one
        .mail()
        .send(sending("3-robin", "moon-finch", "free"))
        .await
        .unwrap();

    assert_eq!([owned.status, free.status], [MessageStatus::Queued; 2]);
    let batch = take(&one).await;
    let told: Vec<_> = batch.entries.iter().map(|entry| &entry.message).collect();
    let verified: Vec<_> = told.iter().map(|message| message.verified).collect();
    assert_eq!(
        (told[0].message.as_str(), told[1].message.as_str()),
        ("mine", "free")
    );
    assert_eq!((&told[0].id, verified), (&owned.id, vec![true, false]));
    let conversations = one
        .mail()
        .conversations(address("1-wren"), &wren, 10)
        .await
        .unwrap();
    assert_eq!(lines(&conversations.newest), [">mine"]);
    assert_eq!(conversations.newest[0].message.sent_at, owned.sent_at);
    let waiting: Vec<_> = conversations
        .mailbox
        .waiting
        .iter()
        .map(|waiting| &waiting.id)
        .collect();
    assert_eq!(waiting, [&owned.id]);
    one.shutdown().await;
}

#[tokio::test]
async fn what_was_taken_before_the_senders_copy_was_kept_does_not_wait() {
    let redis = start_redis().await;
    let one = start_mail("fra", &redis.url(), roomy());
    ready(&one).await;
    let wren = claim(&one, "1-wren").await;
    let message = keyed(&proved("1-wren", "moon-finch", "x", &wren), "k");
    let sent = one.mail().send(message.clone()).await.unwrap();

    // As if the instance had been killed before it kept the copy.
    let mut truth = Truth::of(&redis).await;
    let own = format!("own:{}", sent.id);
    for name in ["box", "waits", &own] {
        let _: u32 = truth
            .run(&["DEL", &Truth::mail_key("ord-wren", name)])
            .await;
    }
    let batch = take(&one).await;
    let outcomes = batch
        .entries
        .into_iter()
        .map(|entry| (entry, OutboxOutcome::Stored));
    let outbox = one.mail().outbox("starlings").unwrap();
    outbox.settle(outcomes.collect()).await.unwrap();
    let again = one.mail().send(message).await.unwrap();

    assert_eq!(sent, again);
    assert_eq!(take(&one).await.entries, []);
    let conversations = one
        .mail()
        .conversations(address("1-wren"), &wren, 10)
        .await
        .unwrap();
    assert_eq!(lines(&conversations.mailbox.letters), [">x"]);
    assert_eq!(conversations.mailbox.waiting, []);
    one.shutdown().await;
}

#[tokio::test]
async fn a_full_outbox_takes_no_more_and_local_mail_goes_on() {
    let redis = start_redis().await;
    let limits = MailLimits {
        outbox_max: 10,
        ..roomy()
    };
    let one = start_mail("fra", &redis.url(), limits);
    ready(&one).await;
    let mut answers = Vec::new();
    for number in 0..10 {
        let name = format!("ord-p{number}");
        let proof = claim(&one, &name).await;
        let letter = keyed(&proved(&name, "moon-finch", "x", &proof), "k");
        answers.push((letter.clone(), one.mail().send(letter).await.unwrap()));
    }

    let wren = claim(&one, "1-wren").await;
    let full = proved("1-wren", "moon-finch", "x", &wren);
    let full = refusal(one.mail().send(full).await);
    let (letter, first_answer) = answers.swap_remove(0);
    let again = one.mail().send(letter).await.unwrap();
    let local = one
        .mail()
        .send(sending("3-wren", "2-finch", "x"))
        .await
        .unwrap();

    assert!(matches!(full, MailError::OutboxFull(peer) if peer == "starlings"));
    assert_eq!(first_answer, again);
    assert_eq!(local.status, MessageStatus::Delivered);
    one.shutdown().await;
}

#[tokio::test]
async fn a_message_from_another_cluster_is_stored_once_however_often_it_comes() {
    let redis = start_redis().await;
    let one = start_mail("fra", &redis.url(), roomy());
    ready(&one).await;
    let finch = claim(&one, "2-finch").await;
    let mut early = federated(7, "2-finch", "hello");
    early.sent_ms = 1_000;
    let mut ahead = federated(8, "fra-finch", "from the future");
    ahead.sent_ms = 32_503_680_000_000;

    for message in [&early, &ahead, &early] {
        one.mail().receive(message.clone()).await.unwrap();
    }

    let got = inbox(&one, "2-finch", &finch, 10).await;
    assert_eq!(texts(&got), ["hello", "from the future"]);
    assert_eq!(
        (&got[0].id, &got[0].from),
        (&early.id, &address("moon-wren"))
    );
    assert_eq!(got[0].sent_at, "1970-01-01T00:00:01.000Z");
    assert!(got[1].sent_at.as_str() < "3000", "not after it came");
    assert!(got[0].verified);
    let conversations = one
        .mail()
        .conversations(address("2-finch"), &finch, 10)
        .await
        .unwrap();
    assert_eq!(conversations.mailbox.unread[0].count, 2);
    one.shutdown().await;
}

#[tokio::test]
async fn what_another_cluster_cannot_write_is_refused_for_ever() {
    let redis = start_redis().await;
    let one = start_mail("fra", &redis.url(), roomy());
    ready(&one).await;
    let mail = one.mail();
    let from_postmaster = Federated {
        from: address("moon-postmaster"),
        ..federated(4, "2-finch", "x")
    };

    let unknown = refusal(mail.receive(federated(1, "4-user", "x")).await);
    let back = refusal(mail.receive(federated(2, "moon-user", "x")).await);
    let postmaster = refusal(mail.receive(federated(3, "2-postmaster", "x")).await);
    let as_postmaster = refusal(mail.receive(from_postmaster).await);

    assert!(matches!(unknown, MailError::UnknownPlace { .. }));
    assert!(matches!(back, MailError::Elsewhere(_)));
    assert!(matches!(postmaster, MailError::Reserved));
    assert!(matches!(as_postmaster, MailError::Reserved));
    one.shutdown().await;
}

#[tokio::test]
async fn a_tokens_id_is_accepted_once() {
    let redis = start_redis().await;
    let one = start_mail("fra", &redis.url(), roomy());
    let two = start_mail("ord", &redis.url(), roomy());
    ready(&one).await;
    ready(&two).await;
    let minute = Duration::from_secs(60);

    assert!(one.mail().accept_once("a", minute).await.unwrap());
    assert!(!two.mail().accept_once("a", minute).await.unwrap());
    assert!(two.mail().accept_once("b", Duration::ZERO).await.unwrap());

    one.shutdown().await;
    two.shutdown().await;
}

fn federated(number: u128, to: &str, text: &str) -> Federated {
    Federated {
        id: MessageId::of(number),
        to: address(to),
        from: address("moon-wren"),
        message: MessageText::parse(text).unwrap(),
        sent_ms: 0,
        verified: true,
    }
}

/// What is to be sent to the other cluster.
async fn take(engine: &Engine) -> OutboxBatch {
    let outbox = engine.mail().outbox("starlings").unwrap();
    outbox
        .take(Duration::from_secs(60), 100, 1 << 20)
        .await
        .unwrap()
}

#[tokio::test]
async fn no_cluster_can_keep_a_notice_or_anothers_message_away() {
    let redis = start_redis().await;
    let one = start_mail("fra", &redis.url(), roomy());
    ready(&one).await;
    let finch = claim(&one, "2-finch").await;
    let message = proved("2-finch", "moon-wren", "x", &finch);
    let sent = one.mail().send(message).await.unwrap();
    let mut batch = take(&one).await;

    let own_id = Federated {
        id: sent.id.clone(),
        ..federated(1, "2-finch", "the same id")
    };
    one.mail().receive(own_id).await.unwrap();
    let refused = OutboxOutcome::Refused("No.".into());
    let settled = vec![(batch.entries.remove(0), refused)];
    let outbox = one.mail().outbox("starlings").unwrap();
    outbox.settle(settled).await.unwrap();

    let came = inbox(&one, "2-finch", &finch, 10).await;
    let from: Vec<_> = came.iter().map(|one| one.from.to_string()).collect();
    assert_eq!(from, ["moon-wren", "fra-postmaster"]);
    let mut truth = Truth::of(&redis).await;
    for name in [
        format!("peer:starlings:{}", sent.id),
        format!("notice:{}", sent.id),
    ] {
        let key = Truth::mail_key("fra-finch", &format!("seen:{name}"));
        let known: u32 = truth.run(&["EXISTS", &key]).await;
        assert_eq!(known, 1, "{name}");
    }
    one.shutdown().await;
}

#[tokio::test]
async fn what_comes_again_is_not_counted_again() {
    let redis = start_redis().await;
    let metrics = metrics();
    let config = mail_config("fra", Endpoint::Url(redis.url()), patient());
    let one = Engine::start(config, metrics.clone()).unwrap();
    ready(&one).await;
    let here = keyed(&sending("1-wren", "2-finch", "x"), "here");
    let there = keyed(&sending("1-wren", "moon-finch", "x"), "there");

    for _ in 0..3 {
        one.mail().send(here.clone()).await.unwrap();
        one.mail().send(there.clone()).await.unwrap();
        let message = federated(1, "2-finch", "x");
        one.mail().receive(message).await.unwrap();
    }

    let sent = |status| metrics.mail.sent.get_or_create(&[("status", status)]).get();
    assert_eq!((sent("delivered"), sent("queued")), (1, 1));
    assert_eq!(metrics.mail.received.get(), 1);
    one.shutdown().await;
}
