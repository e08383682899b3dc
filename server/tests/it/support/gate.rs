//! A door to a cluster's servers that can be led elsewhere.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Where it leads. A change ends all connections.
#[derive(Clone)]
enum Way {
    /// Nowhere: connections are closed.
    Closed,
    /// Nowhere: connections stay open, and nobody answers.
    Stuck,
    /// To a server.
    To(SocketAddr),
    /// To somebody who answers every call with these bytes.
    Says(Arc<[u8]>),
}

/// A port that is the same whatever is behind it.
pub struct Gate {
    address: SocketAddr,
    way: watch::Sender<Way>,
    calls: Arc<AtomicUsize>,
    _tasks: JoinSet<()>,
}

impl Gate {
    /// A closed one.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (way, ways) = watch::channel(Way::Closed);
        let calls = Arc::new(AtomicUsize::new(0));
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, ways, calls.clone()));
        Self {
            address,
            way,
            calls,
            _tasks: tasks,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn close(&self) {
        self.way.send_replace(Way::Closed);
    }

    pub fn get_stuck(&self) {
        self.way.send_replace(Way::Stuck);
    }

    pub fn lead_to(&self, server: SocketAddr) {
        self.way.send_replace(Way::To(server));
    }

    pub fn say(&self, answer: &[u8]) {
        self.way.send_replace(Way::Says(answer.into()));
    }

    /// How many connections came so far.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::Acquire)
    }
}

async fn accept(listener: TcpListener, ways: watch::Receiver<Way>, calls: Arc<AtomicUsize>) {
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        calls.fetch_add(1, Ordering::AcqRel);
        let mut ways = ways.clone();
        connections.spawn(async move {
            let way = ways.borrow_and_update().clone();
            tokio::select! {
                () = serve(stream, way) => {}
                _ = ways.changed() => {}
            }
        });
    }
}

async fn serve(mut stream: TcpStream, way: Way) {
    match way {
        Way::Closed => {}
        Way::Stuck => std::future::pending().await,
        Way::To(server) => {
            if let Ok(mut upstream) = TcpStream::connect(server).await {
                // Either end may close it at any time.
                let _end = copy_bidirectional(&mut stream, &mut upstream).await;
            }
        }
        Way::Says(answer) => {
            let mut request = Vec::new();
            while !is_whole(&request) && matches!(stream.read_buf(&mut request).await, Ok(1..)) {}
            // Whoever hears enough closes the connection.
            let _sent = stream.write_all(&answer).await;
        }
    }
}

/// Whether that is a request's head and all of its body.
fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().unwrap())
    });
    body.len() >= length.unwrap_or(0)
}
