//! The rules of the shown numbers, one by one.

use super::samples::{code, frame, page, world, world_frame};
use crate::connection::{Connection, Stop};
use crate::state::{LiveState, Reaction, mismatch};
use protocol::live::{ClientFrame, ServerFrame, UNACKNOWLEDGED_MAX, VERSION, VERSION_MIN};
use protocol::{Problem, Step, World};

fn live() -> LiveState {
    let mut state = LiveState::new(page(world(1, 5, &[("fra", 10), ("ord", 3)])));
    welcome(&mut state, 0);
    state
}

fn welcome(state: &mut LiveState, now_ms: u64) -> Reaction {
    let welcome = ServerFrame::Welcome {
        version: VERSION,
        region: code("fra"),
        instance: "fra-2".into(),
        beat_ms: 4_000,
        history: Vec::new(),
    };
    state.receive(welcome, now_ms)
}

fn ack(state: &mut LiveState, seq: u64, rev: u64, now_ms: u64) {
    state.receive(ServerFrame::Ack { seq, epoch: 1, rev }, now_ms);
}

fn click_frame(seq: u64) -> ClientFrame {
    ClientFrame::Click { seq, by: Step::Up }
}

#[test]
fn a_click_shows_at_once_and_settles_without_a_dip_or_a_double() {
    let mut state = live();

    assert_eq!(state.click(Step::Up, 10), [click_frame(1)]);
    assert_eq!((state.total(), state.clicks_of(&code("fra"))), (14, 11));

    ack(&mut state, 1, 6, 22);
    assert_eq!((state.total(), state.clicks_of(&code("fra"))), (14, 11));
    assert_eq!(state.trips(), "12 ms, median 12 ms");

    state.receive(world_frame(frame(1, 6, false, &[("fra", 11)])), 25);
    assert_eq!((state.total(), state.clicks_of(&code("fra"))), (14, 11));
}

#[test]
fn clicks_made_offline_wait_and_are_sent_after_the_welcome() {
    let mut state = live();
    state.lose(1_000, true);

    assert!(state.click(Step::Up, 1_100).is_empty());
    assert!(state.click(Step::Up, 1_200).is_empty());
    assert_eq!((state.total(), state.waiting()), (15, 2));
    assert_eq!(state.connection(), Connection::Reconnecting);

    assert_eq!(
        welcome(&mut state, 2_000),
        Reaction::Send(vec![click_frame(1), click_frame(2)])
    );
    assert_eq!(state.connection(), Connection::Live);
}

#[test]
fn clicks_never_sent_hold_no_news_back() {
    let mut state = live();
    state.lose(1_000, true);
    state.click(Step::Up, 1_100);

    welcome(&mut state, 2_000);
    state.receive(world_frame(frame(1, 9, true, &[("fra", 20)])), 2_010);

    assert_eq!(state.total(), 21);
}

#[test]
fn a_click_whose_acknowledgement_was_lost_is_not_shown_twice() {
    let mut state = live();
    state.click(Step::Up, 10);
    state.lose(20, true);

    welcome(&mut state, 500);
    state.receive(
        world_frame(frame(1, 6, true, &[("fra", 11), ("ord", 3)])),
        510,
    );
    assert_eq!(
        state.total(),
        14,
        "the world of revision 6 includes the click already"
    );

    ack(&mut state, 1, 6, 520);
    assert_eq!(state.total(), 14);
    assert_eq!(state.world().rev, 6);
}

#[test]
fn news_is_held_back_for_two_seconds_at_most() {
    let mut state = live();
    state.click(Step::Up, 10);
    state.lose(20, true);
    welcome(&mut state, 500);

    state.receive(world_frame(frame(1, 8, true, &[("fra", 30)])), 510);
    assert_eq!(state.total(), 14);

    state.tick(2_600);
    assert_eq!(state.total(), 31);
}

#[test]
fn a_refused_click_is_taken_back_and_the_reason_told_for_a_while() {
    let mut state = live();
    state.click(Step::Up, 10);

    let problem = Problem::new(429, "too-many-clicks", "Too many clicks");
    state.receive(
        ServerFrame::Refused {
            seq: 1,
            problem: problem.clone(),
        },
        20,
    );
    assert_eq!(state.total(), 13);
    assert_eq!(state.notice().map(|notice| &notice.problem), Some(&problem));

    state.tick(10_000);
    assert_eq!(state.notice(), None);
}

#[test]
fn more_clicks_than_may_wait_are_not_taken_and_the_page_says_so() {
    let mut state = live();
    state.lose(0, true);
    for _ in 0..=UNACKNOWLEDGED_MAX {
        state.click(Step::Up, 0);
    }

    assert_eq!(state.waiting(), UNACKNOWLEDGED_MAX);
    assert_eq!(
        state.notice().map(|notice| notice.problem.kind.as_str()),
        Some("too-many-waiting")
    );
}

