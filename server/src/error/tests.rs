//! Pins what each error is told as.

use super::{HttpError, MailRefusal};
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::response::IntoResponse;
use edge::{DrawError, MailError, PartyError};
use protocol::{MessageTextError, RegionCode};

#[test]
fn every_error_has_its_status_and_kind() {
    let expected = [
        (HttpError::Body("x".into()), 422, "bad-body"),
        (HttpError::MediaType, 415, "not-json"),
        (HttpError::TooLarge, 413, "too-large"),
        (HttpError::Query("x".into()), 400, "bad-query"),
        (HttpError::Path("x".into()), 400, "bad-path"),
        (HttpError::IdempotencyKey, 400, "bad-idempotency-key"),
        (HttpError::Origin, 403, "other-origin"),
        (HttpError::NoLiveRegion, 404, "no-live-region"),
        (HttpError::UnknownParty, 404, "unknown-party"),
        (HttpError::NotInParty, 404, "not-in-party"),
        (HttpError::UnknownPlayer(9), 404, "unknown-player"),
        (HttpError::PartyFull(64), 409, "party-full"),
        (HttpError::TooManyClicks, 429, "too-many-clicks"),
        (HttpError::TooManyConnections, 429, "too-many-connections"),
        (
            HttpError::TooManyPartyChanges(9),
            429,
            "too-many-party-changes",
        ),
        (HttpError::TooManyGuesses(9), 429, "too-many-guesses"),
        (HttpError::TooManySearches(9), 429, "too-many-searches"),
        (HttpError::Unavailable, 503, "redis-away"),
        (HttpError::Full, 503, "redis-away"),
        (HttpError::Away, 503, "redis-away"),
        (HttpError::NotReady, 503, "not-ready"),
        (HttpError::TimedOut, 504, "timed-out"),
        (HttpError::Internal, 500, "internal"),
        (HttpError::BadToken, 401, "bad-token"),
        (HttpError::TooManyTokens(9), 429, "too-many-tokens"),
    ];
    for (error, status, kind) in expected {
        let problem = error.problem();
        assert_eq!((problem.status, problem.kind.as_str()), (status, kind));
        assert_eq!(error.into_response().status().as_u16(), status);
    }
}

#[test]
fn a_full_party_says_how_many_it_has_and_what_to_do() {
    let detail = HttpError::PartyFull(64).problem().detail.unwrap();

    assert!(detail.contains("64 participants") && detail.contains("another party"));
}

#[test]
fn what_the_engine_says_of_parties_is_told() {
    let told = |error: PartyError| HttpError::from(error).problem().kind;

    assert_eq!(told(PartyError::Unknown), "unknown-party");
    assert_eq!(told(PartyError::NotIn), "not-in-party");
    assert_eq!(told(PartyError::Full { limit: 2 }), "party-full");
    assert_eq!(told(edge::LinkError::Away.into()), "redis-away");
}

#[test]
fn what_the_engine_says_of_the_draw_is_told() {
    let told = |error: DrawError| HttpError::from(error).problem();

    assert_eq!(told(DrawError::NotReady).kind, "not-ready");
    let unknown = told(DrawError::UnknownPlayer(1_000));
    assert_eq!((unknown.status, &unknown.kind[..]), (404, "unknown-player"));
    assert_eq!(unknown.title, "There is no such player");
    assert!(unknown.detail.unwrap().contains("1 to 1000"));
    let one = told(DrawError::UnknownPlayer(1)).detail.unwrap();
    assert!(one.contains("its id is 1"), "{one}");
}

#[test]
fn every_refusal_of_mail_has_its_status_and_kind() {
    let unknown = MailError::UnknownPlace {
        place: RegionCode::parse("4").unwrap(),
        near: vec![],
    };
    let away: MailError = edge::LinkError::Away.into();
    let expected: [(HttpError, u16, &str); 13] = [
        (unknown.into(), 404, "unknown-place"),
        (
            MailError::Elsewhere("x".into()).into(),
            422,
            "address-elsewhere",
        ),
        (MailError::Reserved.into(), 403, "reserved-address"),
        (MailError::NotOwner.into(), 401, "not-owner"),
        (MailError::Taken.into(), 409, "address-taken"),
        (MailError::KeyReused.into(), 422, "key-reused"),
        (MailError::TooManyFrom(3).into(), 429, "too-many-messages"),
        (MailError::TooManyTo(3).into(), 429, "too-many-messages"),
        (
            MailRefusal::TooManyMessages(3).into(),
            429,
            "too-many-messages",
        ),
        (MailRefusal::TooManyClaims(3).into(), 429, "too-many-claims"),
        (MailError::OutboxFull("x".into()).into(), 503, "outbox-full"),
        (away.into(), 503, "redis-away"),
        (MessageTextError::TooLong.into(), 413, "message-too-long"),
    ];
    for (error, status, kind) in expected {
        let problem = error.problem();
        assert_eq!((problem.status, problem.kind.as_str()), (status, kind));
        assert!(problem.detail.is_some(), "{kind} says what to do");
        let response = error.into_response();
        let asks = response.headers().contains_key(WWW_AUTHENTICATE);
        assert_eq!(asks, status == 401, "{kind}");
        let waits = response.headers().contains_key(RETRY_AFTER);
        assert_eq!(waits, matches!(status, 429 | 503), "{kind}");
    }
}

#[test]
fn an_unknown_place_is_named_with_what_is_alike() {
    let told = |near: &[&str]| {
        let error = MailError::UnknownPlace {
            place: RegionCode::parse("orf").unwrap(),
            near: near.iter().map(|text| (*text).to_owned()).collect(),
        };
        HttpError::from(error).problem().detail.unwrap()
    };

    assert!(told(&[]).contains("`orf`. An address"));
    assert!(told(&["ord"]).contains("ord is alike"));
    assert!(told(&["ord", "lax", "fra"]).contains("ord, lax and fra are alike"));
}
