//! HTTP requests over single connections, kept lean so that they cost little beside what they measure.
//!
//! The load is closed-loop: each worker sends its next request as soon as the last one is answered.

use crate::cluster::Meter;
use crate::stats::{Latencies, medians};
use anyhow::{Context, ensure};
use futures::future::try_join_all;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::cell::RefCell;
use std::net::SocketAddr;
use std::ops::Range;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The time for caches and connections to warm up before each measurement.
pub const WARM_UP: Duration = Duration::from_millis(500);
/// The time limit for [`get`].
const TIMEOUT: Duration = Duration::from_secs(10);

/// A whole response, its body still encoded as it was sent.
pub type Answer = Response<Bytes>;

/// A connection that carries one request at a time.
#[derive(Debug)]
pub struct Client {
    requests: SendRequest<Full<Bytes>>,
    /// The headers of every request.
    headers: HeaderMap,
}

impl Client {
    /// Connects.
    pub async fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        Self::connect_with(address, &[] as &[(&str, &str)]).await
    }

    /// Connects, and sends these headers with every request.
    pub async fn connect_with(
        address: SocketAddr,
        headers: &[(&str, impl AsRef<str>)],
    ) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (requests, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // Ends when the client is dropped. Whoever waits for an answer gets its error, too.
        tokio::spawn(connection);
        let host = HeaderValue::try_from(address.to_string())?;
        let mut all = HeaderMap::from_iter([(HOST, host)]);
        for (name, value) in headers {
            all.insert(
                HeaderName::try_from(*name)?,
                HeaderValue::try_from(value.as_ref())?,
            );
        }
        Ok(Self {
            requests,
            headers: all,
        })
    }

    /// Fetches a path; any status but 200 is an error.
    pub async fn get(&mut self, path: &str) -> anyhow::Result<Answer> {
        let answer = self.send(Method::GET, path, None).await?;
        expect(answer, StatusCode::OK, path)
    }

    /// Fetches a path's JSON.
    pub async fn get_json(&mut self, path: &str) -> anyhow::Result<Value> {
        Ok(serde_json::from_slice(self.get(path).await?.body())?)
    }

    /// Posts JSON and returns the answer's; any status but 201 is an error.
    pub async fn post(&mut self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let content = ("application/json", body.to_string());
        let answer = self.send(Method::POST, path, Some(content)).await?;
        let answer = expect(answer, StatusCode::CREATED, path)?;
        Ok(serde_json::from_slice(answer.body())?)
    }

    /// Deletes something; any status but 204 is an error.
    pub async fn delete(&mut self, path: &str) -> anyhow::Result<()> {
        let answer = self.send(Method::DELETE, path, None).await?;
        expect(answer, StatusCode::NO_CONTENT, path).map(drop)
    }

    /// Submits a form; any status but 303 is an error.
    pub async fn submit(&mut self, path: &str, form: String) -> anyhow::Result<()> {
        let content = ("application/x-www-form-urlencoded", form);
        let answer = self.send(Method::POST, path, Some(content)).await?;
        expect(answer, StatusCode::SEE_OTHER, path).map(drop)
    }

    /// Sends a request, with a content type and a body if given, and reads the whole answer, whatever its status.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        content: Option<(&'static str, String)>,
    ) -> anyhow::Result<Answer> {
        let (content_type, body) = content.unzip();
        let mut request = Request::new(Full::from(body.unwrap_or_default()));
        *request.method_mut() = method;
        *request.uri_mut() = path.parse()?;
        request.headers_mut().clone_from(&self.headers);
        if let Some(content_type) = content_type {
            let content_type = HeaderValue::from_static(content_type);
            request.headers_mut().insert(CONTENT_TYPE, content_type);
        }
        self.requests.ready().await?;
        let (head, body) = self.requests.send_request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Response::from_parts(head, body))
    }
}

