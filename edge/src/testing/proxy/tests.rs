//! What the proxy does to a connection.

use super::*;
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long anything that must happen may take.
const DEADLINE: Duration = Duration::from_secs(60);
/// How long to look for what must not happen.
const MOMENT: Duration = Duration::from_millis(60);

/// An upstream that sends back what it gets, and counts it.
struct Echo {
    url: String,
    received: watch::Receiver<usize>,
    _tasks: JoinSet<()>,
}

impl Echo {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("redis://{}", listener.local_addr().unwrap());
        let (count, received) = watch::channel(0);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let count = count.clone();
                connections.spawn(async move {
                    let mut chunk = [0; 1024];
                    while let Ok(length @ 1..) = stream.read(&mut chunk).await {
                        count.send_modify(|total| *total += length);
                        stream.write_all(&chunk[..length]).await.unwrap();
                    }
                });
            }
        });
        Self {
            url,
            received,
            _tasks: tasks,
        }
    }

    async fn assert_received(&mut self, bytes: usize) {
        timeout(DEADLINE, self.received.wait_for(|total| *total >= bytes))
            .await
            .unwrap()
            .unwrap();
    }
}

async fn dial(proxy: &Proxy) -> TcpStream {
    TcpStream::connect(proxy.address).await.unwrap()
}

async fn assert_echoes(stream: &mut TcpStream, text: &[u8]) {
    stream.write_all(text).await.unwrap();
    assert_hears(stream, text).await;
}

async fn assert_hears(stream: &mut TcpStream, text: &[u8]) {
    let mut heard = vec![0; text.len()];
    timeout(DEADLINE, stream.read_exact(&mut heard))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(heard, text);
}

async fn assert_silent(stream: &mut TcpStream) {
    assert!(timeout(MOMENT, stream.read(&mut [0; 1])).await.is_err());
}

async fn assert_closed(stream: &mut TcpStream) {
    let read = timeout(DEADLINE, stream.read(&mut [0; 1])).await.unwrap();
    assert!(matches!(read, Ok(0) | Err(_)), "{read:?}");
}

#[tokio::test]
async fn it_forwards_both_ways() {
    let echo = Echo::start().await;
    let proxy = Proxy::start(&echo.url).unwrap();

    let mut stream = dial(&proxy).await;

    assert_echoes(&mut stream, b"one").await;
    assert_echoes(&mut stream, &[7; 50_000]).await;
}

#[tokio::test]
async fn a_cut_closes_old_and_new_connections_until_restored() {
    let echo = Echo::start().await;
    let proxy = Proxy::start(&echo.url).unwrap();
    let mut before = dial(&proxy).await;
    assert_echoes(&mut before, b"up").await;

    proxy.cut();
    assert_closed(&mut before).await;
    assert_closed(&mut dial(&proxy).await).await;

    proxy.restore();
    assert_echoes(&mut dial(&proxy).await, b"up again").await;
}

#[tokio::test]
async fn a_cut_that_is_restored_at_once_closes_old_connections() {
    let echo = Echo::start().await;
    let proxy = Proxy::start(&echo.url).unwrap();
    let mut before = dial(&proxy).await;
    assert_echoes(&mut before, b"up").await;

    proxy.cut();
    proxy.restore();

    assert_closed(&mut before).await;
    assert_echoes(&mut dial(&proxy).await, b"up again").await;
}

#[tokio::test]
async fn a_frozen_link_passes_nothing_and_loses_nothing() {
    let mut echo = Echo::start().await;
    let proxy = Proxy::start(&echo.url).unwrap();
    let mut old = dial(&proxy).await;
    assert_echoes(&mut old, b"up").await;

    proxy.freeze();
    let mut new = dial(&proxy).await;
    old.write_all(b"old").await.unwrap();
    new.write_all(b"new").await.unwrap();
    assert_silent(&mut old).await;
    assert_silent(&mut new).await;
    assert_eq!(*echo.received.borrow(), 2);

    proxy.restore();
    assert_hears(&mut old, b"old").await;
    assert_hears(&mut new, b"new").await;
    echo.assert_received(8).await;
}

#[tokio::test]
async fn lost_replies_leave_requests_done_and_callers_unknowing() {
    let mut echo = Echo::start().await;
    let proxy = Proxy::start(&echo.url).unwrap();
    let mut stream = dial(&proxy).await;
    assert_echoes(&mut stream, b"up").await;

    proxy.drop_replies();
    stream.write_all(b"order").await.unwrap();

    echo.assert_received(7).await;
    assert_closed(&mut stream).await;
}

#[tokio::test]
async fn a_delay_costs_latency_and_no_throughput() {
    let echo = Echo::start().await;
    let proxy = Proxy::start(&echo.url).unwrap();
    let mut stream = dial(&proxy).await;
    assert_echoes(&mut stream, b"up").await;

    proxy.delay(Duration::from_millis(200));
    let start = Instant::now();
    for part in 0..20 {
        stream.write_all(&[part]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_hears(&mut stream, &(0..20).collect::<Vec<u8>>()).await;

    assert!(start.elapsed() >= Duration::from_millis(200));
    assert!(
        start.elapsed() < Duration::from_millis(200 * 20),
        "delays added up"
    );
}

#[tokio::test]
async fn connections_end_with_the_proxy() {
    let echo = Echo::start().await;
    let proxy = Proxy::start(&echo.url).unwrap();
    let mut stream = dial(&proxy).await;
    assert_echoes(&mut stream, b"up").await;

    drop(proxy);

    assert_closed(&mut stream).await;
}
