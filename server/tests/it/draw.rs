//! `GET /api/max-two`, `/api/players/{id}` and `/api/draw`.

use crate::support::{
    Held, LAG, PLAYERS, POINTS_MAX, Server, Setup, Shown, Tab, assert_problem, assert_timestamp,
    json, now_in, raw, settled, start_redis, unix,
};
use std::collections::HashSet;

/// More than enough for every fair choice to come up.
const QUESTIONS: usize = 200;

#[tokio::test]
async fn at_first_nobody_has_points_and_nobody_is_shown() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    let answer = server.get("/api/max-two").send().await.unwrap();

    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["draw-round"], "0");
    assert_eq!(
        answer.text().await.unwrap(),
        r#"{"users":[],"timestamp":null}"#
    );
    let draw = server.draw().await;
    assert_eq!((draw.round, draw.players, draw.age_ms), (0, PLAYERS, 0));
    let mut all_without = vec![0; POINTS_MAX + 1];
    all_without[0] = PLAYERS;
    assert_eq!(draw.histogram, all_without);
    for id in [1, PLAYERS] {
        let answer = server.try_player(id).await;
        let expected = format!(r#"{{"id":{id},"points":0,"round":0}}"#);
        assert_eq!(answer.text().await.unwrap(), expected);
    }
}

#[tokio::test]
async fn an_answer_says_when_the_query_before_it_was() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    let lag = i64::try_from(LAG.as_secs()).unwrap();
    let mut asked = vec![now_in(&redis).await];
    assert_eq!(server.max_two().await.timestamp, None);
    for _ in 0..3 {
        asked.push(now_in(&redis).await);
        let told = server.max_two().await.timestamp.unwrap();

        assert_timestamp(&told);
        let [.., after, before] = asked[..] else {
            unreachable!()
        };
        // An instance knows Redis's clock but for the way from there.
        let around = after - lag..=before + lag;
        assert!(around.contains(&unix(&told)), "{told}: {asked:?}");
    }
}

#[tokio::test]
async fn a_query_in_one_region_is_told_by_the_next_answer_of_another() {
    let redis = start_redis().await;
    let (ord, fra) = (
        Server::start("ord", &redis).await,
        Server::start("fra", &redis).await,
    );
    let mut tab = Tab::open_draw(&fra, "ann").await;
    assert!(tab.hear_a("draw").await["asked_at"].is_null());

    assert_eq!(ord.max_two().await.timestamp, None);
    let heard = loop {
        let heard = tab.hear_a("draw").await["asked_at"].clone();
        if let Some(heard) = heard.as_str() {
            break heard.to_owned();
        }
    };
    let told = fra.max_two().await.timestamp.unwrap();

    assert_eq!(told.replace(' ', "T"), heard[..told.len()]);
}

#[tokio::test]
async fn players_are_those_from_one_to_their_number() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for id in ["1", "1000", "%31", "10%30"] {
        assert_eq!(server.try_player(id).await.status(), 200, "{id}");
    }
    for id in [
        "0",
        "1001",
        "-1",
        "+1",
        "01",
        "1.0",
        "1e3",
        "abc",
        "%20",
        "1%20",
        "%2531",
        "%ff",
        "%D9%A1",
        "null",
        "4294967296",
        "4294967297",
        "18446744073709551616",
        "..%2fmax-two",
        "99999999999999999999999999999999999999999999999999",
    ] {
        let problem = assert_problem(server.try_player(id).await, 404, "unknown-player").await;
        assert_eq!(problem["title"], "There is no such player", "{id}");
        assert_eq!(
            problem["detail"], "Player ids are whole numbers from 1 to 1000.",
            "{id}"
        );
    }
    for path in ["/api/players", "/api/players/", "/api/players/1/"] {
        let answer = server.get(path).send().await.unwrap();
        assert_problem(answer, 404, "about:blank").await;
    }
}

