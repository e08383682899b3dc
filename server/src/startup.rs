//! Starts everything, and ends it in order.

use crate::config::{Config, ConfigError};
use crate::federation::{Caller, send_to_peers};
use crate::router::router;
use crate::scrape::Scrape;
use crate::state::AppState;
use anyhow::Context;
use axum::Router;
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use edge::Engine;
use hyper_util::rt::TokioTimer;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tracing::{info, warn};

/// How long a client may take to send a request's headers, and how long a connection may idle.
const HEADERS_TIMEOUT: Duration = Duration::from_secs(30);
/// The time between two tries to learn the key of the cookies.
const KEY_RETRY: Duration = Duration::from_millis(500);
/// The largest head of a request, and what is read at once of a body. One connection costs no more.
const HTTP1_BUFFER_BYTES: usize = 16 << 10;
/// The largest head of a request over HTTP/2, unpacked.
const HTTP2_HEADERS_MAX_BYTES: u32 = 16 << 10;
/// How often an idle HTTP/2 connection is pinged.
const HTTP2_PING_EVERY: Duration = Duration::from_secs(20);
/// Requests that one HTTP/2 connection may have open.
const HTTP2_STREAMS_MAX: u32 = 128;
/// How long sockets and requests may take to end at shutdown.
const DRAIN: Duration = Duration::from_secs(2);
/// How long the engine may take; with the above, under the ten seconds that platforms give.
const ENGINE_DRAIN: Duration = Duration::from_secs(6);

/// The task that accepts connections.
type Serving = tokio::task::JoinHandle<std::io::Result<()>>;

/// Runs an instance until it is told to end.
pub(crate) async fn run() -> anyhow::Result<()> {
    let config = Config::from_env()?;
    let address = config.address;
    let listener = std::net::TcpListener::bind(address)
        .with_context(|| format!("LEPTOS_SITE_ADDR={address}"))?;
    listener.set_nonblocking(true)?;
    any_spawner::Executor::init_tokio().context("the renderer's executor")?;
    let callers = Caller::of_peers(&config)?;
    let (scrape, metrics) = Scrape::new();
    let engine = Engine::start(engine_config(&config), metrics)
        .map_err(|error| ConfigError::of_redis(&config.redis, &error))?;
    let state = AppState::new(config, engine, scrape);
    info!(
        region.id = %state.engine.place().code, instance.id = state.engine.instance(), %address,
        "Listening for {}", state.config.public_url
    );
    let handle = Handle::new();
    let router = router(state.clone()).context("the description of the API")?;
    let mut serving = tokio::spawn(serve(listener, handle.clone(), router));
    state.tasks.spawn(learn_key(state.clone()));
    send_to_peers(&state, callers);
    told_to_end(&mut serving).await?;
    end(handle, state, serving).await;
    Ok(())
}

/// What the engine is told of the settings.
pub(crate) fn engine_config(config: &Config) -> edge::Config {
    edge::Config {
        place: config.place.clone(),
        regions: config.regions.clone(),
        peers: config.peers.clone(),
        url: config.public_url.clone(),
        redis: config.redis.clone(),
        prefix: config.prefix.clone(),
        limits: config.limits,
    }
}

async fn serve(
    listener: std::net::TcpListener,
    handle: Handle<SocketAddr>,
    router: Router,
) -> std::io::Result<()> {
    let mut server = axum_server::from_tcp(listener)?
        .handle(handle)
        .acceptor(NoDelayAcceptor::new());
    let builder = server.http_builder();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_TIMEOUT)
        .max_buf_size(HTTP1_BUFFER_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(HTTP2_PING_EVERY)
        .max_concurrent_streams(HTTP2_STREAMS_MAX)
        .max_header_list_size(HTTP2_HEADERS_MAX_BYTES)
        .enable_connect_protocol();
    server
        .serve(router.into_make_service_with_connect_info::<SocketAddr>())
        .await
}

/// Learns the key of the cookies before visitors come: pages must render when Redis is away, too.
async fn learn_key(state: AppState) {
    let mut changes = state.engine.mirror().changes();
    let learn = async {
        // Before the world is known, Redis has not been in reach.
        while !state.engine.mirror().is_full() && changes.changed().await.is_ok() {}
        while state.keys().await.is_err() {
            tokio::time::sleep(KEY_RETRY).await;
        }
    };
    state.stopping.run_until_cancelled(learn).await;
}

/// Waits for SIGTERM or SIGINT. An error if serving ends before.
async fn told_to_end(serving: &mut Serving) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        _ = interrupt.recv() => Ok(()),
        ended = serving => {
            ended.context("serving")?.context("serving")?;
            anyhow::bail!("serving ended by itself")
        }
    }
}

/// Not ready, browsers sent elsewhere, requests answered, clicks counted, off the registry.
async fn end(handle: Handle<SocketAddr>, state: AppState, serving: Serving) {
    info!("Shutting down");
    state.stopping.cancel();
    handle.graceful_shutdown(Some(DRAIN));
    state.tasks.close();
    // The engine goes on until then: what was asked before can still be counted and answered.
    let drained = async { tokio::join!(state.tasks.wait(), serving) };
    if tokio::time::timeout(DRAIN, drained).await.is_err() {
        warn!("Some sockets or requests did not end in time");
    }
    if tokio::time::timeout(ENGINE_DRAIN, state.engine.shutdown())
        .await
        .is_err()
    {
        warn!("The engine did not end in time");
    }
    info!("Bye");
}