#[test]
fn a_counter_that_starts_over_starts_the_history_over() {
    let mut state = live();
    state.sample();

    state.receive(world_frame(frame(2, 1, true, &[("fra", 1)])), 0);

    assert_eq!(state.history(), &[1]);
}

#[test]
fn an_ordinary_round_trip_is_no_waiting_but_a_long_one_is() {
    let mut state = live();
    state.click(Step::Up, 100);
    assert_eq!(state.waiting(), 0);

    state.tick(1_200);
    assert_eq!(state.waiting(), 1);
    assert_eq!(state.connection(), Connection::Live);

    state.tick(3_100);
    assert_eq!(state.connection(), Connection::Unanswered);
    assert!(!state.is_dead(false));

    state.tick(6_100);
    assert!(state.is_dead(false));
}

#[test]
fn a_click_that_waited_while_nothing_could_be_counted_has_its_time_again() {
    let mut state = live();
    state.beat_ms = 0;
    let old = World {
        age_ms: 1_000,
        ..frame(1, 9, true, &[("fra", 5)])
    };
    state.receive(world_frame(old.clone()), 100);
    state.click(Step::Up, 200);
    state.tick(60_000);
    assert!(!state.is_dead(false));

    state.receive(world_frame(World { age_ms: 0, ..old }), 60_100);
    state.tick(63_000);
    assert_eq!(state.connection(), Connection::Live);
    state.tick(66_099);
    assert!(!state.is_dead(false));

    state.tick(66_100);
    assert!(state.is_dead(false));
}

#[test]
fn a_server_that_beats_is_dead_once_it_is_silent() {
    let mut state = live();
    state.beat_ms = 0;
    state.tick(60_000);
    assert!(!state.is_dead(false), "an older server promises no beats");

    welcome(&mut state, 60_000);
    state.receive(ServerFrame::Beat, 65_000);
    state.receive(world_frame(frame(1, 9, true, &[("fra", 5)])), 70_000);
    state.tick(81_999);
    assert!(!state.is_dead(false), "every frame is a sign of life");
    assert!(state.is_dead(true), "a page that was hidden checks at once");

    state.tick(82_000);
    assert!(state.is_dead(false));
}

#[test]
fn the_result_of_a_quick_series_is_told_once() {
    let mut state = live();
    for seq in 1..=3 {
        state.click(Step::Up, seq);
        ack(&mut state, seq, 5 + seq, seq + 1);
    }
    state.tick(500);
    assert_eq!(state.result(), "");

    state.tick(1_500);
    assert_eq!(state.result(), "Counted. 16 clicks overall.");

    // Another click, and one of somebody else in the other direction: a screen reader announces only changes.
    state.click(Step::Up, 2_000);
    ack(&mut state, 4, 9, 2_100);
    state.receive(world_frame(frame(1, 10, true, &[("fra", 16)])), 2_200);
    state.tick(4_000);
    assert_eq!(state.result(), "Counted. 16 clicks overall.\u{a0}");
}

#[test]
fn the_history_comes_anew_with_a_welcome_also_where_the_counter_started_over() {
    let mut state = live();
    let (region, instance) = (code("fra"), "fra-2".to_owned());
    let history = vec![1, 2, 4];
    let (version, beat_ms) = (VERSION, 4_000);

    state.receive(
        ServerFrame::Welcome {
            version,
            region,
            instance,
            beat_ms,
            history,
        },
        0,
    );
    assert_eq!(state.history(), &[1, 2, 4]);
    state.receive(world_frame(world(2, 1, &[("fra", 5)])), 0);

    assert_eq!(state.history(), &[1, 2, 4]);
    state.receive(world_frame(world(3, 1, &[("fra", 1)])), 0);
    assert_eq!(state.history(), &[1]);
}

#[test]
fn a_server_of_another_version_asks_for_a_reload() {
    let mut state = live();

    assert_eq!(
        state.receive(ServerFrame::Reload { version: 2 }, 0),
        Reaction::Reload(2)
    );
    let older = ServerFrame::Welcome {
        version: VERSION_MIN - 1,
        region: code("fra"),
        instance: "fra-2".into(),
        beat_ms: 4_000,
        history: Vec::new(),
    };
    assert_eq!(state.receive(older, 0), Reaction::Reload(VERSION_MIN - 1));
    assert_eq!(mismatch(VERSION + 1), Stop::PageIsOlder);
    assert_eq!(mismatch(VERSION - 1), Stop::PageIsNewer);
}

#[test]
fn a_server_that_announced_its_restart_is_awaited_for_a_while() {
    let mut state = LiveState::new(page(world(1, 1, &[("fra", 1)])));
    state.lose(1_000, true);
    assert!(!state.awaits_restart(1_000));

    state.expect_restart();

    assert!(state.awaits_restart(2_999));
    assert!(!state.awaits_restart(3_000));
}
