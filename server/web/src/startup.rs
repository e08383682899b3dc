//! Starts everything, and ends it in order.

use crate::config::Config;
use crate::connections::{self, Admission, Bounds, Serving, serve};
use crate::router::router;
use crate::scrape::Scrape;
use crate::shared_keys;
use crate::site::Site;
use crate::state::AppState;
use anyhow::Context;
use edge::Engine;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;
use tracing::{info, warn};

/// How long sockets and requests may take to end at shutdown.
const DRAIN: Duration = Duration::from_secs(2);
/// Connections that may wait to be accepted, as far as the system allows it (`net.core.somaxconn`). Beyond, a visitor's
/// system tries again after a second; the default is soon reached by one who opens many at once.
const ACCEPT_QUEUE: u32 = 4_096;
/// Network connections of an address, however few sockets it may have: one browser opens several.
const ADDRESS_CONNECTIONS_MIN: u32 = 64;
/// How long the engine may take; with the above, under the ten seconds that platforms give.
const ENGINE_DRAIN: Duration = Duration::from_secs(6);

/// Runs an instance of a site until SIGTERM or SIGINT tells it to end.
///
/// # Errors
/// Where it cannot start; in one line that says what to change.
pub async fn run(config: Config, mut site: Site) -> anyhow::Result<()> {
    let address = config.address;
    let listener = listen(address).with_context(|| format!("LEPTOS_SITE_ADDR={address}"))?;
    let files = connections::raise_limit();
    let places = connections::places(files, config.connections)?;
    any_spawner::Executor::init_tokio().context("the renderer's executor")?;
    let (scrape, metrics) = Scrape::new(std::mem::take(&mut site.registry));
    let sources = std::mem::take(&mut site.sources);
    let engine = Engine::start_with(config.engine(), metrics, sources)
        .map_err(|error| config.redis_error(&error))?;
    let admission = Arc::new(Admission::new(
        bounds(&config, places),
        scrape.connections().clone(),
    ));
    let state = AppState::new((config, engine), &site, scrape, admission);
    info!(
        region.id = %state.engine.place().code, instance.id = state.engine.instance(), %address, places,
        "Listening for {}", state.config.public_url
    );
    let begin = std::mem::take(&mut site.begin);
    let mut serving = tokio::spawn(serve(listener, serving(&state, site)?));
    state.tasks.spawn(shared_keys::follow(state.clone()));
    state.tasks.spawn(connections::watch(state.clone()));
    begin.into_iter().for_each(|begin| begin(&state));
    told_to_end(&mut serving).await?;
    end(state, serving).await;
    Ok(())
}

/// Listens, with room for a burst.
fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    // A server that starts again does not wait for the last connections' ends to be forgotten.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(ACCEPT_QUEUE)
}

/// How many connections there may be.
fn bounds(config: &Config, places: usize) -> Bounds {
    // A browser has others beside its sockets, and some have none.
    let of_address = config.rates.address_connections.saturating_mul(2);
    Bounds {
        places,
        of_address: of_address.max(ADDRESS_CONNECTIONS_MIN),
        proxies: config.proxies.clone(),
    }
}

/// How connections are served.
fn serving(state: &AppState, site: Site) -> anyhow::Result<Serving> {
    let router = router(state.clone(), site).context("the description of the API")?;
    Ok(Serving {
        // Prepared once rather than for each request.
        router: router.with_state(()),
        admission: state.admission.clone(),
        idle: state.config.connection_idle,
        drain: DRAIN,
        stopping: state.stopping.clone(),
    })
}

/// Waits for SIGTERM or SIGINT. An error if serving ends before.
async fn told_to_end(serving: &mut JoinHandle<()>) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        _ = interrupt.recv() => Ok(()),
        ended = serving => {
            ended.context("serving")?;
            anyhow::bail!("serving ended by itself")
        }
    }
}

/// Not ready, browsers sent elsewhere, requests answered, clicks counted, off the registry.
async fn end(state: AppState, serving: JoinHandle<()>) {
    info!("Shutting down");
    state.stopping.cancel();
    state.engine.end_sessions();
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
