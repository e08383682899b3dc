//! The proxy: its handle, and the loop that accepts connections.

use crate::testing::relay::{Link, Weather, relay};
use crate::testing::upstream::Upstream;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// A TCP proxy in front of a Redis that fails on demand.
///
/// Every method acts at once, on open connections and on new ones: no byte passes against the mode
/// after the method has returned, save what was being written just then.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    weather: watch::Sender<Weather>,
    /// The accept loop, which owns all connections: they end with this value.
    _tasks: JoinSet<()>,
}

impl Proxy {
    /// Listens on a free port of 127.0.0.1 and forwards to the Redis at `upstream`.
    ///
    /// `upstream` is `redis://HOST:PORT`, `redis+unix:///PATH` or `unix:///PATH`. It is dialled anew for
    /// each connection, so it may come and go. Call this within a tokio runtime.
    ///
    /// # Errors
    /// Where `upstream` is no such URL, or no port can be had.
    pub fn start(upstream: &str) -> io::Result<Self> {
        let upstream = Arc::new(Upstream::parse(upstream)?);
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(listener)?;
        let address = listener.local_addr()?;
        let (weather, forecast) = watch::channel(Weather::default());
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, upstream, forecast));
        Ok(Self {
            address,
            weather,
            _tasks: tasks,
        })
    }

    /// The proxy's own URL, for `REDIS_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// Closes every connection, and new ones right after they were accepted.
    pub fn cut(&self) {
        self.weather.send_modify(|weather| {
            weather.link = Link::Cut;
            weather.cuts += 1;
        });
    }

    /// Becomes a black hole: connections stay open, nothing passes either way, nothing is lost.
    ///
    /// What is sent meanwhile waits in the senders' sockets until [`Proxy::restore`].
    pub fn freeze(&self) {
        self.set_link(Link::Frozen);
    }

    /// Forwards requests, but swallows the first reply to come and closes its connection.
    ///
    /// The call takes effect and its caller cannot know: an ambiguous failure.
    pub fn drop_replies(&self) {
        self.set_link(Link::RepliesLost);
    }

    /// Adds a delay to all that comes from upstream.
    ///
    /// It is pipelined, so it costs latency and no throughput. It lasts until it is set anew or
    /// [`Proxy::restore`] is called.
    pub fn delay(&self, delay: Duration) {
        self.weather.send_modify(|weather| weather.delay = delay);
    }

    /// Lets so many bytes a second pass either way on each connection, until it is set anew or
    /// [`Proxy::restore`] is called.
    pub fn narrow(&self, bytes_per_second: NonZeroU32) {
        self.weather
            .send_modify(|weather| weather.width = Some(bytes_per_second));
    }

    /// Forwards everything at once again, without delay.
    pub fn restore(&self) {
        self.weather.send_modify(|weather| {
            weather.link = Link::Normal;
            weather.delay = Duration::ZERO;
            weather.width = None;
        });
    }

    fn set_link(&self, link: Link) {
        self.weather.send_modify(|weather| weather.link = link);
    }
}

/// Accepts until it is dropped, and takes its connections with it.
async fn accept(listener: TcpListener, upstream: Arc<Upstream>, weather: watch::Receiver<Weather>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // A failed accept is the client's loss: it sees a closed connection.
                let Ok((client, _)) = accepted else { continue };
                let Weather { link, cuts, .. } = *weather.borrow();
                if link != Link::Cut {
                    let upstream = Arc::clone(&upstream);
                    connections.spawn(relay(client, upstream, cuts, weather.clone()));
                }
            }
            Some(_ended) = connections.join_next() => {}
        }
    }
}

#[cfg(test)]
mod tests;
