//! Whoever asks for too much gets a clear answer.

use crate::support::{LAG, Setup, Tab, eventually, json, start_redis};
use futures::SinkExt;
use std::time::Duration;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Error, Message};

/// No answer takes longer because of another tab.
const SOON: Duration = Duration::from_secs(2);

#[tokio::test]
async fn a_session_that_clicks_too_fast_is_told_from_which_click_on() {
    let redis = start_redis().await;
    let server = Setup::new("ord", &redis)
        .with("SESSION_CLICKS_PER_SECOND", "1")
        .with("SESSION_CLICKS_AT_ONCE", "4")
        .start()
        .await;
    let mut tab = Tab::open(&server, "ann").await;

    for seq in 1..=20 {
        tab.click(seq).await;
    }
    let refused = tab.hear_a("refused").await;
    let first = refused["seq"].as_u64().unwrap();

    assert!((5..=7).contains(&first), "{refused}");
    assert_eq!(refused["problem"]["type"], "too-many-clicks");
    assert_eq!(refused["problem"]["status"], 429);
    assert!(!refused["problem"]["detail"].as_str().unwrap().is_empty());
    // Nothing after it is counted before it is sent again; until it is taken it is refused again.
    let mut again = tab_accepts(&mut tab, first).await;
    while !again {
        again = tab_accepts(&mut tab, first).await;
    }
    server
        .until("the clicks up to it, and no other", |world| {
            world.clicks == first as i64
        })
        .await;
}

/// Sends a click and hears whether it was taken.
async fn tab_accepts(tab: &mut Tab, seq: u64) -> bool {
    tab.click(seq).await;
    loop {
        let frame = tab.hear().await;
        match frame["type"].as_str().unwrap() {
            "refused" => return false,
            "ack" if frame["seq"].as_u64().unwrap() >= seq => return true,
            _ => {}
        }
    }
}

#[tokio::test]
async fn an_address_that_clicks_too_fast_is_told_when_to_come_back() {
    let redis = start_redis().await;
    let server = Setup::new("ord", &redis)
        .with("ADDRESS_CLICKS_PER_SECOND", "1")
        .start()
        .await;
    let mut tab = Tab::open(&server, "ann").await;
    let (mut counted, mut refused) = (0, None);

    for at in 0..16 {
        let answer = server.click(&format!("key-{at}")).send().await.unwrap();
        match answer.status().as_u16() {
            200 => counted += 1,
            _ => refused = Some(answer),
        }
    }
    let refused = refused.expect("none was refused");
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["retry-after"], "2");
    assert_eq!(json(refused).await["type"], "too-many-clicks");

    let form = server.submit("by", "1").send().await.unwrap();
    let sockets_too = async {
        // Some seconds' worth may be there by now.
        for seq in 1..=16 {
            tab.click(seq).await;
        }
        tab.hear_a("refused").await
    };
    assert_eq!(sockets_too.await["problem"]["type"], "too-many-clicks");
    assert!(counted >= 4, "the burst is four seconds' worth");
    assert!(matches!(form.status().as_u16(), 303 | 429));
}

#[tokio::test]
async fn an_address_with_too_many_sockets_gets_no_more_until_one_closes() {
    let redis = start_redis().await;
    let server = Setup::new("ord", &redis)
        .with("ADDRESS_CONNECTIONS", "2")
        .start()
        .await;
    let first = Tab::open(&server, "one").await;
    let _silent = Tab::connect(&server).await;

    let Err(Error::Http(answer)) = Tab::knock(&server, &[]).await.map(|_| ()) else {
        panic!("a third socket opened");
    };
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()["retry-after"], "2");
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    drop(first);

    eventually("room for another", async || {
        Tab::knock(&server, &[]).await.is_ok()
    })
    .await;
}

#[tokio::test]
async fn a_tab_that_floods_holds_up_nobody() {
    let redis = start_redis().await;
    let server = Setup::new("ord", &redis).start().await;
    let mut tab = Tab::open(&server, "ann").await;
    let mut flood = Tab::open(&server, "flood").await;
    let flooding = tokio::spawn(async move {
        for seq in 1.. {
            // The server may close the socket of one that never listens.
            let click = format!(r#"{{"type":"click","seq":{seq},"by":1}}"#);
            if flood.socket.send(Message::text(click)).await.is_err() {
                break;
            }
        }
    });

    for seq in 1..=20 {
        tab.click(seq).await;
        let settled = timeout(SOON + LAG, tab.settled(seq));
        settled.await.expect("held up by another tab");
        let page = timeout(SOON + LAG, server.get("/").send());
        assert_eq!(page.await.unwrap().unwrap().status(), 200);
    }

    flooding.abort();
    let end = server.until("the flood's end", |world| world.connections == 1);
    tab.beside(end).await;
}
