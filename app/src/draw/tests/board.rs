//! What is shown, as news and answers come.

use super::samples::{making, news, two};
use crate::draw::{Board, Next, Origin};
use crate::live::{Connection, Stop};

/// A page of round 7 that asked and shows player 70.
fn board() -> Board {
    Board::new(news(7, 10_000), 7, Some(two(&[(70, 1)])))
}

fn ids(board: &Board) -> Vec<u32> {
    let players = board.shown().players.iter();
    players.map(|player| player.id).collect()
}

#[test]
fn a_page_that_did_not_ask_shows_the_rounds_opening() {
    let board = Board::new(news(7, 10_000), 7, None);

    assert_eq!(ids(&board), [7]);
    assert_eq!(
        (&board.shown().origin, board.shown().turn),
        (&Origin::Opening, 0)
    );
}

#[test]
fn a_newer_round_takes_the_place_of_those_who_are_shown() {
    let mut board = board();

    board.hear(news(8, 60_000), 100);

    assert_eq!(ids(&board), [8]);
    assert_eq!(
        (board.shown().origin.clone(), board.shown().turn),
        (Origin::Opening, 1)
    );
}

#[test]
fn news_of_the_same_round_keeps_those_who_are_shown() {
    let mut board = board();

    board.hear(making(7, 10), 100);
    board.hear(making(7, 60), 200);

    assert_eq!(ids(&board), [70]);
    assert_eq!(board.shown().turn, 0);
    assert_eq!(
        board.next(Connection::Live, 300),
        Next::Making {
            round: 8,
            percent: 60
        }
    );
}

#[test]
fn an_answer_of_an_older_round_is_of_no_use() {
    let mut board = board();
    board.hear(news(8, 60_000), 100);

    assert!(!board.answer(7, two(&[(71, 1)])));
    assert_eq!(ids(&board), [8]);

    assert!(board.answer(8, two(&[(81, 1), (82, 2)])));
    assert_eq!(ids(&board), [81, 82]);
    let before = Some("2026-11-21 12:00:00".into());
    assert_eq!(board.shown().origin, Origin::Asked { before });
}

#[test]
fn an_answer_ahead_of_the_news_stays_when_they_come() {
    let mut board = board();

    assert!(board.answer(8, two(&[(81, 1)])));
    board.hear(making(7, 99), 100);
    board.hear(news(8, 60_000), 200);

    assert_eq!(ids(&board), [81]);
    assert_eq!(board.report().round, 8);
}

#[test]
fn a_server_that_is_a_moment_behind_changes_nothing() {
    let mut board = board();

    board.welcome(1_000);
    board.hear(news(6, 60_000), 1_100);
    board.tick(2_000);
    assert_eq!((board.report().round, ids(&board)), (7, vec![70]));

    board.hear(news(7, 9_000), 2_100);
    board.tick(9_000);
    assert_eq!((board.report().round, ids(&board)), (7, vec![70]));
}

#[test]
fn a_server_that_stays_behind_is_right() {
    let mut board = board();

    board.welcome(1_000);
    board.hear(news(6, 60_000), 1_100);
    board.tick(3_000);

    assert_eq!((board.report().round, ids(&board)), (6, vec![6]));
}

#[test]
fn on_one_connection_an_older_round_is_the_truth() {
    let mut board = board();
    board.welcome(1_000);
    board.hear(news(7, 9_000), 1_100);

    board.hear(news(3, 60_000), 1_200);

    assert_eq!((board.report().round, ids(&board)), (3, vec![3]));
}

#[test]
fn another_round_of_the_same_number_is_another_round() {
    let mut board = board();
    let mut other = news(7, 60_000);
    other.report.started_at = "2026-11-22T00:00:00.000Z".into();

    board.hear(other, 100);

    assert_eq!(ids(&board), [7]);
}

#[test]
fn the_countdown_begins_with_the_news() {
    let mut board = board();

    board.begin(5_000);
    assert_eq!(board.next(Connection::Live, 6_000), Next::In { seconds: 9 });

    board.hear(news(7, 3_000), 20_000);
    assert_eq!(
        board.next(Connection::Live, 20_000),
        Next::In { seconds: 3 }
    );
}

#[test]
fn whose_link_is_lost_is_told_apart() {
    let board = board();
    let next = |connection| board.next(connection, 100);

    let stale = Connection::Stale { age_ms: 12_000 };
    assert_eq!(next(stale), Next::Away { age_ms: 12_000 });
    for lost in [
        Connection::Offline { age_ms: 12_000 },
        Connection::Stopped(Stop::Refused),
    ] {
        assert_eq!(next(lost), Next::Lost);
    }
    assert_eq!(next(Connection::Reconnecting), Next::In { seconds: 10 });
}
