//! Many connections, each asking again as soon as it was answered.

use super::get::request;
use super::reader::Reader;
use crate::cluster::Place;
use crate::machine;
use crate::stats::Latencies;
use anyhow::{bail, ensure};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// How long to ask before counting, so that caches and connections are warm.
pub const WARM_UP: Duration = Duration::from_millis(500);

/// What to ask, and how.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// Where.
    pub place: Place,
    /// The process there.
    pub pid: u32,
    /// The path, with its query.
    pub path: &'a str,
    /// The request's headers.
    pub headers: &'a [(&'a str, &'a str)],
    /// How many connections, each with one request at a time.
    pub connections: usize,
}

/// What came of it.
#[derive(Debug)]
pub struct Load {
    /// Answered requests a second.
    pub per_second: f64,
    /// How long they took.
    pub latencies: Latencies,
    /// Answered requests for each CPU second of the server: what remains comparable where the load's
    /// core, not the server's, is the limit.
    pub per_cpu_second: f64,
    /// How many cores the server kept busy.
    pub server_cores: f64,
}

/// Asks for the path for as long as the window says.
///
/// # Errors
/// Where a connection fails or an answer is not 200.
pub async fn load(target: Target<'_>, window: Duration) -> anyhow::Result<Load> {
    let request: Arc<[u8]> = request(target.place, target.path, target.headers).into();
    let start = Instant::now();
    let used = machine::cpu_seconds(target.pid)?;
    let (begin, end) = (start + WARM_UP, start + WARM_UP + window);
    let mut tasks = JoinSet::new();
    for _ in 0..target.connections {
        let stream = TcpStream::connect(target.place.address).await?;
        stream.set_nodelay(true)?;
        tasks.spawn(ask(stream, Arc::clone(&request), begin, end));
    }
    let (mut latencies, mut answered) = (Latencies::default(), 0.0);
    while let Some(part) = tasks.join_next().await {
        let (some, all) = part??;
        latencies.append(some);
        answered += f64::from(all);
    }
    let used = machine::cpu_seconds(target.pid)? - used;
    Ok(Load {
        per_second: latencies.len() as f64 / window.as_secs_f64(),
        latencies,
        per_cpu_second: answered / used,
        server_cores: used / start.elapsed().as_secs_f64(),
    })
}

/// Asks until the end; returns the times of what was answered since the beginning, and how often it
/// asked in all.
async fn ask(
    mut stream: TcpStream,
    request: Arc<[u8]>,
    begin: Instant,
    end: Instant,
) -> anyhow::Result<(Latencies, u32)> {
    let (mut reader, mut latencies) = (Reader::new(), Latencies::default());
    for asked in 1.. {
        let sent = Instant::now();
        stream.write_all(&request).await?;
        let status = reader.read(&mut stream).await?;
        ensure!(status == 200, "the load is answered {status}");
        let answered = Instant::now();
        if answered >= end {
            return Ok((latencies, asked));
        }
        if answered >= begin {
            latencies.push(answered - sent);
        }
    }
    bail!("more requests than can be counted")
}
