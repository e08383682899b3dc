//! The round's minimum is seen by nobody, nor is a number from which it follows: no place that anybody can look at, in
//! an answer, a frame, the page, the figures or the log, tells it round after round.

use crate::support::{DEADLINE, Held, Server, Setup, Tab, eventually, start_redis};
use edge::testing::RedisServer;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use tokio::time::timeout;

/// Rounds that are looked at: a place with one number a round that has nothing to do with another from 0 to 255 is the
/// same as it in each with a chance of one in 10^19; one with ten numbers a round has it among them in each with a chance
/// of one in 10^11.
const ROUNDS: usize = 8;
/// Few enough that how many are above the minimum is a number that is not rare, too.
const PLAYERS: &str = "300";
const POINTS: &str = "255";

/// The numbers that stand at a place.
type Places = HashMap<String, BTreeSet<u64>>;

/// All that was seen in one round.
struct Sight {
    held: Held,
    places: Places,
}

#[tokio::test]
async fn no_place_tells_the_minimum_or_what_it_follows_from() {
    let redis = start_redis().await;
    let mut servers = Vec::new();
    for region in ["ord", "fra"] {
        // Long enough to look at everything on a busy machine.
        let setup = Setup::new(region, &redis).in_a_hurry();
        let setup = setup
            .with("DRAW_EVERY_SECONDS", "4")
            .with("DRAW_PLAYERS", PLAYERS)
            .with("DRAW_POINTS", POINTS);
        servers.push(setup.with("RUST_LOG", "trace").start().await);
    }
    let sights = timeout(DEADLINE * 2, look(&redis, &servers)).await;
    let sights = sights.expect("never came: rounds that last while everything is looked at");

    let minima: BTreeSet<u8> = sights.iter().map(|sight| sight.held.minimum).collect();
    assert!(minima.len() > 2, "{minima:?}");
    let told = |secret: fn(&Held) -> u64| telling(&sights, secret);
    // What is there is found.
    for (of, kind) in [
        ("/api/draw", "/round"),
        ("frame", "/state/report/round"),
        ("/draw", "/news/report/round"),
    ] {
        let places = told(|held| held.number);
        let found = places
            .iter()
            .any(|place| place.starts_with(of) && place.ends_with(kind));
        assert!(found, "{of} {kind} is not in {places:?}");
    }
    let of_all = told(|held| held.points.len() as u64);
    assert!(
        of_all.iter().any(|place| place == "/api/draw json/players"),
        "{of_all:?}"
    );
    let secrets: [fn(&Held) -> u64; 5] = [
        |held| held.minimum.into(),
        |held| u64::from(held.minimum) + 1,
        |held| 255 - u64::from(held.minimum),
        |held| held.above().len() as u64,
        |held| (held.points.len() - held.above().len()) as u64,
    ];
    for (at, secret) in secrets.into_iter().enumerate() {
        assert_eq!(
            told(secret),
            Vec::<String>::new(),
            "secret {at} of {minima:?}"
        );
    }
    for server in &servers {
        let log = server.log();
        assert!(!log.contains("TRACE"), "{log}");
        let at = log.to_lowercase().find("minimum");
        let around = at.map(|at| &log[at..(at + 100).min(log.len())]);
        assert_eq!(around, None);
    }
}

