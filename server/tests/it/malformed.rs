//! `/live`: a frame that cannot be used closes its socket with a reason, and nothing else.

use crate::support::{Server, Setup, Tab, start_redis};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

/// Frames that may come at no time.
fn nonsense() -> Vec<(&'static str, Message)> {
    let bytes =
        |bytes: Vec<u8>, code| Message::Frame(Frame::message(bytes, OpCode::Data(code), true));
    vec![
        ("not JSON", Message::text("hello")),
        ("empty", Message::text("")),
        ("no object", Message::text("[1,2]")),
        ("no type", Message::text("{}")),
        ("unknown type", Message::text(r#"{"type":"confetti"}"#)),
        ("deep", Message::text("[".repeat(1000))),
        ("binary", Message::binary(vec![1, 2, 3])),
        ("invalid UTF-8", bytes(vec![b'{', 0xff, b'}'], Data::Text)),
        (
            "more than 1 KiB",
            Message::text(format!(
                "{{\"type\":\"click\",\"pad\":\"{}\"}}",
                "x".repeat(2000)
            )),
        ),
        ("far more than 1 KiB", Message::text("x".repeat(1 << 16))),
        (
            "a continuation of nothing",
            bytes(b"x".to_vec(), Data::Continue),
        ),
        ("a reserved code", bytes(b"x".to_vec(), Data::Reserved(5))),
    ]
}

#[tokio::test]
async fn nonsense_instead_of_a_hello_closes_the_socket_with_a_reason() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let mut other = Tab::open(&server, "other").await;
    let mut cases = nonsense();
    let session = |id: &str| {
        Message::text(json!({ "type": "hello", "version": 5, "session": id }).to_string())
    };
    cases.push((
        "a click",
        Message::text(r#"{"type":"click","seq":1,"by":1}"#),
    ));
    cases.push(("a short session", session("short")));
    cases.push((
        "a session with a key's separator",
        session("0123456789:abcdef"),
    ));
    cases.push(("a long session", session(&"a".repeat(65))));
    cases.push((
        "no session",
        Message::text(r#"{"type":"hello","version":5}"#),
    ));
    cases.push((
        "a strange version",
        Message::text(r#"{"type":"hello","version":-1,"session":"0123456789abcdef"}"#),
    ));

    let all = async {
        for (what, message) in cases {
            let mut tab = Tab::connect(&server).await;
            tab.send(message).await;
            assert_malformed(&mut tab, what).await;
        }
    };
    other.beside(all).await;

    other.click(1).await;
    other.settled(1).await;
}

#[tokio::test]
async fn nonsense_in_a_conversation_closes_the_socket_with_a_reason() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let mut other = Tab::open(&server, "other").await;
    let mut cases = nonsense();
    let hello = json!({ "type": "hello", "version": 5, "session": "0123456789abcdef" });
    cases.push(("a second hello", Message::text(hello.to_string())));
    for click in [
        r#"{"type":"click","seq":1,"by":5}"#,
        r#"{"type":"click","seq":1,"by":0}"#,
        r#"{"type":"click","seq":1,"by":"1"}"#,
        r#"{"type":"click","seq":-1,"by":1}"#,
        r#"{"type":"click","seq":1.5,"by":1}"#,
        r#"{"type":"click","by":1}"#,
        r#"{"type":"click","seq":0,"by":1}"#,
        // Above what JavaScript and Lua count exactly.
        r#"{"type":"click","seq":9007199254740993,"by":1}"#,
        r#"{"type":"click","seq":18446744073709551615,"by":1}"#,
    ] {
        cases.push((click, Message::text(click)));
    }

    let all = async {
        for (at, (what, message)) in cases.into_iter().enumerate() {
            let mut tab = Tab::open(&server, &format!("tab{at}")).await;
            tab.send(message).await;
            assert_malformed(&mut tab, what).await;
        }
    };
    other.beside(all).await;

    other.click(1).await;
    other.settled(1).await;
    server
        .until("only the other", |world| {
            (world.clicks, world.connections) == (1, 1)
        })
        .await;
}

#[tokio::test]
async fn clicks_out_of_order_close_the_socket_with_a_reason() {
    let mut redis = start_redis().await;
    let server = Setup::new("ord", &redis).start().await;
    server.knows_its_key().await;
    redis.kill().unwrap();
    server.until("no Redis", |world| world.age_ms > 0).await;

    // Wherever the first is by then: waiting, or being counted.
    for (name, wrong) in [("bob", 7), ("cyd", 3)] {
        let mut tab = Tab::open(&server, name).await;
        tab.click(5).await;
        tab.click(wrong).await;
        assert_malformed(&mut tab, &format!("{wrong} after 5")).await;
    }
}

async fn assert_malformed(tab: &mut Tab, what: &str) {
    let (code, reason, _) = tab.closing().await;
    assert_eq!(code, 4400, "{what}: {reason}");
    assert!(!reason.is_empty(), "{what}");
}
