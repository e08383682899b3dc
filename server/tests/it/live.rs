//! `/live`: the conversation as it should be.

use crate::support::{BEAT, DEADLINE, Server, Setup, Tab, start_redis};
use futures::StreamExt;
use protocol::live::VERSION;
use serde_json::json;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn a_hello_gets_a_welcome_and_the_whole_world() {
    let redis = start_redis().await;
    let server = Server::start("fra", &redis).await;
    server.click("a").send().await.unwrap();
    let mut tab = Tab::connect(&server).await;

    tab.hello(VERSION, "ann").await;
    let (welcome, world) = (tab.hear().await, tab.hear().await);

    assert_eq!(welcome["type"], "welcome");
    assert_eq!(
        (&welcome["version"], &welcome["region"]),
        (&json!(VERSION), &json!("fra"))
    );
    assert!(welcome["instance"].as_str().unwrap().starts_with("fra-"));
    assert_eq!(
        (
            &world["topic"],
            &world["state"]["full"],
            &world["state"]["age_ms"]
        ),
        (&json!("world"), &json!(true), &json!(0))
    );
    // The newest frame may be behind the click, which then follows.
    let mut regions = world["state"]["regions"].clone();
    while regions[0]["clicks"] != 1 {
        regions = tab.hear_a("world").await["regions"].clone();
    }
    assert_eq!(regions[0]["code"], "fra");
}

#[tokio::test]
async fn a_quiet_socket_beats_as_often_as_the_welcome_says() {
    let redis = start_redis().await;
    let server = Server::start("fra", &redis).await;
    let mut tab = Tab::connect(&server).await;
    tab.hello(VERSION, "ann").await;
    assert_eq!(tab.hear().await["beat_ms"], 4_000);

    let beats = async {
        let mut beats = 0;
        while beats < 2 {
            if tab.socket.next().await.unwrap().unwrap() == Message::text(BEAT) {
                beats += 1;
            }
        }
    };
    timeout(DEADLINE, beats).await.expect("no beats came");
}

#[tokio::test]
async fn a_click_is_acknowledged_before_a_world_that_includes_it() {
    let redis = start_redis().await;
    let server = Server::start("fra", &redis).await;
    let mut tab = Tab::open(&server, "ann").await;

    for seq in 1..=20 {
        tab.click(seq).await;
        let mut ack = None;
        loop {
            let frame = tab.hear().await;
            match frame["type"].as_str().unwrap() {
                "ack" => {
                    assert_eq!(frame["seq"], seq);
                    ack = Some(frame["rev"].as_u64().unwrap());
                }
                "state" if frame["state"]["regions"][0]["clicks"] == seq => {
                    let rev = ack.expect("the world came before the acknowledgement");
                    assert!(frame["state"]["rev"].as_u64().unwrap() >= rev);
                    break;
                }
                _ => {}
            }
        }
    }
}

#[tokio::test]
async fn clicks_in_one_region_reach_the_tabs_of_another() {
    let redis = start_redis().await;
    let (ord, fra) = (
        Server::start("ord", &redis).await,
        Server::start("fra", &redis).await,
    );
    let mut ann = Tab::open(&ord, "ann").await;
    let mut bob = Tab::open(&fra, "bob").await;

    for seq in 1..=3 {
        ann.click(seq).await;
    }
    ann.settled(3).await;

    loop {
        let world = bob.hear_a("world").await;
        let regions = world["regions"].as_array().unwrap();
        if regions
            .iter()
            .any(|region| region["code"] == "ord" && region["clicks"] == 3)
        {
            break;
        }
    }
}

#[tokio::test]
async fn a_page_that_is_too_old_is_told_to_reload() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let mut tab = Tab::connect(&server).await;

    tab.hello(0, "ann").await;
    let (code, reason, frames) = tab.closing().await;

    assert_eq!(frames, [json!({ "type": "reload", "version": VERSION })]);
    assert_eq!(code, 4426);
    assert!(!reason.is_empty());
    server.until("nobody", |world| world.connections == 0).await;
}

