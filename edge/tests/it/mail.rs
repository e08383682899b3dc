//! What everyone may rely on of messages and mailboxes.

use crate::support::{
    AnyRedis, Truth, address, all_ready, claim, inbox, keyed, lines, person, proved, ready,
    ready_engine, refusal, roomy, sending, start_engine, start_mail, start_redis, texts,
};
use edge::{Credentials, MailError};
use protocol::MessageStatus;

pub async fn a_message_sent_anywhere_is_in_its_recipients_mailbox_everywhere(
    redis: &impl AnyRedis,
) {
    let one = start_engine("fra", &redis.url());
    let two = start_engine("ord", &redis.url());
    all_ready(&[&one, &two]).await;
    let finch = claim(&one, "syd-finch").await;

    let sent = one
        .mail()
        .send(sending("1-wren", "3-finch", "123"))
        .await
        .unwrap();

    assert_eq!(sent.status, MessageStatus::Delivered);
    assert_eq!(
        (sent.from, sent.to),
        (address("ord-wren"), address("syd-finch"))
    );
    let got = inbox(&two, "3-finch", &finch, 10).await;
    assert_eq!(texts(&got), ["123"]);
    assert_eq!((&got[0].id, &got[0].sent_at), (&sent.id, &sent.sent_at));
    assert_eq!(got[0].from, address("ord-wren"));
    assert!(!got[0].verified, "nobody has claimed it");
    one.shutdown().await;
    two.shutdown().await;
}

#[tokio::test]
async fn a_place_that_nobody_knows_is_named() {
    let redis = start_redis().await;
    let one = start_mail("fra", &redis.url(), roomy());
    ready(&one).await;
    let mail = one.mail();

    let to = refusal(mail.send(sending("1-wren", "4-user", "x")).await);
    let from = refusal(mail.send(sending("odr-wren", "1-user", "x")).await);

    assert!(
        matches!(&to, MailError::UnknownPlace { place, .. } if place.as_str() == "4"),
        "{to}"
    );
    let MailError::UnknownPlace { near, .. } = from else {
        panic!("{from}");
    };
    assert_eq!(near, ["ord (Chicago)"]);
    let places: Vec<_> = mail.places().iter().map(ToString::to_string).collect();
    for place in ["ord", "1", "moon"] {
        assert!(places.contains(&place.to_owned()), "{place}");
    }
    one.shutdown().await;
}

#[tokio::test]
async fn a_claimed_address_is_its_owners_alone() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let mail = one.mail();
    let wren = claim(&one, "1-wren").await;
    let finch = claim(&one, "fra-finch").await;

    let taken = refusal(mail.claim(address("ord-wren")).await);
    let from_other = refusal(
        mail.send(proved("ord-wren", "fra-finch", "x", &finch))
            .await,
    );
    let from_nobody = refusal(mail.send(sending("ord-wren", "fra-finch", "x")).await);
    let read = refusal(mail.inbox(address("1-wren"), &finch, None, 10).await);
    mail.send(proved("ord-wren", "fra-finch", "mine", &wren))
        .await
        .unwrap();

    assert!(matches!(taken, MailError::Taken));
    for error in [from_other, from_nobody, read] {
        assert!(matches!(error, MailError::NotOwner), "{error}");
    }
    let got = inbox(&one, "fra-finch", &finch, 10).await;
    assert_eq!(texts(&got), ["mine"]);
    assert!(got[0].verified);
    assert!(mail.is_owner(&address("1-wren"), &wren).await.unwrap());
    assert!(!mail.is_owner(&address("1-wren"), &finch).await.unwrap());
    assert!(!mail.is_owner(&address("moon-wren"), &wren).await.unwrap());
    one.shutdown().await;
}

#[tokio::test]
async fn of_many_who_claim_an_address_at_once_one_has_it() {
    let redis = start_redis().await;
    let one = start_engine("fra", &redis.url());
    let two = start_engine("ord", &redis.url());
    all_ready(&[&one, &two]).await;

    let mut claims = tokio::task::JoinSet::new();
    for number in 0..20 {
        let mail = [&one, &two][number % 2].mail().clone();
        claims.spawn(async move { mail.claim(address("1-wren")).await });
    }
    let outcomes = claims.join_all().await;

    let tokens: Vec<_> = outcomes.iter().flatten().collect();
    let [(_, token)] = tokens[..] else {
        panic!("{} have it", tokens.len());
    };
    let refused = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
    for error in refused {
        assert!(matches!(error, MailError::Taken), "{error}");
    }
    let proof = Credentials::from(token);
    assert!(
        two.mail()
            .is_owner(&address("1-wren"), &proof)
            .await
            .unwrap()
    );
    one.shutdown().await;
    two.shutdown().await;
}

