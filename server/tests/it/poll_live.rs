//! Polls through sockets, and without.

use crate::support::{Server, Setup, Tab, exchange, start_redis, votes};
use edge::testing::RedisServer;
use protocol::live::CLIENT_FRAME_MAX_BYTES;
use serde_json::{Value, json};
use std::time::Duration;

/// What may wait at once of a session with one change a second.
const BURST: u64 = 4;

fn vote(vote: u8) -> Value {
    json!({ "vote": vote })
}

/// A change as a frame.
fn frame(code: &str, seq: u64, change: Value) -> Value {
    json!({ "type": "change", "topic": "poll", "key": code, "seq": seq, "change": change })
}

fn watch(code: &str) -> Value {
    json!({ "type": "watch", "topic": "poll", "key": code })
}

/// Hears what a poll is, and what it holds of the tab's person, in whatever order.
async fn both(tab: &mut Tab) -> (Value, Value) {
    let (mut state, mut own) = (None, None);
    while state.is_none() || own.is_none() {
        let frame = tab.hear().await;
        match frame["type"].as_str().unwrap() {
            "state" if frame["topic"] == "poll" => state = Some(frame["state"].clone()),
            "own" => own = Some(frame["own"].clone()),
            _ => {}
        }
    }
    state.zip(own).unwrap()
}

#[tokio::test]
async fn a_vote_shows_in_all_regions_and_whose_it_is_to_its_person_alone() {
    let redis = start_redis().await;
    let (ord, fra) = (
        Server::start("ord", &redis).await,
        Server::start("fra", &redis).await,
    );
    let code = ord.ask("maker").await;
    let cookie = ord.cookie().await;
    let mut ann = Tab::open_as(&ord, "ann", &cookie).await;
    let mut also_ann = Tab::open_as(&fra, "also-ann", &cookie).await;
    let mut bob = Tab::open(&fra, "bob").await;
    let nothing = json!({ "vote": null, "is_maker": false });
    for tab in [&mut ann, &mut also_ann, &mut bob] {
        tab.watch("poll", Some(&code)).await;
        let (state, own) = both(tab).await;
        assert_eq!((votes(&state), own), (vec![0, 0], nothing.clone()));
    }

    ann.change(&code, 1, vote(1)).await;
    assert_eq!(ann.decided(1).await["vote"], 1);

    while also_ann.hear_a("own").await["own"]["vote"] != 1 {}
    let mut seen = Vec::new();
    loop {
        let frame = bob.hear().await;
        seen.push(frame.to_string());
        if frame["topic"] == "poll" && frame["type"] == "state" && votes(&frame["state"]) == [0, 1]
        {
            break;
        }
    }
    assert!(!seen.concat().contains(r#""vote":1"#), "{seen:?}");
}

#[tokio::test]
async fn changes_count_once_however_often_and_wherever_they_are_sent() {
    let redis = start_redis().await;
    let (ord, fra) = (
        Server::start("ord", &redis).await,
        Server::start("fra", &redis).await,
    );
    let code = ord.ask("maker").await;
    let mut tab = Tab::open(&ord, "ann").await;
    for (seq, option) in [(1, 0), (2, 1), (3, 0)] {
        tab.change(&code, seq, vote(option)).await;
    }
    tab.decided(3).await;
    let rev = ord.poll(&code).await["rev"].clone();
    drop(tab);

    let mut tab = Tab::open(&fra, "ann").await;
    for (seq, option) in [(2, 1), (3, 0)] {
        tab.change(&code, seq, vote(option)).await;
    }
    assert_eq!(tab.decided(3).await["vote"], 0);
    assert_eq!(fra.poll(&code).await["rev"], rev);
    // Gaps are no fault.
    tab.change(&code, 9, json!("withdraw")).await;
    assert_eq!(tab.decided(9).await["vote"], Value::Null);

    assert_eq!(ord.votes(&code).await, [0, 0]);
}

#[tokio::test]
async fn a_refusal_concerns_one_change_alone() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.ask("maker").await;
    let mut tab = Tab::open(&server, "ann").await;

    tab.change(&code, 1, json!("close")).await;
    tab.change(&code, 2, vote(1)).await;
    let refused = tab.refusal().await;
    assert_eq!(refused, (1, 403, "not-your-poll".to_owned()));
    assert_eq!(tab.decided(2).await["vote"], 1);

    tab.change(&code, 3, vote(2)).await;
    assert_eq!(tab.refusal().await, (3, 422, "unknown-option".to_owned()));
    assert_eq!(server.votes(&code).await, [0, 1]);
}

#[tokio::test]
async fn what_cannot_be_changed_is_refused_and_the_socket_lives() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.ask("maker").await;
    let mut tab = Tab::open(&server, "ann").await;
    let mut say = async |topic: &str, key: &str, change: Value| {
        let change =
            json!({ "type": "change", "topic": topic, "key": key, "seq": 1, "change": change });
        tab.say(change).await;
        let (seq, status, kind) = tab.refusal().await;
        assert_eq!(seq, 1);
        (status, kind)
    };

    for topic in ["confetti", "", "party", "world", &"x".repeat(900)] {
        let refused = say(topic, &code, vote(0)).await;
        assert_eq!(refused, (404, "unknown-topic".to_owned()), "{topic}");
    }
    assert_eq!(say("poll", "aaaaaaaaaa", vote(0)).await.0, 404);
    for key in ["", "x", "AAAAAAAAAA", &"a".repeat(900)] {
        let (status, _) = say("poll", key, vote(0)).await;
        assert!((400..500).contains(&status), "{key}: {status}");
    }
    for change in [
        Value::Null,
        json!({}),
        json!([[[[]]]]),
        json!("hunter2"),
        json!({ "vote": 256 }),
        json!({ "vote": "hunter2" }),
    ] {
        let refused = say("poll", &code, change.clone()).await;
        assert_eq!(refused, (422, "bad-change".to_owned()), "{change}");
    }
    let (status, _) = say("poll", &code, json!("x".repeat(4_500))).await;
    assert!(matches!(status, 413 | 422), "{status}");

    tab.change(&code, 2, vote(0)).await;
    tab.decided(2).await;
    assert!(!server.log().contains("hunter2"));
}

