//! Requests that no browser sends: answered or cut off, and the server goes on.

use crate::support::{DEADLINE, Server, Setup, Tab, eventually, raw, start_redis};
use futures::SinkExt;
use std::sync::Mutex;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn heads_that_are_too_large_are_refused() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let head =
        |lines: String| format!("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{lines}\r\n");

    let fits = raw(
        &server,
        head(format!("x-large: {}\r\n", "x".repeat(8000))).as_bytes(),
    )
    .await;
    assert!(fits.starts_with("HTTP/1.1 200"), "{fits}");
    for size in [100_000, 1_000_000] {
        let answer = raw(
            &server,
            head(format!("x-large: {}\r\n", "x".repeat(size))).as_bytes(),
        )
        .await;
        assert!(answer.starts_with("HTTP/1.1 431"), "{size}: {answer}");
    }
    let many = raw(&server, head("x: 1\r\n".repeat(10_000)).as_bytes()).await;
    assert!(many.starts_with("HTTP/1.1 431"), "{many}");
    let long = raw(
        &server,
        format!("GET /{} HTTP/1.1\r\nhost: x\r\n\r\n", "x".repeat(100_000)).as_bytes(),
    )
    .await;
    assert!(
        long.starts_with("HTTP/1.1 414") || long.starts_with("HTTP/1.1 431"),
        "{long}"
    );

    assert_fine(&server).await;
}

#[tokio::test]
async fn requests_that_make_no_sense_are_cut_off() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let requests: [&[u8]; 14] = [
        b"\r\n\r\n \r\n\r\n",
        b"\0\0\0\0\0\0\0\0\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nbad header\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: x\r\nx: a\0b\r\n\r\n",
        b"POST /api/clicks HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        b"POST /api/clicks HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999999999999\r\n\r\n",
        b"POST /api/clicks HTTP/1.1\r\nhost: x\r\ncontent-length: 8\r\ncontent-length: 9\r\n\r\n{\"by\":1}",
        b"POST /api/clicks HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"POST /api/clicks HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS hello\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        b"GET /live HTTP/1.1\r\nhost: x\r\nconnection: upgrade, close\r\nupgrade: websocket\r\nsec-websocket-version: 12\r\nsec-websocket-key: x\r\n\r\n",
    ];

    for request in requests {
        let text = String::from_utf8_lossy(request);
        println!("{text:?}");
        let answer = raw(&server, request).await;
        assert!(
            !answer.starts_with("HTTP/1.1 2") && !answer.starts_with("HTTP/1.1 5"),
            "{text:?}: {answer}"
        );
    }

    assert_fine(&server).await;
    assert_eq!(server.report().await.clicks, 0);
}

#[tokio::test]
async fn who_asks_without_end_and_reads_no_answer_is_cut_off() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let mut tab = Tab::open(&server, "ann").await;

    let asking = async {
        let ping = Message::Ping(vec![0; 125].into());
        while tab.socket.send(ping.clone()).await.is_ok() {}
    };
    timeout(DEADLINE, asking).await.expect("never cut off");

    assert_fine(&server).await;
}

#[tokio::test]
async fn a_crowd_that_hangs_up_everywhere_leaves_nothing_behind() {
    const PLACES: usize = 40;
    let redis = start_redis().await;
    let server = Setup::new("ord", &redis)
        .with("ADDRESS_CONNECTIONS", &PLACES.to_string())
        .start()
        .await;
    let request = format!(
        "GET /live HTTP/1.1\r\nhost: {}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        server.address
    );

    for end in (0..request.len()).step_by(7).chain([request.len()]) {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(&request.as_bytes()[..end]).await.unwrap();
    }
    for _ in 0..20 {
        let mut tab = Tab::connect(&server).await;
        tab.hello(1, "gone").await;
    }

    // All have come, and gone again, once every place can be taken.
    let tabs = Mutex::new(Vec::new());
    eventually("every place", async || {
        let tab = Tab::knock(&server, &[]).await;
        let mut tabs = tabs.lock().unwrap();
        tabs.extend(tab.ok());
        tabs.len() == PLACES
    })
    .await;
    drop(tabs);
    server
        .until("nobody", |world| {
            (world.people, world.connections) == (0, 0)
        })
        .await;
    assert_fine(&server).await;
}

async fn assert_fine(server: &Server) {
    assert_eq!(server.get("/").send().await.unwrap().status(), 200);
    let mut tab = Tab::open(server, "fine").await;
    tab.say(serde_json::json!({ "type": "hello" })).await;
    assert_eq!(tab.closing().await.0, 4400);
}
