//! Clients that fall silent.
//!
//! These waits are long and cost nothing: they share one test, which comes first in the list, so that all
//! others run beside it.

use crate::support::{LAG, Server, Tab, raw, session_id, start_redis};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

#[tokio::test]
async fn whoever_falls_silent_is_gone_in_time() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;

    tokio::join!(
        a_socket_without_a_hello(&server),
        a_socket_that_answers_no_ping(&server),
        a_socket_that_is_only_idle(&server),
        headers_that_drip(&server),
        a_body_that_never_comes(&server),
    );
}

async fn a_socket_without_a_hello(server: &Server) {
    let started = Instant::now();
    let mut tab = Tab::connect(server).await;

    let (code, reason, frames) = tab.closing().await;

    assert_eq!((code, frames.len()), (4508, 0), "{reason}");
    let in_time = Duration::from_secs(9)..Duration::from_secs(12) + LAG;
    assert!(in_time.contains(&started.elapsed()));
}

/// The machine behind it was switched off: nothing comes back, no end either.
async fn a_socket_that_answers_no_ping(server: &Server) {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let request = format!(
        "GET /live HTTP/1.1\r\nhost: {}\r\nupgrade: websocket\r\nconnection: upgrade\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        server.address
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let hello = format!(
        r#"{{"type":"hello","version":5,"session":"{}"}}"#,
        session_id("gone")
    );
    // Final, text, masked with zeros.
    let mut frame = vec![0x81, 0x80 | u8::try_from(hello.len()).unwrap(), 0, 0, 0, 0];
    frame.extend(hello.bytes());
    stream.write_all(&frame).await.unwrap();
    let fell_silent = Instant::now();

    server
        .until("both sockets", |world| world.connections == 2)
        .await;
    server
        .until_within(
            Duration::from_secs(15) + LAG,
            "the end of the silent one",
            |world| world.connections == 1,
        )
        .await;

    let took = fell_silent.elapsed();
    let in_time = Duration::from_secs(9)..Duration::from_secs(15) + LAG;
    assert!(in_time.contains(&took), "{took:?}");
    drop(stream);
}

async fn a_socket_that_is_only_idle(server: &Server) {
    let mut tab = Tab::open(server, "idle").await;
    let until = Instant::now() + Duration::from_secs(17);

    // This client answers pings while it listens.
    while Instant::now() < until {
        if let Ok(frame) = timeout(Duration::from_secs(1), tab.try_hear()).await {
            frame.expect("an idle socket was closed");
        }
    }

    tab.click(1).await;
    tab.settled(1).await;
}

async fn headers_that_drip(server: &Server) {
    let started = Instant::now();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let (mut reads, mut writes) = stream.split();
    let drip = async {
        writes.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n").await?;
        loop {
            writes.write_all(b"x-drip: 1\r\n").await?;
            sleep(Duration::from_millis(500)).await;
        }
        #[expect(unreachable_code, reason = "names the type of the errors")]
        Ok::<(), std::io::Error>(())
    };
    let mut answer = Vec::new();

    tokio::select! {
        _ = reads.read_to_end(&mut answer) => {}
        _ = drip => {}
        () = sleep(Duration::from_secs(34) + LAG) => panic!("still open"),
    }

    assert!(started.elapsed() > Duration::from_secs(5));
    assert!(!answer.starts_with(b"HTTP/1.1 200"));
}

async fn a_body_that_never_comes(server: &Server) {
    let request = "POST /api/clicks HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                   content-length: 8\r\nconnection: close\r\n\r\n{\"by\"";

    let answer = raw(server, request.as_bytes()).await;

    assert!(
        answer.starts_with("HTTP/1.1 504") || answer.starts_with("HTTP/1.1 408"),
        "{answer}"
    );
}