#[tokio::test]
async fn a_page_from_the_future_is_spoken_to_in_the_servers_version() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let mut tab = Tab::connect(&server).await;

    tab.hello(99, "ann").await;

    let welcome = tab.hear().await;
    assert_eq!(
        (&welcome["type"], &welcome["version"]),
        (&json!("welcome"), &json!(VERSION))
    );
    tab.click(1).await;
    tab.settled(1).await;
}

#[tokio::test]
async fn topics_that_are_unknown_are_ignored() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let mut tab = Tab::open(&server, "ann").await;

    tab.watch("confetti", Some("dusk")).await;
    tab.say(json!({ "type": "unwatch", "topic": "confetti" }))
        .await;
    tab.click(1).await;

    tab.settled(1).await;
}

#[tokio::test]
async fn a_socket_watches_several_topics_and_no_more_than_it_may() {
    let redis = start_redis().await;
    let server = Setup::new("ord", &redis)
        .with("SESSION_WATCHES", "4")
        .start()
        .await;
    let code = server.create("ann", json!({})).await;
    let mut tab = Tab::open(&server, "ann").await;

    tab.watch("party", Some(&code)).await;
    assert_eq!(tab.hear_a("party").await["party_code"], code);
    tab.watch("chat", Some(&code)).await;
    assert_eq!(tab.hear_a("chat").await["messages"], json!([]));
    for topic in ["unread_messages", "unread_letters"] {
        tab.watch(topic, None).await;
        assert_eq!(tab.hear_a(topic).await, 0);
    }
    tab.watch("draw", None).await;
    let refused = tab.hear_a("unwatched").await;

    assert_eq!(refused["topic"], "draw");
    assert_eq!(refused["problem"]["status"], 429);
    // The socket lives, tells again of what it watches, and what is no longer watched makes room.
    tab.watch("unread_messages", None).await;
    assert_eq!(tab.hear_a("unread_messages").await, 0);
    tab.say(json!({ "type": "unwatch", "topic": "chat", "key": code }))
        .await;
    tab.watch("draw", None).await;
    tab.hear_a("draw").await;
}

#[tokio::test]
async fn fields_that_are_unknown_are_passed_over() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let mut tab = Tab::connect(&server).await;

    tab.say(json!({ "type": "hello", "version": VERSION, "session": "s_1234567890abcdef", "theme": { "dark": true } }))
        .await;
    assert_eq!(tab.hear().await["type"], "welcome");
    tab.say(json!({ "type": "click", "seq": 1, "by": -1, "why": ["not"] }))
        .await;

    tab.settled(1).await;
    server.until("the click", |world| world.clicks == -1).await;
}

#[tokio::test]
async fn a_ping_before_the_hello_is_no_fault() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let mut tab = Tab::connect(&server).await;

    tab.send(tokio_tungstenite::tungstenite::Message::Ping("x".into()))
        .await;

    tab.greet("ann").await;
}

#[tokio::test]
async fn a_world_that_changes_without_end_is_told_no_faster_than_it_may() {
    let redis = start_redis().await;
    let server = Setup::new("ord", &redis)
        .with("FRAMES_PER_SECOND", "20")
        .start()
        .await;
    let mut watcher = Tab::open(&server, "ann").await;
    let mut clicker = Tab::open(&server, "bob").await;
    let started = tokio::time::Instant::now();

    let clicking = async {
        for seq in 1..=100 {
            clicker.click(seq).await;
            clicker.settled(seq).await;
        }
    };
    let watching = async {
        let mut frames = 1;
        while watcher.hear_a("world").await["regions"][0]["clicks"] != 100 {
            frames += 1;
        }
        frames
    };
    let ((), frames) = tokio::join!(clicking, watching);

    // Twenty a second, the first at once, and those of the two tabs' coming.
    let most = 20.0 * started.elapsed().as_secs_f64() + 5.0;
    assert!(f64::from(frames) <= most, "{frames} frames, at most {most}");
}
