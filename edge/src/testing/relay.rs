//! One proxied connection.

use super::upstream::Upstream;
use std::io;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

/// The most that is read at once, in bytes.
const CHUNK_MAX_BYTES: usize = 16 * 1024;
/// How many delayed replies may wait; then upstream is no longer read, as a full socket would do.
const DELAYED_CHUNKS_MAX: usize = 4096;

/// What a proxy does with what passes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Link {
    /// Everything passes.
    #[default]
    Normal,
    /// Connections are closed.
    Cut,
    /// Nothing passes, nothing is closed.
    Frozen,
    /// Requests pass; the first reply is swallowed and closes its connection.
    RepliesLost,
}

/// The conditions of the link.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Weather {
    /// What passes.
    pub(super) link: Link,
    /// How often connections were closed: a cut that is restored at once closes them, too.
    pub(super) cuts: u64,
    /// What is added to everything from upstream.
    pub(super) delay: Duration,
    /// The bytes a second that pass either way on each connection; nothing for as many as can.
    pub(super) width: Option<NonZeroU32>,
}

/// A reply on its way, and when it arrives.
type Delayed = (Instant, Vec<u8>);

/// Carries one connection, accepted after so many cuts, until either end closes it or the link is cut.
pub(super) async fn relay(
    client: TcpStream,
    upstream: Arc<Upstream>,
    cuts: u64,
    weather: watch::Receiver<Weather>,
) {
    let mut cut = weather.clone();
    tokio::select! {
        biased;
        _ = cut.wait_for(|weather| weather.cuts != cuts) => {}
        // Both ends see a closed connection, which is all there is to tell.
        _closed = forward(client, &upstream, weather) => {}
    }
}

async fn forward(
    client: TcpStream,
    upstream: &Upstream,
    mut weather: watch::Receiver<Weather>,
) -> io::Result<()> {
    client.set_nodelay(true)?;
    flowing(&mut weather).await?;
    let (from_upstream, to_upstream) = tokio::io::split(upstream.connect().await?);
    let (from_client, to_client) = client.into_split();
    let (queue, queued) = mpsc::channel(DELAYED_CHUNKS_MAX);
    tokio::select! {
        ended = requests(from_client, to_upstream, weather.clone()) => ended,
        ended = async {
            tokio::try_join!(
                collect(from_upstream, queue, weather.clone()),
                deliver(queued, to_client, weather),
            )
        } => ended.map(drop),
    }
}

/// Client to upstream.
async fn requests(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut weather: watch::Receiver<Weather>,
) -> io::Result<()> {
    while let Some(chunk) = read(&mut from, &mut weather).await? {
        // The link may have frozen between the read and here.
        flowing(&mut weather).await?;
        to.write_all(&chunk).await?;
        pass(&weather, chunk.len()).await;
    }
    Ok(())
}

/// Upstream to the queue of delayed replies.
async fn collect(
    mut from: impl AsyncRead + Unpin,
    queue: mpsc::Sender<Delayed>,
    mut weather: watch::Receiver<Weather>,
) -> io::Result<()> {
    while let Some(chunk) = read(&mut from, &mut weather).await? {
        replies_pass(&weather)?;
        let deliver_at = Instant::now() + weather.borrow().delay;
        queue
            .send((deliver_at, chunk))
            .await
            .map_err(|_| io::ErrorKind::BrokenPipe)?;
    }
    Ok(())
}

/// The queue of delayed replies to the client.
async fn deliver(
    mut queue: mpsc::Receiver<Delayed>,
    mut to: impl AsyncWrite + Unpin,
    mut weather: watch::Receiver<Weather>,
) -> io::Result<()> {
    while let Some((deliver_at, chunk)) = queue.recv().await {
        tokio::time::sleep_until(deliver_at).await;
        flowing(&mut weather).await?;
        replies_pass(&weather)?;
        to.write_all(&chunk).await?;
        pass(&weather, chunk.len()).await;
    }
    Ok(())
}

/// Takes the time that so many bytes need on this link.
async fn pass(weather: &watch::Receiver<Weather>, bytes: usize) {
    let width = weather.borrow().width;
    if let Some(width) = width {
        tokio::time::sleep(Duration::from_secs_f64(
            bytes as f64 / f64::from(width.get()),
        ))
        .await;
    }
}

/// The next chunk, taken from the socket only while the link is not frozen; `None` at the end.
async fn read(
    from: &mut (impl AsyncRead + Unpin),
    weather: &mut watch::Receiver<Weather>,
) -> io::Result<Option<Vec<u8>>> {
    let mut chunk = vec![0; CHUNK_MAX_BYTES];
    loop {
        flowing(weather).await?;
        tokio::select! {
            biased;
            changed = weather.changed() => changed.map_err(gone)?,
            length = from.read(&mut chunk) => {
                chunk.truncate(length?);
                return Ok((!chunk.is_empty()).then_some(chunk));
            }
        }
    }
}

/// Waits until the link is not frozen.
async fn flowing(weather: &mut watch::Receiver<Weather>) -> io::Result<()> {
    let now = weather
        .wait_for(|weather| weather.link != Link::Frozen)
        .await
        .map_err(gone)?;
    if now.link == Link::Cut {
        Err(io::ErrorKind::ConnectionAborted.into())
    } else {
        Ok(())
    }
}

/// Fails where a reply is to be swallowed, which closes the connection.
fn replies_pass(weather: &watch::Receiver<Weather>) -> io::Result<()> {
    let lost = weather.borrow().link == Link::RepliesLost;
    if lost {
        Err(io::ErrorKind::ConnectionAborted.into())
    } else {
        Ok(())
    }
}

/// The proxy was dropped.
fn gone(_: watch::error::RecvError) -> io::Error {
    io::ErrorKind::ConnectionAborted.into()
}