/// Fetches a path with these headers on a connection of its own; any status but 200 is an error.
pub async fn get(
    address: SocketAddr,
    path: &str,
    headers: &[(&str, &str)],
) -> anyhow::Result<Answer> {
    let answer = async {
        let mut client = Client::connect_with(address, headers).await?;
        client.get(path).await
    };
    timeout(TIMEOUT, answer)
        .await
        .with_context(|| format!("{path}: no answer"))?
}

fn expect(answer: Answer, status: StatusCode, path: &str) -> anyhow::Result<Answer> {
    ensure!(
        answer.status() == status,
        "{path}: expected {status}, got {}: {}",
        answer.status(),
        String::from_utf8_lossy(answer.body())
    );
    Ok(answer)
}

/// What one load came to, or the medians of several.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// Steps completed per second.
    pub per_second: f64,
    /// Steps completed per CPU second of the servers: comparable even if the load's core is the bottleneck.
    pub per_cpu_second: f64,
    /// Cores that the servers kept busy.
    pub server_cores: f64,
    /// Cores that Redis kept busy.
    pub redis_cores: f64,
    /// The median duration of a step.
    pub p50_ms: f64,
    /// The 99th percentile of a step's duration.
    pub p99_ms: f64,
}

impl Run {
    /// The medians of several runs.
    pub fn median(runs: &[Self]) -> Self {
        let [per_second, per_cpu_second] =
            medians(runs, |run| [run.per_second, run.per_cpu_second]);
        let [server_cores, redis_cores, p50_ms, p99_ms] = medians(runs, |run| {
            [run.server_cores, run.redis_cores, run.p50_ms, run.p99_ms]
        });
        Self {
            per_second,
            per_cpu_second,
            server_cores,
            redis_cores,
            p50_ms,
            p99_ms,
        }
    }
}

/// Has every worker repeat the step, first to warm up, then for as long as the window says.
pub async fn measure<W>(
    meter: &Meter,
    workers: &mut [W],
    window: Duration,
    step: impl AsyncFn(&mut W) -> anyhow::Result<()>,
) -> anyhow::Result<Run> {
    repeat(workers, WARM_UP, &step).await?;
    let (latencies, usage) = meter.run(repeat(workers, window, &step)).await?;
    let steps = latencies.len() as f64;
    let [p50_ms, p99_ms] = latencies.p50_p99_ms();
    Ok(Run {
        per_second: steps / window.as_secs_f64(),
        per_cpu_second: steps / usage.server_cpu,
        server_cores: usage.server_cores,
        redis_cores: usage.redis_cores,
        p50_ms,
        p99_ms,
    })
}

/// Has every worker repeat the step; returns the durations of those that ended within the window.
pub async fn repeat<W>(
    workers: &mut [W],
    window: Duration,
    step: &impl AsyncFn(&mut W) -> anyhow::Result<()>,
) -> anyhow::Result<Latencies> {
    let latencies = RefCell::new(Latencies::new()?);
    let end = Instant::now() + window;
    let loops = workers.iter_mut().map(async |worker| {
        loop {
            let begun = Instant::now();
            step(worker).await?;
            let done = Instant::now();
            if done >= end {
                return anyhow::Ok(());
            }
            latencies.borrow_mut().record(done - begun);
        }
    });
    try_join_all(loops).await?;
    Ok(latencies.into_inner())
}

/// Takes the step for each of these numbers, over so many connections to servers in turn.
pub async fn spread(
    servers: &[SocketAddr],
    connections: usize,
    numbers: Range<usize>,
    step: impl AsyncFn(&mut Client, usize) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let loops = (0..connections).map(async |first| {
        let mut client = Client::connect(servers[first % servers.len()]).await?;
        for number in (numbers.start + first..numbers.end).step_by(connections) {
            step(&mut client, number).await?;
        }
        anyhow::Ok(())
    });
    try_join_all(loops).await.map(drop)
}
