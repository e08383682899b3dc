//! Who is silent is gone; a server that stood still says that of nobody.

use crate::support::{Server, Setup, Tab, start_redis};
use std::process::Command;
use std::time::Duration;

/// Longer than a browser may be silent.
const PAUSE: Duration = Duration::from_secs(15);

#[tokio::test]
async fn a_server_that_stood_still_keeps_its_sockets() {
    let redis = start_redis().await;
    let server = Setup::new("ord", &redis).patient().start().await;
    let mut tabs = Vec::new();
    for name in ["ann", "bob", "cid"] {
        tabs.push(Tab::open(&server, name).await);
    }

    signal(&server, "-STOP");
    tokio::time::sleep(PAUSE).await;
    signal(&server, "-CONT");

    for (name, tab) in ["ann", "bob", "cid"].iter().zip(&mut tabs) {
        // Another frame of the socket's own comes first, should it be closed.
        tab.click(1).await;
        tab.settled(1).await;
        assert_eq!(server.report().await.connections, 3, "{name}");
    }
}

#[tokio::test]
async fn a_browser_that_answers_no_ping_is_gone() {
    let redis = start_redis().await;
    let server = Server::start("ord", &redis).await;
    let silent = Tab::open(&server, "ann").await;
    server.until("ann", |world| world.people == 1).await;

    server.until("nobody", |world| world.people == 0).await;
    drop(silent);
}

fn signal(server: &Server, signal: &str) {
    let status = Command::new("kill")
        .args([signal, &server.pid().to_string()])
        .status();
    assert!(status.unwrap().success());
}
