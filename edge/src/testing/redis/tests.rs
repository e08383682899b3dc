//! What other tests take for granted of a Redis.

use crate::testing::{Certificates, Proxy, RedisOptions, RedisServer};
use std::path::PathBuf;

async fn set(server: &RedisServer, value: u32) {
    let mut connection = server.connection().await.unwrap();
    redis::cmd("SET")
        .arg("key")
        .arg(value)
        .exec_async(&mut connection)
        .await
        .unwrap();
}

async fn value(url: &str) -> Option<u32> {
    let client = redis::Client::open(url).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    redis::cmd("GET")
        .arg("key")
        .query_async(&mut connection)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_durable_one_keeps_its_data_through_a_kill() {
    let mut server = RedisServer::start_durable().await.unwrap();
    set(&server, 7).await;

    server.kill().unwrap();
    assert!(server.connection().await.is_err());
    server.restart().await.unwrap();

    assert_eq!(value(&server.url()).await, Some(7));
}

#[tokio::test]
async fn one_in_memory_comes_back_empty() {
    let mut server = RedisServer::start().await.unwrap();
    set(&server, 7).await;

    server.stop().await.unwrap();
    server.restart().await.unwrap();

    assert_eq!(value(&server.url()).await, None);
}

#[tokio::test]
async fn it_can_be_reached_by_tcp_and_through_a_proxy() {
    let by_port = RedisServer::start_tcp().await.unwrap();
    let by_socket = RedisServer::start().await.unwrap();
    set(&by_port, 1).await;
    set(&by_socket, 2).await;
    let proxy = Proxy::start(&by_socket.url()).unwrap();

    assert_eq!(value(&by_port.url()).await, Some(1));
    assert_eq!(value(&proxy.url()).await, Some(2));
}

#[tokio::test]
async fn a_dump_has_every_kind_of_value() {
    let server = RedisServer::start().await.unwrap();
    let mut fill = redis::pipe();
    fill.set("a", b"text \xff").hset("b", "field", "of a hash");
    fill.sadd("c", "member").zadd("d", "ranked", 1.5);
    fill.rpush("e", "first");
    fill.cmd("XADD").arg(&["f", "1-1", "g", "entry"]);
    let mut connection = server.connection().await.unwrap();
    fill.exec_async(&mut connection).await.unwrap();

    let dump = server.dump().await.unwrap();

    let mut lines: Vec<&str> = dump.lines().collect();
    lines.sort_unstable();
    let expected = [
        "a = text \u{fffd}",
        "b = field of a hash",
        "c = member",
        "d = ranked 1.5",
        "e = first",
        "f = 1-1 g entry",
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn it_asks_for_passwords_bounds_its_memory_and_has_replicas() {
    let options = RedisOptions::default()
        .tcp()
        .password("secret")
        .user("ann on >other ~* +get")
        .max_memory("2mb", "noeviction");
    let server = RedisServer::start_with(options.clone()).await.unwrap();
    let replica = options.replica_of(&server);
    let replica = RedisServer::start_with(replica).await.unwrap();
    set(&server, 7).await;
    let mut connection = server.connection().await.unwrap();
    let mut wait = redis::cmd("WAIT");
    let reached: u32 = wait
        .arg(&[1, 10_000])
        .query_async(&mut connection)
        .await
        .unwrap();
    let mut config = redis::cmd("CONFIG");
    let memory: (String, u32) = config
        .arg(&["GET", "maxmemory"])
        .query_async(&mut connection)
        .await
        .unwrap();

    assert_eq!(reached, 1);
    assert_eq!(memory.1, 2 * 1024 * 1024);
    assert_eq!(value(&replica.url()).await, Some(7));
    assert_eq!(value(&server.url_of("ann", "other")).await, Some(7));
    let stranger = redis::Client::open(server.url_of("", "wrong")).unwrap();
    assert!(stranger.get_multiplexed_async_connection().await.is_err());
}

#[tokio::test]
async fn it_speaks_tls_only_where_it_is_told_to() {
    let certificates = Certificates::make().unwrap();
    let options = RedisOptions::default().tls(&certificates);
    let open = RedisServer::start_with(options.clone()).await.unwrap();
    let strict = RedisServer::start_with(options.client_certificates())
        .await
        .unwrap();
    // Its own client: what it serves is to be seen, not what ours makes of it.
    let ping = async |server: &RedisServer, files: &[(&str, PathBuf)]| {
        let address = server.address().unwrap();
        let port = address.rsplit(':').next().unwrap();
        let mut client = tokio::process::Command::new("redis-cli");
        client.args(["-h", "127.0.0.1", "-p", port]);
        for (option, file) in files {
            client.arg("--tls").arg(option).arg(file);
        }
        let answer = client.arg("PING").output().await.unwrap();
        answer.stdout == b"PONG\n"
    };
    let trusted = [("--cacert", certificates.authority())];
    let strangers = [("--cacert", certificates.other_authority())];
    let known = [
        ("--cacert", certificates.authority()),
        ("--cert", certificates.client()),
        ("--key", certificates.client_key()),
    ];

    assert!(open.url().starts_with("rediss://"));
    assert!(ping(&open, &trusted).await);
    assert!(!ping(&open, &strangers).await);
    assert!(!ping(&open, &[]).await);
    assert!(!ping(&strict, &trusted).await);
    assert!(ping(&strict, &known).await);
}

#[tokio::test]
async fn a_frozen_one_answers_when_it_goes_on() {
    let mut server = RedisServer::start().await.unwrap();
    set(&server, 7).await;

    server.freeze().unwrap();
    assert!(!server.answers());
    let mut connection = tokio::spawn({
        let url = server.url();
        async move { value(&url).await }
    });
    let early = tokio::time::timeout(std::time::Duration::from_millis(50), &mut connection);
    assert!(early.await.is_err());
    server.thaw().unwrap();

    assert!(server.answers());
    assert_eq!(value(&server.url()).await, Some(7));
}
