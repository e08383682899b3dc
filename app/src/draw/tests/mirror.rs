//! What is shown, as news and answers come.

use super::samples::{making, news, two};
use crate::draw::{DrawMirror, NextRound, Origin};
use live::{Connection, Stop};

/// A page of round 7 that asked and shows player 70.
fn mirror() -> DrawMirror {
    DrawMirror::new(news(7, 10_000), 7, Some(two(&[(70, 1)])))
}

fn ids(mirror: &DrawMirror) -> Vec<u32> {
    let players = mirror.shown().players.iter();
    players.map(|player| player.id).collect()
}

#[test]
fn a_page_that_did_not_ask_shows_the_rounds_opening() {
    let mirror = DrawMirror::new(news(7, 10_000), 7, None);

    assert_eq!(ids(&mirror), [7]);
    assert_eq!(
        (&mirror.shown().origin, mirror.shown().turn),
        (&Origin::Opening, 0)
    );
}

#[test]
fn a_newer_round_takes_the_place_of_those_who_are_shown() {
    let mut mirror = mirror();

    mirror.hear(news(8, 60_000), 100);

    assert_eq!(ids(&mirror), [8]);
    assert_eq!(
        (mirror.shown().origin.clone(), mirror.shown().turn),
        (Origin::Opening, 1)
    );
}

#[test]
fn news_of_the_same_round_keeps_those_who_are_shown() {
    let mut mirror = mirror();

    mirror.hear(making(7, 10), 100);
    mirror.hear(making(7, 60), 200);

    assert_eq!(ids(&mirror), [70]);
    assert_eq!(mirror.shown().turn, 0);
    assert_eq!(
        mirror.next(Connection::Live, 300),
        NextRound::Making {
            round: 8,
            percent: 60
        }
    );
}

#[test]
fn an_answer_of_an_older_round_is_of_no_use() {
    let mut mirror = mirror();
    mirror.hear(news(8, 60_000), 100);

    assert!(!mirror.answer(7, two(&[(71, 1)])));
    assert_eq!(ids(&mirror), [8]);

    assert!(mirror.answer(8, two(&[(81, 1), (82, 2)])));
    assert_eq!(ids(&mirror), [81, 82]);
    let before = Some("2026-11-21 12:00:00".into());
    assert_eq!(mirror.shown().origin, Origin::Requested { before });
}

#[test]
fn an_answer_ahead_of_the_news_stays_when_they_come() {
    let mut mirror = mirror();

    assert!(mirror.answer(8, two(&[(81, 1)])));
    mirror.hear(making(7, 99), 100);
    mirror.hear(news(8, 60_000), 200);

    assert_eq!(ids(&mirror), [81]);
    assert_eq!(mirror.report().round, 8);
}

#[test]
fn a_server_that_is_a_moment_behind_changes_nothing() {
    let mut mirror = mirror();

    mirror.welcome(1_000);
    mirror.hear(news(6, 60_000), 1_100);
    mirror.tick(2_000);
    assert_eq!((mirror.report().round, ids(&mirror)), (7, vec![70]));

    mirror.hear(news(7, 9_000), 2_100);
    mirror.tick(9_000);
    assert_eq!((mirror.report().round, ids(&mirror)), (7, vec![70]));
}

#[test]
fn a_server_that_stays_behind_is_right() {
    let mut mirror = mirror();

    mirror.welcome(1_000);
    mirror.hear(news(6, 60_000), 1_100);
    mirror.tick(3_000);

    assert_eq!((mirror.report().round, ids(&mirror)), (6, vec![6]));
}

#[test]
fn on_one_connection_an_older_round_is_the_truth() {
    let mut mirror = mirror();
    mirror.welcome(1_000);
    mirror.hear(news(7, 9_000), 1_100);

    mirror.hear(news(3, 60_000), 1_200);

    assert_eq!((mirror.report().round, ids(&mirror)), (3, vec![3]));
}

#[test]
fn another_round_of_the_same_number_is_another_round() {
    let mut mirror = mirror();
    let mut other = news(7, 60_000);
    other.report.started_at = "2026-11-22T00:00:00.000Z".into();

    mirror.hear(other, 100);

    assert_eq!(ids(&mirror), [7]);
}

#[test]
fn the_countdown_begins_with_the_news() {
    let mut mirror = mirror();

    mirror.begin(5_000);
    assert_eq!(
        mirror.next(Connection::Live, 6_000),
        NextRound::In { seconds: 9 }
    );

    mirror.hear(news(7, 3_000), 20_000);
    assert_eq!(
        mirror.next(Connection::Live, 20_000),
        NextRound::In { seconds: 3 }
    );
}

#[test]
fn whose_link_is_lost_is_told_apart() {
    let mirror = mirror();
    let next = |connection| mirror.next(connection, 100);

    let stale = Connection::Stale { age_ms: 12_000 };
    assert_eq!(next(stale), NextRound::Away { age_ms: 12_000 });
    for lost in [
        Connection::Offline {
            age_ms: 12_000,
            has_network: true,
        },
        Connection::Stopped(Stop::Refused),
    ] {
        assert_eq!(next(lost), NextRound::Lost);
    }
    assert_eq!(
        next(Connection::Reconnecting),
        NextRound::In { seconds: 10 }
    );
}
