//! A link to Redis that knows what passes over it.

use super::DEADLINE;
use edge::testing::RedisServer;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream, UnixStream, unix};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// One command, word by word.
pub type Call = Vec<Vec<u8>>;

/// Where to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// Before Redis gets the call.
    Before,
    /// After Redis gets the call, before its answer.
    After,
    /// Before Redis gets the call, and what follows it on its connection; all others pass.
    Alone,
}

/// Stands between an instance and a Redis: it writes down every call, and stops all that passes at the one that it is told
/// of. So an instance is paused in the middle of what it does, and its calls come late.
pub struct Gate {
    address: SocketAddr,
    shared: Arc<Shared>,
    /// The accept loop, which owns all connections: they end with this value, and what is held with them.
    _tasks: JoinSet<()>,
}

struct Shared {
    /// Redis's socket.
    path: String,
    calls: Mutex<Vec<Call>>,
    stop: Mutex<Option<Stop>>,
    refused: Mutex<Option<Which>>,
    held: watch::Sender<Option<Hold>>,
}

struct Stop {
    hold: Hold,
    at: Which,
}

/// Tells some calls from others.
type Which = Box<dyn Fn(&Call) -> bool + Send>;

impl Gate {
    /// Stands before that Redis, which listens on a Unix socket.
    pub async fn before(redis: &RedisServer) -> Self {
        let path = redis.url().trim_start_matches("redis+unix://").to_owned();
        let shared = Arc::new(Shared {
            path,
            calls: Mutex::default(),
            stop: Mutex::default(),
            refused: Mutex::default(),
            held: watch::Sender::new(None),
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, shared.clone()));
        Self {
            address,
            shared,
            _tasks: tasks,
        }
    }

    pub fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// Stops all that passes at the first such call from now on.
    pub fn hold(&self, hold: Hold, at: impl Fn(&Call) -> bool + Send + 'static) {
        let at = Box::new(at);
        *self.shared.stop.lock().unwrap() = Some(Stop { hold, at });
    }

    /// Closes the connection of every such call from now on, before Redis gets it.
    pub fn refuse(&self, calls: impl Fn(&Call) -> bool + Send + 'static) {
        *self.shared.refused.lock().unwrap() = Some(Box::new(calls));
    }

    /// Waits until it has stopped.
    pub async fn held(&self) {
        let mut held = self.shared.held.subscribe();
        let wait = held.wait_for(Option::is_some);
        let held = tokio::time::timeout(DEADLINE, wait).await;
        held.expect("the call never came").unwrap();
    }

    /// Lets everything pass again, first what was held.
    pub fn release(&self) {
        self.shared.held.send_replace(None);
    }

    /// Every call that has passed, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.shared.calls.lock().unwrap().clone()
    }
}

impl Shared {
    /// Whether to stop here; only once.
    fn stops_at(&self, call: &Call) -> Option<Hold> {
        let mut stop = self.stop.lock().unwrap();
        let meets = stop.as_ref().is_some_and(|stop| (stop.at)(call));
        if !meets {
            return None;
        }
        let hold = stop.take().map(|stop| stop.hold);
        self.held.send_replace(hold);
        hold
    }

    fn refuses(&self, call: &Call) -> bool {
        let refused = self.refused.lock().unwrap();
        refused.as_ref().is_some_and(|refuses| refuses(call))
    }

    /// Waits until all that is not held alone may pass.
    async fn flowing(&self) {
        let mut held = self.held.subscribe();
        // Whoever calls this holds the sender.
        let _flows = held
            .wait_for(|held| matches!(held, None | Some(Hold::Alone)))
            .await;
    }

    /// Waits until nothing is held.
    async fn released(&self) {
        let mut held = self.held.subscribe();
        let _released = held.wait_for(Option::is_none).await;
    }
}

/// Accepts until it is dropped, and takes its connections with it.
async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (client, _) = accepted.unwrap();
                shared.flowing().await;
                // Where Redis is not there, the client sees a closed connection.
                if let Ok(redis) = UnixStream::connect(&shared.path).await {
                    client.set_nodelay(true).unwrap();
                    carry(client, redis, &shared, &mut connections);
                }
            }
            Some(_ended) = connections.join_next() => {}
        }
    }
}

fn carry(client: TcpStream, redis: UnixStream, shared: &Arc<Shared>, tasks: &mut JoinSet<()>) {
    let (from_client, to_client) = client.into_split();
    let (from_redis, to_redis) = redis.into_split();
    // Each on its own: what was held goes on to Redis, also where nobody waits for its answer any more.
    tasks.spawn(requests(shared.clone(), from_client, to_redis));
    tasks.spawn(answers(shared.clone(), from_redis, to_client));
}

async fn requests(shared: Arc<Shared>, mut from: OwnedReadHalf, mut to: unix::OwnedWriteHalf) {
    let mut waiting = Vec::new();
    while from.read_buf(&mut waiting).await.is_ok_and(|some| some > 0) {
        while let Some((call, length)) = parse(&waiting) {
            let bytes: Vec<u8> = waiting.drain(..length).collect();
            if shared.refuses(&call) {
                return;
            }
            let mut stopped = shared.stops_at(&call);
            while stopped != Some(Hold::After) {
                match stopped {
                    Some(Hold::Alone) => shared.released().await,
                    _ => shared.flowing().await,
                }
                // The next stop may be set while it is held.
                stopped = shared.stops_at(&call);
                if stopped.is_none() {
                    break;
                }
            }
            shared.calls.lock().unwrap().push(call);
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
    }
}

async fn answers(shared: Arc<Shared>, mut from: unix::OwnedReadHalf, mut to: OwnedWriteHalf) {
    let mut some = vec![0; 1 << 16];
    while let Ok(length @ 1..) = from.read(&mut some).await {
        shared.flowing().await;
        if to.write_all(&some[..length]).await.is_err() {
            return;
        }
    }
}

/// The first command of these bytes, and its length, if all of it is there.
fn parse(bytes: &[u8]) -> Option<(Call, usize)> {
    let (count, mut at) = number(bytes, 0, b'*')?;
    let mut call = Vec::with_capacity(count);
    for _ in 0..count {
        let (length, begin) = number(bytes, at, b'$')?;
        at = begin + length + 2;
        if bytes.len() < at {
            return None;
        }
        call.push(bytes[begin..begin + length].to_vec());
    }
    Some((call, at))
}

/// The number of a line such as `*3\r\n`, and where the next line begins.
fn number(bytes: &[u8], at: usize, sign: u8) -> Option<(usize, usize)> {
    let line = &bytes.get(at..)?;
    let end = line.windows(2).position(|two| two == b"\r\n")?;
    assert_eq!(line[0], sign, "redis-rs sends arrays of strings");
    let digits = std::str::from_utf8(&line[1..end]).unwrap();
    Some((digits.parse().unwrap(), at + end + 2))
}