#[tokio::test]
async fn frames_that_are_none_close_the_socket() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let code = server.ask("maker").await;

    for (at, text) in [
        frame(&code, 0, vote(0)).to_string(),
        frame(&code, 1 << 53, vote(0)).to_string(),
        frame(&code, u64::MAX, vote(0)).to_string(),
        frame(&code, 1, json!("x".repeat(CLIENT_FRAME_MAX_BYTES))).to_string(),
        r#"{"type":"change","topic":"poll","key":"k","seq":1}"#.to_owned(),
        r#"{"type":"change","topic":"poll","key":"k","change":0}"#.to_owned(),
        r#"{"type":"change","topic":"poll","key":"k","seq":-1,"change":0}"#.to_owned(),
        r#"{"type":"change","topic":["poll"],"seq":1,"change":0}"#.to_owned(),
    ]
    .into_iter()
    .enumerate()
    {
        let mut tab = Tab::open(&server, &format!("tab-{at}")).await;
        tab.send(text.into()).await;
        let (closed, reason, _) = tab.closing().await;
        assert_eq!(closed, 4400, "{reason}");
    }

    assert_eq!(server.votes(&code).await, [0, 0]);
}

#[tokio::test]
async fn a_session_that_changes_too_fast_is_told_which_changes_are_not_made() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("SESSION_CHANGES_PER_SECOND", "1");
    let server = setup.start().await;
    let code = server.ask("maker").await;
    let mut tab = Tab::open(&server, "ann").await;

    for seq in 1..=20 {
        tab.change(&code, seq, vote(0)).await;
    }
    let (first, status, kind) = tab.refusal().await;
    assert!((BURST + 1..=BURST + 3).contains(&first), "{first}");
    assert_eq!((status, kind.as_str()), (429, "too-many-changes"));

    // Later ones are decided for themselves.
    let mut seq = 20;
    loop {
        seq += 1;
        tab.change(&code, seq, vote(1)).await;
        let answer = loop {
            let frame = tab.hear().await;
            if frame["seq"] == seq {
                break frame;
            }
        };
        if answer["type"] == "own" {
            break;
        }
        tab.beside(tokio::time::sleep(Duration::from_millis(100)))
            .await;
    }
    assert_eq!(server.votes(&code).await, [0, 1]);
}

#[tokio::test]
async fn an_exchange_answers_all_changes_and_tells_what_the_poll_holds() {
    let redis = start_redis().await;
    let server = Server::start("fra", &redis).await;
    let code = server.ask("maker").await;
    let find = |frames: &[Value], kind: &str| {
        let frame = frames
            .iter()
            .find(|frame| frame["type"] == kind && frame["topic"] == "poll");
        frame
            .unwrap_or_else(|| panic!("no {kind}: {frames:?}"))
            .clone()
    };

    let frames = exchange(&server, "ann", &[watch(&code)]).await;
    assert_eq!(votes(&find(&frames, "state")["state"]), [0, 0]);
    assert_eq!(find(&frames, "own")["own"]["vote"], Value::Null);

    let changes = [
        frame(&code, 1, vote(0)),
        frame(&code, 2, json!("close")),
        frame(&code, 3, vote(1)),
    ];
    for _ in 0..2 {
        let frames = exchange(&server, "ann", &changes).await;
        let is_last = |frame: &&Value| frame["type"] == "own" && frame["seq"] == 3;
        let last = frames
            .iter()
            .find(is_last)
            .unwrap_or_else(|| panic!("{frames:?}"));
        assert_eq!(last["own"]["vote"], 1);
    }
    assert_eq!(server.votes(&code).await, [0, 1]);

    let unknown = json!({ "type": "change", "topic": "confetti", "seq": 1, "change": 0 });
    let frames = exchange(&server, "bob", &[unknown, frame(&code, 1, json!("close"))]).await;
    assert_eq!(find(&frames, "refused_change")["seq"], 1);
    let confetti =
        |frame: &Value| frame["topic"] == "confetti" && frame["type"] == "refused_change";
    assert!(frames.iter().any(confetti), "{frames:?}");
    let frames = exchange(&server, "eve", &[watch("aaaaaaaaaa")]).await;
    assert_eq!(find(&frames, "state")["state"], Value::Null);

    // A socket of the same session goes on where the exchanges ended.
    let mut tab = Tab::open(&server, "ann").await;
    tab.change(&code, 3, vote(1)).await;
    tab.change(&code, 4, json!("withdraw")).await;
    tab.decided(4).await;
    assert_eq!(server.votes(&code).await, [0, 0]);
}

#[tokio::test]
async fn changes_made_while_redis_is_away_are_made_once_it_is_back() {
    let mut redis = RedisServer::start_durable().await.unwrap();
    let server = Server::start("ord", &redis).await;
    let code = server.ask("maker").await;
    let mut tab = Tab::open(&server, "ann").await;
    redis.kill().unwrap();
    let away = server.until("no Redis", |world| world.age_ms > 0);
    tab.beside(away).await;

    tab.change(&code, 1, vote(0)).await;
    tab.change(&code, 2, vote(1)).await;
    redis.restart().await.unwrap();

    assert_eq!(tab.decided(2).await["vote"], 1);
    assert_eq!(server.votes(&code).await, [0, 1]);
}
