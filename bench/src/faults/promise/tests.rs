//! Each check passes what is right, and finds what is not.

use super::*;
use protocol::{Region, RegionCode};

fn promises(violations: impl IntoIterator<Item = Violation>) -> Vec<Promise> {
    let promises = violations.into_iter().map(|violation| violation.promise);
    promises.collect()
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn world(rev: u64, clicks: i64, connections: u32, instances: u32) -> World {
    let region = Region {
        code: RegionCode::parse("ord").unwrap(),
        city: "Chicago".into(),
        lat: 0.0,
        lng: 0.0,
        clicks,
        people: 0,
        connections,
        instances,
        reached_ms: None,
        reached_rev: None,
    };
    World {
        rev,
        age_ms: 0,
        clicks,
        connections: connections as usize,
        regions: vec![region],
    }
}

#[test]
fn what_is_lost_or_there_twice_is_found() {
    let sent = texts(&["a", "b"]);
    let check = |there| promises(exactly_once(Promise::LetterOnce, &sent, &texts(there)));

    assert_eq!(check(&["b", "a"]), []);
    for wrong in [&["a"][..], &["a", "b", "b"], &["a", "b", "c"], &["a", "a"]] {
        assert_eq!(check(wrong), [Promise::LetterOnce], "{wrong:?}");
    }
}

#[test]
fn a_revision_that_goes_back_is_found() {
    let mut sight = Sight::default();

    assert_eq!(promises(sight.see(1, 5)), []);
    assert_eq!(promises(sight.see(1, 5)), []);
    assert_eq!(promises(sight.see(1, 4)), [Promise::NeverBack]);
    assert_eq!(promises(sight.see(2, 1)), []);
    assert_eq!(promises(sight.see(1, 9)), [Promise::NeverBack]);
}

#[test]
fn mirrors_that_differ_and_sums_that_are_wrong_are_found() {
    let good = world(7, 3, 4, 2);
    let check = |other: World| promises(mirrors_agree(&[good.clone(), other], 4, 2));

    assert_eq!(check(good.clone()), []);
    assert_eq!(check(world(7, 2, 4, 2)), [Promise::MirrorsAgree]);
    assert_eq!(check(world(8, 3, 4, 2)), [Promise::MirrorsAgree]);
    let overwritten = world(7, 3, 2, 2);
    let both = [overwritten.clone(), overwritten];
    assert_eq!(
        promises(mirrors_agree(&both, 4, 2)),
        [Promise::RegionsAddUp; 2]
    );
    assert_eq!(
        promises(mirrors_agree(&[good], 4, 1)),
        [Promise::MirrorsAgree]
    );
}

#[test]
fn an_instance_that_is_shown_for_too_long_is_found() {
    assert_eq!(promises(gone_in_time(GONE_WITHIN)), []);
    let late = GONE_WITHIN + Duration::from_millis(1);
    assert_eq!(promises(gone_in_time(late)), [Promise::GoneInTime]);
}

#[test]
fn pages_without_redis_have_to_come_and_to_say_their_age() {
    let second = Duration::from_secs(1);
    let good = Shown {
        away: AGE_SAID_AFTER + second,
        page: Some(second),
        age: second,
    };
    let check = |shown| promises(pages_go_on(shown));

    assert_eq!(check(good), []);
    let wrong = [
        Shown { page: None, ..good },
        Shown {
            page: Some(PAGE_WITHIN + second),
            ..good
        },
        Shown {
            age: Duration::ZERO,
            ..good
        },
    ];
    for shown in wrong {
        assert_eq!(check(shown), [Promise::PagesGoOn], "{shown:?}");
    }
    assert_eq!(
        check(Shown {
            away: second,
            age: Duration::ZERO,
            ..good
        }),
        []
    );
    assert_eq!(promises(sockets_stay(0)), []);
    assert_eq!(promises(sockets_stay(1)), [Promise::PagesGoOn]);
}
