//! Connections that nobody uses are closed, and nobody can take them all.

use crate::support::{
    BEAT, DEADLINE, LAG, Server, Setup, Tab, eventually, json, session_id, start_redis,
};
use edge::testing::RedisServer;
use h2::ext::Protocol;
use protocol::live::VERSION;
use std::process::Command;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::http::Request;

/// What begins every HTTP/2 connection (RFC 9113, section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// The settings of a client that has none: an empty frame.
const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];
/// The connections that a server with the fewest places has room for.
const PLACES: usize = 16;
/// How many connections one address has at least.
const OF_ADDRESS: usize = 64;

#[tokio::test]
async fn connections_without_a_request_are_closed_and_sockets_are_not() {
    let redis = start_redis().await;
    let server = Setup::new("ord", &redis)
        .with("CONNECTION_IDLE_SECONDS", "2")
        // The time for an answer, whose body is awaited, is a multiple of this.
        .with("REDIS_TIMEOUT_MS", "500")
        .start()
        .await;
    let mut tab = Tab::open(&server, "ann").await;
    let started = Instant::now();
    let answered = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    let unfinished = b"GET / HTTP/1.1\r\nhost: x\r\nx: ";
    let waiting = b"POST /live HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n";
    let both = [PREFACE, SETTINGS].concat();
    let openings: [&[u8]; 5] = [b"", &PREFACE[..12], &both, answered, unfinished];

    let ends = openings.map(|opening| until_closed(&server, opening));
    tab.beside(futures::future::join_all(ends)).await;
    assert!(started.elapsed() < Duration::from_secs(5) + LAG);
    tab.beside(until_closed(&server, waiting)).await;

    tab.click(1).await;
    tab.settled(1).await;
}

#[tokio::test]
async fn an_http_2_connection_stays_while_one_of_its_streams_is_a_socket() {
    let redis = start_redis().await;
    let server = Setup::new("ord", &redis)
        .with("CONNECTION_IDLE_SECONDS", "1")
        .start()
        .await;
    let stream = TcpStream::connect(server.address).await.unwrap();
    let (client, connection) = h2::client::handshake(stream).await.unwrap();
    let mut tasks = JoinSet::new();
    tasks.spawn(connection);
    let mut client = client.ready().await.unwrap();
    // The server's settings, which allow it, come first.
    eventually("sockets over HTTP/2", async || {
        client.is_extended_connect_protocol_enabled()
    })
    .await;

    let mut open = Request::connect(server.url("/live"));
    open = open.header("sec-websocket-version", "13");
    let mut open = open.body(()).unwrap();
    open.extensions_mut()
        .insert(Protocol::from_static("websocket"));
    let (answer, mut socket) = client.send_request(open, false).unwrap();
    let answer = answer.await.unwrap();
    assert_eq!(answer.status(), 200);
    let hello = format!(
        r#"{{"type":"hello","version":{VERSION},"session":"{}"}}"#,
        session_id("h2")
    );
    // A text frame, masked with zeros (RFC 6455, section 5.2).
    let head = [0x81, 0x80 | u8::try_from(hello.len()).unwrap(), 0, 0, 0, 0];
    let frame = [&head[..], hello.as_bytes()].concat();
    socket.send_data(frame.into(), false).unwrap();

    // The first beat comes later than a connection without a request may last.
    let mut body = answer.into_body();
    let mut heard = Vec::new();
    while !String::from_utf8_lossy(&heard).contains(BEAT) {
        let data = tokio::time::timeout(DEADLINE, body.data()).await;
        heard.extend(data.unwrap().expect("closed").expect("closed"));
    }
}

#[tokio::test]
async fn an_address_has_no_more_requests_going_on_than_connections() {
    let redis = start_redis().await;
    let server = Setup::new("ord", &redis)
        .with("ADDRESS_CONNECTIONS", "2")
        .start()
        .await;
    let stream = TcpStream::connect(server.address).await.unwrap();
    let (mut client, connection) = h2::client::handshake(stream).await.unwrap();
    let mut tasks = JoinSet::new();
    tasks.spawn(connection);

    // Their bodies never come.
    let (mut answers, mut bodies) = (Vec::new(), Vec::new());
    for _ in 0..=OF_ADDRESS {
        client = client.ready().await.unwrap();
        let click = Request::post(server.url("/api/clicks"));
        let click = click.header("content-type", "application/json");
        let sent = client.send_request(click.body(()).unwrap(), false);
        let (answer, body) = sent.unwrap();
        answers.push(answer);
        bodies.push(body);
    }

    let last = tokio::time::timeout(DEADLINE, answers.pop().unwrap()).await;
    assert_eq!(last.unwrap().unwrap().status(), 429);
    drop(bodies);
    eventually("an answer again", async || {
        server.get("/").send().await.unwrap().status() == 200
    })
    .await;
}

