//! Pins how the draw crosses the wire: names, their order, and what is null.

use super::{DrawNews, DrawProgress, DrawReport, MaxTwo, Player, PlayerPoints};
use crate::DrawTopic;
use crate::live::{NoKey, ServerFrame, StateFrame};
use serde_json::{from_str, to_string};

fn news() -> DrawNews {
    DrawNews {
        report: DrawReport {
            round: 7,
            players: 3,
            started_at: "2026-05-01T18:30:00.041Z".into(),
            next_at: None,
            progress: Some(DrawProgress {
                round: 8,
                percent: 40,
            }),
            histogram: vec![1, 0, 2],
            age_ms: 0,
        },
        next_in_ms: None,
        asked_at: None,
        opening: vec![Player { id: 3, points: 2 }],
    }
}

#[test]
fn two_players_are_told_as_documented() {
    let users = vec![Player { id: 1, points: 30 }, Player { id: 72, points: 30 }];
    let timestamp = Some("2020-07-30 17:09:33".into());

    assert_eq!(
        to_string(&MaxTwo { users, timestamp }).unwrap(),
        r#"{"users":[{"id":1,"points":30},{"id":72,"points":30}],"timestamp":"2020-07-30 17:09:33"}"#
    );
    assert_eq!(
        to_string(&MaxTwo::default()).unwrap(),
        r#"{"users":[],"timestamp":null}"#
    );
}

#[test]
fn a_player_is_told_with_the_round() {
    let player = PlayerPoints {
        id: 1_000_000,
        points: 0,
        round: 26_532,
        could_be_drawn: None,
    };

    let json = to_string(&player).unwrap();

    assert_eq!(json, r#"{"id":1000000,"points":0,"round":26532}"#);
    assert_eq!(from_str::<PlayerPoints>(&json).unwrap(), player);
}

#[test]
fn only_of_ones_own_number_it_is_told_whether_it_could_be_drawn() {
    let own = PlayerPoints {
        id: 17,
        points: 73,
        round: 812,
        could_be_drawn: Some(false),
    };

    let json = to_string(&own).unwrap();

    let expected = r#"{"id":17,"points":73,"round":812,"could_be_drawn":false}"#;
    assert_eq!(json, expected);
    assert_eq!(from_str::<PlayerPoints>(&json).unwrap(), own);
}

#[test]
fn a_report_has_these_fields_and_no_others() {
    assert_eq!(
        to_string(&news().report).unwrap(),
        concat!(
            r#"{"round":7,"players":3,"started_at":"2026-05-01T18:30:00.041Z","next_at":null,"#,
            r#""progress":{"round":8,"percent":40},"histogram":[1,0,2],"age_ms":0}"#
        )
    );
}

#[test]
fn news_survive_the_wire() {
    let state = StateFrame::of::<DrawTopic>(&NoKey, &news()).unwrap();
    let frame = ServerFrame::State(state);

    let json = to_string(&frame).unwrap();

    assert!(json.starts_with(r#"{"type":"state","topic":"draw","state":{"report":{"round":7,"#));
    assert_eq!(ServerFrame::decode(&json), Some(frame));
}

#[test]
fn what_a_newer_server_adds_is_ignored() {
    let json = to_string(&news()).unwrap();
    let newer = json.replace(r#""age_ms":0"#, r#""age_ms":0,"later":"field""#);
    assert_ne!(newer, json);

    assert_eq!(from_str::<DrawNews>(&newer).unwrap(), news());
}

#[test]
fn what_is_no_player_is_not_read() {
    for wrong in [
        r#"{"id":1,"points":256}"#,
        r#"{"id":-1,"points":0}"#,
        r#"{"id":4294967296,"points":0}"#,
        r#"{"id":1.5,"points":0}"#,
        r#"{"points":0}"#,
    ] {
        assert!(from_str::<Player>(wrong).is_err(), "{wrong}");
    }
}
