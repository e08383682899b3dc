//! Who is in which party, and who leads.

use crate::support::{
    AnyRedis, Truth, code_nobody_has, names, patient, person, place, plan, plan_at, ready,
    ready_engine, ready_engine_with, start_engine, start_redis,
};
use edge::{IdentityKey, Limits, PartyError, PartyLimits};
use protocol::{DeviceId, ParticipantName, PartyCode};
use std::collections::BTreeSet;

pub async fn a_party_is_shown_as_it_was_created_and_joined(redis: &impl AnyRedis) {
    let one = start_engine("fra", &redis.url());
    let two = start_engine("ord", &redis.url());
    ready(&one).await;
    ready(&two).await;

    let created = one.parties().create(person("ann"), plan("Ann")).await;
    let created = created.unwrap();
    let code = created.party_code;
    let bob = two.parties().join(code, person("bob"), None).await.unwrap();
    let cid = two.parties().join(code, person("cid"), Some(name("Cid")));
    let cid = cid.await.unwrap();

    assert_eq!(
        (created.participant_id, created.region.as_str()),
        (0, "fra")
    );
    assert!(bob.is_new && bob.joined.participant_id == 1);
    assert_eq!(cid.joined.participant_id, 2);
    let party = one.parties().show(code).await.unwrap();
    assert_eq!(party, two.parties().show(code).await.unwrap());
    assert_eq!(names(&party), ["Ann*", "Guest 2", "Cid"]);
    assert_eq!((party.lat, party.lng, party.listed), (50.11, 8.68, true));
    assert_eq!((party.region.as_str(), party.limit), ("fra", 64));
    for at in [&party.created_at, &party.participants[2].joined_at] {
        assert!(at.len() == 24 && at.ends_with('Z'), "{at}");
    }
    assert!(party.participants.iter().all(|who| !who.online));
    let of = two.parties().of(person("cid")).await.unwrap();
    assert_eq!(of, Some(cid.joined));
    one.shutdown().await;
    two.shutdown().await;
}

#[tokio::test]
async fn who_joins_again_keeps_the_id_and_may_take_a_name() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let parties = one.parties();
    let code = parties.create(person("ann"), plan("Ann")).await.unwrap();
    let code = code.party_code;
    parties.join(code, person("bob"), None).await.unwrap();
    let before = parties.show(code).await.unwrap();

    let plain = parties.join(code, person("bob"), None).await.unwrap();
    let unchanged = parties.show(code).await.unwrap();
    let named = parties.join(code, person("bob"), Some(name("Bob")));
    let named = named.await.unwrap();

    assert_eq!(unchanged, before);
    assert_eq!((plain.is_new, named.is_new), (false, false));
    assert_eq!(
        (plain.joined.participant_id, named.joined.participant_id),
        (1, 1)
    );
    let after = parties.show(code).await.unwrap();
    assert_eq!(names(&after), ["Ann*", "Bob"]);
    assert!(after.rev > before.rev);
    one.shutdown().await;
}

pub async fn the_longest_standing_leads_when_the_leader_leaves_and_the_last_one_ends_it(
    redis: &impl AnyRedis,
) {
    let one = ready_engine("fra", &redis.url()).await;
    let parties = one.parties();
    let code = parties.create(person("ann"), plan("Ann")).await.unwrap();
    let code = code.party_code;
    for who in ["bob", "cid"] {
        parties
            .join(code, person(who), Some(name(who)))
            .await
            .unwrap();
    }

    parties.leave(code, person("ann")).await.unwrap();
    assert_eq!(names(&parties.show(code).await.unwrap()), ["bob*", "cid"]);
    let back = parties.join(code, person("ann"), None).await.unwrap();
    assert_eq!(back.joined.participant_id, 3, "ids are never used twice");
    parties.leave(code, person("bob")).await.unwrap();
    let party = parties.show(code).await.unwrap();
    assert_eq!(names(&party), ["cid*", "Guest 4"]);
    parties.leave(code, person("ann")).await.unwrap();
    parties.leave(code, person("cid")).await.unwrap();

    assert!(matches!(parties.show(code).await, Err(PartyError::Unknown)));
    assert_eq!(parties.of(person("cid")).await.unwrap(), None);
    one.shutdown().await;
    assert_eq!(Truth::of(redis).await.party_keys().await, [""; 0]);
}