/// Opens a connection with these bytes, and goes on sending a little where a request is unfinished.
async fn until_closed(server: &Server, opening: &[u8]) {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(opening).await.unwrap();
    let (mut read, mut write) = stream.split();
    let reading = async {
        // A reset is an end, too.
        let _end = read.read_to_end(&mut Vec::new()).await;
    };
    let dripping = async {
        while opening.ends_with(b"x: ") && write.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        std::future::pending::<()>().await;
    };
    let ended = tokio::time::timeout(DEADLINE, async {
        tokio::select! {
            () = reading => {}
            () = dripping => {}
        }
    });
    let opening = String::from_utf8_lossy(opening);
    ended
        .await
        .unwrap_or_else(|_| panic!("stays open: {opening:?}"));
}

#[tokio::test]
async fn an_address_has_so_many_connections_and_a_trusted_proxy_more() {
    let redis = start_redis().await;
    let setup = Setup::new("ord", &redis)
        .with("ADDRESS_CONNECTIONS", "2")
        .with("CONNECTION_IDLE_SECONDS", "3600");
    let server = setup.start_unready().await;
    let proxied = setup
        .with("TRUSTED_PROXIES", "127.0.0.0/8")
        .start_unready()
        .await;

    // Each asks once, and so may stay.
    let mut open = Vec::new();
    while let Some(stream) = ask(&server).await {
        open.push(stream);
    }
    assert!(
        (OF_ADDRESS - 2..=OF_ADDRESS).contains(&open.len()),
        "{}",
        open.len()
    );
    let mut of_proxy = Vec::new();
    for _ in 0..OF_ADDRESS * 2 {
        of_proxy.push(ask(&proxied).await.expect("a proxy's connection"));
    }
    drop(open);

    eventually("room again", async || ask(&server).await.is_some()).await;
    let metrics = server.get("/metrics").send().await.unwrap().text().await;
    let refused = r#"murmuration_network_connections_refused_total{reason="address"}"#;
    assert!(metrics.unwrap().contains(refused));
}

#[tokio::test]
async fn a_full_server_says_so_and_gets_no_visitors_until_it_has_room() {
    let redis = start_redis().await;
    let (server, other) = two_servers(&redis).await;
    let mut tab = Tab::open(&server, "ann").await;
    let mut open = Vec::new();

    while let Some(stream) = ask(&server).await {
        open.push(stream);
    }
    assert!(open.len() < PLACES);
    eventually("unreadiness", async || {
        server.get("/readyz").send().await.unwrap().status() == 503
    })
    .await;
    let left = other
        .until("one instance", |world| world.instances() == 1)
        .await;
    assert_eq!(left.region("ord").map_or(0, |ord| ord.instances), 0);
    assert_eq!(server.get("/healthz").send().await.unwrap().status(), 200);
    let page = server.get("/").send().await.unwrap();
    assert_eq!(page.status(), 503);
    assert!(page.headers().contains_key("retry-after"));
    assert_eq!(json(page).await["type"], "full");
    tab.click(1).await;
    tab.settled(1).await;
    drop(open);

    let ready = eventually("readiness", async || {
        server.get("/readyz").send().await.unwrap().status() == 200
    });
    tab.beside(ready).await;
    let back = other.until("both instances, and ann", |world| {
        (world.instances(), world.people) == (2, 1)
    });
    tab.beside(back).await;
}

#[tokio::test]
async fn a_server_that_gets_no_sockets_gets_no_visitors_until_it_does() {
    let redis = start_redis().await;
    let (server, other) = two_servers(&redis).await;
    let _tab = Tab::open(&server, "ann").await;

    limit_files(&server, 10);
    // This waits to be accepted.
    let waiting = TcpStream::connect(server.address).await.unwrap();
    other
        .until("one instance", |world| world.instances() == 1)
        .await;
    limit_files(&server, 1024);

    other
        .until("both instances", |world| world.instances() == 2)
        .await;
    drop(waiting);
    assert_eq!(server.get("/readyz").send().await.unwrap().status(), 200);
}

/// One with the fewest places, and one that watches it.
async fn two_servers(redis: &RedisServer) -> (Server, Server) {
    let setup = Setup::new("ord", redis)
        .with("OPEN_CONNECTIONS", &PLACES.to_string())
        .with("CONNECTION_IDLE_SECONDS", "3600")
        .with("TRUSTED_PROXIES", "127.0.0.0/8");
    let server = setup.start().await;
    let other = Server::start("fra", redis).await;
    other.until("both", |world| world.instances() == 2).await;
    (server, other)
}

/// Opens a connection and asks on it whether the server lives; `None` unless it stays open.
async fn ask(server: &Server) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let request = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    stream.write_all(request).await.ok()?;
    let mut answer = Vec::new();
    while !answer.ends_with(b"ok\n") {
        let read = tokio::time::timeout(DEADLINE, stream.read_buf(&mut answer));
        let read = read.await.expect("no answer");
        read.ok().filter(|count| *count > 0)?;
    }
    let closes = String::from_utf8_lossy(&answer).contains("connection: close");
    (!closes).then_some(stream)
}

/// Sets how many files a server may have open from now on.
fn limit_files(server: &Server, files: usize) {
    let status = Command::new("prlimit")
        .args(["--pid", &server.pid().to_string()])
        .arg(format!("--nofile={files}:"))
        .status()
        .unwrap();
    assert!(status.success());
}