/// Looks at everything in each of some rounds.
async fn look(redis: &RedisServer, servers: &[Server]) -> Vec<Sight> {
    let mut tabs = [
        Tab::open_draw(&servers[0], "ann").await,
        Tab::open_draw(&servers[1], "bob").await,
    ];

    // A player, who is told whether they could be drawn.
    let joined = servers[0].post("/api/draw/player").send().await.unwrap();
    let cookie = joined.headers()["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap();

    let mut sights: Vec<Sight> = Vec::new();
    let (mut last, mut logged) = (0, [0, 0]);
    while sights.len() < ROUNDS {
        let held = next_round(redis, last).await;
        last = held.number;
        let mut places = Places::new();
        for (tab, server) in tabs.iter_mut().zip(servers) {
            frames(tab, held.number, &mut places).await;
            answers(server, cookie, &mut places).await;
        }
        for (server, logged) in servers.iter().zip(&mut logged) {
            let log = server.log();
            numbers("log", &log[*logged..], &mut places);
            *logged = log.len();
        }
        // What was seen is of that round and no other.
        if Held::in_redis(redis).await.number == last {
            sights.push(Sight { held, places });
        }
    }
    sights
}

/// The places at which that number stood in every round.
fn telling(sights: &[Sight], secret: impl Fn(&Held) -> u64) -> Vec<String> {
    let mut places: Vec<String> = sights[0].places.keys().cloned().collect();
    for Sight { held, places: seen } in sights {
        let secret = secret(held);
        places.retain(|place| {
            seen.get(place)
                .is_some_and(|numbers| numbers.contains(&secret))
        });
    }
    places
}

/// Waits until Redis holds a newer round.
async fn next_round(redis: &RedisServer, last: u64) -> Held {
    eventually("another round", async || {
        Held::in_redis(redis).await.number > last
    })
    .await;
    Held::in_redis(redis).await
}

/// Hears frames up to the first of that round or a later one.
async fn frames(tab: &mut Tab, round: u64, places: &mut Places) {
    loop {
        let frame = tab.hear().await;
        json(&format!("frame {}", frame["type"]), &frame, places);
        if frame["state"]["report"]["round"].as_u64() >= Some(round) {
            return;
        }
    }
}

/// Asks for everything that there is to ask for, as a player.
async fn answers(server: &Server, cookie: &str, places: &mut Places) {
    for path in [
        "/api/max-two",
        "/api/draw",
        "/api/draw/player",
        "/api/players/7",
        "/api/players/0",
        "/draw?player=7",
        "/draw?player=x",
        "/metrics",
        "/",
        "/api/world",
        "/managers",
        "/readyz",
        "/nowhere",
    ] {
        let answer = server.get(path).header("cookie", cookie);
        let answer = answer.send().await.unwrap();
        let (path, _) = path.split_once('?').unwrap_or((path, ""));
        for (name, value) in answer.headers() {
            numbers(&format!("{path} {name}"), value.to_str().unwrap(), places);
        }
        let text = answer.text().await.unwrap();
        let state = text.split_once("id=\"page-state\"").map(|(_, rest)| {
            let (_, rest) = rest.split_once('>').unwrap();
            rest.split_once("</script>").unwrap().0
        });
        match serde_json::from_str(state.unwrap_or(&text)) {
            Ok(value) => json(&format!("{path} json"), &value, places),
            Err(_) => numbers(path, &text, places),
        }
        if state.is_some() {
            // Bars of a chart are many: each piece of the page is a place of its own.
            for (at, piece) in text.split('<').enumerate() {
                numbers(&format!("{path} piece {at}"), piece, places);
            }
        }
    }
}

/// Takes down every number of a value, by its path.
fn json(path: &str, value: &Value, places: &mut Places) {
    match value {
        Value::Number(number) => {
            places
                .entry(path.to_owned())
                .or_default()
                .extend(number.as_u64());
        }
        Value::String(text) => numbers(path, text, places),
        Value::Array(values) => {
            places
                .entry(format!("{path} many"))
                .or_default()
                .insert(values.len() as u64);
            for (at, value) in values.iter().enumerate() {
                json(&format!("{path}/{at}"), value, places);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                json(&format!("{path}/{name}"), value, places);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// Takes down every number of a text, by the line around it.
fn numbers(of: &str, text: &str, places: &mut Places) {
    for line in text.lines() {
        let pieces: Vec<&str> = line.split(|char: char| !char.is_ascii_digit()).collect();
        let around: String = line.split(|char: char| char.is_ascii_digit()).collect();
        let found = pieces.into_iter().filter(|piece| !piece.is_empty());
        for (at, number) in found.enumerate() {
            let place = format!("{of}: {around} [{at}]");
            places
                .entry(place)
                .or_default()
                .extend(number.parse::<u64>());
        }
    }
}