#[tokio::test]
async fn who_is_not_in_cannot_leave_or_be_renamed() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let parties = one.parties();
    let code = parties.create(person("ann"), plan("Ann")).await.unwrap();
    let code = code.party_code;
    parties.join(code, person("bob"), None).await.unwrap();
    let nowhere = code_nobody_has(code);

    parties
        .rename(code, person("bob"), name("Bob"))
        .await
        .unwrap();
    assert_eq!(names(&parties.show(code).await.unwrap()), ["Ann*", "Bob"]);
    parties.leave(code, person("bob")).await.unwrap();

    let twice = parties.leave(code, person("bob")).await;
    assert!(matches!(twice, Err(PartyError::NotIn)));
    let renamed = parties.rename(code, person("bob"), name("B")).await;
    assert!(matches!(renamed, Err(PartyError::NotIn)));
    let left = parties.leave(nowhere, person("ann")).await;
    assert!(matches!(left, Err(PartyError::Unknown)));
    let joined = parties.join(nowhere, person("ann"), None).await;
    assert!(matches!(joined, Err(PartyError::Unknown)));
    let renamed = parties.rename(nowhere, person("ann"), name("A")).await;
    assert!(matches!(renamed, Err(PartyError::Unknown)));
    assert_eq!(names(&parties.show(code).await.unwrap()), ["Ann*"]);
    one.shutdown().await;
}

#[tokio::test]
async fn a_person_is_in_one_party_and_stays_where_the_other_is_full() {
    let redis = start_redis().await;
    let limits = Limits {
        parties: PartyLimits {
            participants: 2,
            ..PartyLimits::default()
        },
        ..patient()
    };
    let one = ready_engine_with("fra", &redis.url(), limits).await;
    let parties = one.parties();
    let full = parties.create(person("ann"), plan("Ann")).await.unwrap();
    let full = full.party_code;
    parties.join(full, person("bob"), None).await.unwrap();
    let other = parties.create(person("cid"), plan("Cid")).await.unwrap();
    let other = other.party_code;

    let refused = parties.join(full, person("cid"), None).await;
    assert!(matches!(refused, Err(PartyError::Full { limit: 2 })));
    assert_eq!(names(&parties.show(other).await.unwrap()), ["Cid*"]);
    parties.join(other, person("ann"), None).await.unwrap();
    assert_eq!(names(&parties.show(full).await.unwrap()), ["Guest 2*"]);
    assert_eq!(
        names(&parties.show(other).await.unwrap()),
        ["Cid*", "Guest 2"]
    );
    let third = parties.create(person("bob"), plan("Bob")).await.unwrap();

    assert!(matches!(parties.show(full).await, Err(PartyError::Unknown)));
    let of = parties.of(person("bob")).await.unwrap().unwrap();
    assert_eq!(of.party_code, third.party_code);
    one.shutdown().await;
}

#[tokio::test]
async fn living_parties_have_different_codes() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let parties = one.parties();

    let mut codes: BTreeSet<PartyCode> = BTreeSet::new();
    for number in 0..500 {
        let who = person(&number.to_string());
        let created = parties.create(who, plan("X")).await.unwrap();
        assert!(codes.insert(created.party_code));
    }

    let spread = codes.iter().map(|code| code.to_string()[..2].to_owned());
    assert!(
        spread.collect::<BTreeSet<_>>().len() > 50,
        "drawn at random"
    );
    one.shutdown().await;
}

#[tokio::test]
async fn redis_holds_no_device_id_and_no_exact_place() {
    let redis = start_redis().await;
    let one = ready_engine("fra", &redis.url()).await;
    let device = DeviceId::parse("very-secret-device").unwrap();
    let ann = IdentityKey::new(&[7; 32]).person(&device);

    let at = place(52.520_008, 13.404_954);
    one.parties().create(ann, plan_at(at)).await.unwrap();

    let dump = redis.dump().await.unwrap();
    assert!(dump.contains("5252,1340"), "{dump}");
    for secret in ["very-secret", "52.5200", "13.4049"] {
        assert!(!dump.contains(secret), "{secret}: {dump}");
    }
    one.shutdown().await;
}

fn name(text: &str) -> ParticipantName {
    ParticipantName::parse(text).unwrap()
}