#[tokio::test]
async fn nobody_reads_an_unclaimed_mailbox_and_claiming_it_empties_it() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let mail = one.mail();
    mail.send(sending("1-wren", "2-finch", "before"))
        .await
        .unwrap();

    let read = refusal(
        mail.inbox(address("2-finch"), &Credentials::default(), None, 10)
            .await,
    );
    let as_person = Credentials::from(person("ann"));
    let read_by_ann = refusal(mail.inbox(address("2-finch"), &as_person, None, 10).await);
    let finch = claim(&one, "2-finch").await;
    mail.send(sending("1-wren", "2-finch", "after"))
        .await
        .unwrap();

    assert!(matches!(read, MailError::NotOwner) && matches!(read_by_ann, MailError::NotOwner));
    assert_eq!(texts(&inbox(&one, "2-finch", &finch, 10).await), ["after"]);
    let conversations = mail
        .conversations(address("2-finch"), &finch, 10)
        .await
        .unwrap();
    assert_eq!(lines(&conversations.newest), ["after"]);
    one.shutdown().await;
}

#[tokio::test]
async fn a_person_has_the_address_that_they_took_up_last() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let mail = one.mail();
    let (ann, bob) = (person("ann"), person("bob"));
    assert_eq!(mail.address_of(ann).await.unwrap(), None);

    mail.claim_for(ann, address("1-wren")).await.unwrap();
    mail.claim_for(ann, address("2-wren")).await.unwrap();
    let second = mail.address_of(ann).await.unwrap();
    mail.claim_for(ann, address("1-wren")).await.unwrap();
    let taken = refusal(mail.claim_for(bob, address("1-wren")).await);

    assert_eq!(second, Some(address("fra-wren")));
    assert_eq!(
        mail.address_of(ann).await.unwrap(),
        Some(address("ord-wren"))
    );
    assert!(matches!(taken, MailError::Taken));
    assert_eq!(mail.address_of(bob).await.unwrap(), None);
    let proof = Credentials::from(ann);
    mail.send(proved("1-wren", "2-wren", "to myself", &proof))
        .await
        .unwrap();
    assert_eq!(
        texts(&inbox(&one, "2-wren", &proof, 10).await),
        ["to myself"]
    );
    one.shutdown().await;
}

#[tokio::test]
async fn the_postmaster_is_nobody_and_other_clusters_addresses_are_theirs() {
    let redis = start_redis().await;
    let one = start_mail("fra", &redis.url(), roomy());
    ready(&one).await;
    let mail = one.mail();

    let claimed = refusal(mail.claim(address("1-postmaster")).await);
    let written = refusal(mail.send(sending("1-postmaster", "1-wren", "x")).await);
    let written_to = refusal(mail.send(sending("1-wren", "1-postmaster", "x")).await);
    let of_another = refusal(mail.claim(address("moon-wren")).await);
    let from_another = refusal(mail.send(sending("moon-wren", "1-wren", "x")).await);

    for error in [claimed, written, written_to] {
        assert!(matches!(error, MailError::Reserved), "{error}");
    }
    for error in [of_another, from_another] {
        assert!(
            matches!(&error, MailError::Elsewhere(peer) if peer == "starlings"),
            "{error}"
        );
    }
    one.shutdown().await;
}

#[tokio::test]
async fn a_token_is_stored_as_its_hash_alone() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;

    let (_, token) = one.mail().claim(address("1-wren")).await.unwrap();

    let mut truth = Truth::of(&redis).await;
    let key = Truth::mail_key("ord-wren", "owner");
    let owner: Vec<String> = truth.run(&["HGETALL", &key]).await;
    assert!(owner.contains(&"token".to_owned()));
    assert!(!owner.iter().any(|value| value.contains(token.expose())));
    assert_eq!(format!("{token:?}"), "MailToken(…)");
    one.shutdown().await;
}

#[tokio::test]
async fn the_same_key_gives_the_same_answer_and_one_message() {
    let redis = start_redis().await;
    let one = start_mail("fra", &redis.url(), roomy());
    let two = start_mail("ord", &redis.url(), roomy());
    all_ready(&[&one, &two]).await;
    let (wren, finch) = (claim(&one, "1-wren").await, claim(&one, "2-finch").await);
    let message = keyed(&proved("1-wren", "2-finch", "once", &wren), "k");
    let far = keyed(&proved("1-wren", "moon-finch", "far", &wren), "far");

    let first = one.mail().send(message.clone()).await.unwrap();
    let again = two.mail().send(message.clone()).await.unwrap();
    let first_far = one.mail().send(far.clone()).await.unwrap();
    let again_far = two.mail().send(far).await.unwrap();
    let other = keyed(&proved("1-wren", "2-finch", "other", &wren), "k");
    let reused = refusal(one.mail().send(other).await);
    let others = keyed(&sending("3-stranger", "2-finch", "once"), "k");
    one.mail().send(others).await.unwrap();

    assert_eq!(first, again);
    assert_eq!(
        (first_far.status, &first_far),
        (MessageStatus::Queued, &again_far)
    );
    assert!(matches!(reused, MailError::KeyReused));
    let got = inbox(&one, "2-finch", &finch, 10).await;
    assert_eq!(texts(&got), ["once", "once"]);
    assert_eq!(got[1].from, address("syd-stranger"));
    let kept = one
        .mail()
        .letters(address("1-wren"), Some(&wren), None, 10)
        .await
        .unwrap();
    assert_eq!(lines(&kept), [">once", ">far"]);
    one.shutdown().await;
    two.shutdown().await;
}

#[tokio::test]
async fn any_text_comes_out_as_it_went_in() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
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