#[tokio::test]
async fn pages_of_every_site_may_ask_and_no_cache_keeps_the_answer() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    for (path, expected) in [
        ("/api/max-two", Some("age, draw-round")),
        ("/api/players/1", Some("age")),
        ("/api/draw", None),
        ("/api/players/0", None),
    ] {
        let call = server.get(path).header("origin", "https://other.example");
        let answer = call
            .header("accept-encoding", "gzip, br")
            .send()
            .await
            .unwrap();
        let header = |name: &str| {
            answer
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap())
        };

        assert_eq!(header("access-control-allow-origin"), Some("*"), "{path}");
        assert_eq!(header("content-encoding"), None, "{path}");
        assert_eq!(header("set-cookie"), None, "{path}");
        assert_eq!(header("age"), None, "{path}");
        let is_asked = path.ends_with("max-two");
        assert_eq!(
            header("cache-control"),
            Some(if is_asked {
                "no-store"
            } else {
                "private, no-cache"
            })
        );
        assert_eq!(header("draw-round"), is_asked.then_some("0"));
        let exposed = header("access-control-expose-headers");
        assert_eq!(exposed, expected, "{path}");
    }
    let head = b"HEAD /api/max-two HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let answer = raw(&server, head).await;
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.ends_with("\r\n\r\n"),
        "{answer}"
    );
    let answer = server.post("/api/max-two").send().await.unwrap();
    assert_eq!(answer.headers()["allow"], "GET,HEAD");
    assert_problem(answer, 405, "about:blank").await;
}

#[tokio::test]
async fn a_report_counts_every_player_and_has_no_other_fields() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("DRAW_PLAYERS", "60");
    let server = settled(&setup.with("DRAW_POINTS", "9"), &redis).await;
    let draw = server.draw().await;

    let mut counts = [0; 10];
    for id in 1..=60 {
        let (points, round) = server.player(id).await;
        assert_eq!(round, draw.round);
        counts[points as usize] += 1;
    }

    assert_eq!(draw.histogram, counts);
    assert_eq!(draw.players, 60);
    let text = server
        .get("/api/draw")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let names = [
        "round",
        "players",
        "started_at",
        "next_at",
        "progress",
        "histogram",
        "age_ms",
    ];
    let places = names.map(|name| text.find(&format!("\"{name}\":")).unwrap());
    assert!(places.is_sorted(), "{text}");
}

#[tokio::test]
async fn two_are_shown_of_all_that_may_be() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis).with("DRAW_PLAYERS", "24");
    let server = settled(&setup.with("DRAW_POINTS", "9"), &redis).await;
    let held = Held::in_redis(&redis).await;
    let above: HashSet<u32> = held.above().into_iter().collect();
    let mut seen = HashSet::new();

    for _ in 0..QUESTIONS {
        let told = server.max_two().await;
        assert_eq!(told.round, held.number);
        assert_eq!(told.users.len(), above.len().min(2));
        for Shown { id, points } in &told.users {
            assert!(above.contains(id), "{id} of {above:?}");
            assert_eq!(*points, held.points[*id as usize - 1]);
            assert_eq!(server.player(*id).await, ((*points).into(), told.round));
        }
        if let [one, other] = told.users[..] {
            assert_ne!(one.id, other.id);
        }
        seen.extend(told.users.iter().map(|shown| shown.id));
    }

    // With all 24 above the minimum, any of them is left out of 200 fair pairs with a chance of one in 1.5 million; with
    // fewer above it, the chance is less.
    assert_eq!(seen, above);
}

#[tokio::test]
async fn an_answer_has_these_fields_in_this_order() {
    let redis = start_redis().await;
    let server = settled(&Setup::new("ord", &redis), &redis).await;
    // Of a thousand players with points to a hundred, two are above all minima but the greatest.
    let held = Held::in_redis(&redis).await;
    let answer = server.get("/api/max-two").send().await.unwrap();
    let first = json(answer).await;
    assert!(first["timestamp"].is_null(), "{first}");

    let text = server
        .get("/api/max-two")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();

    let mut shape: String = text
        .chars()
        .map(|char| if char.is_ascii_digit() { '#' } else { char })
        .collect();
    while shape.contains("##") {
        shape = shape.replace("##", "#");
    }
    let users = vec![r##"{"id":#,"points":#}"##; held.above().len().min(2)].join(",");
    assert_eq!(
        shape,
        format!(r##"{{"users":[{users}],"timestamp":"#-#-# #:#:#"}}"##)
    );
}
