//! What other tests take for granted of a Redis.

use super::*;
use crate::testing::Proxy;

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
