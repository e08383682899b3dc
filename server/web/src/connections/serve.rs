//! Accepts connections, and ends them.

use super::activity::{Activity, TrackedBody};
use super::admission::{Admission, Place};
use super::requests::Requests;
use super::spare::Refused;
use super::stream::Stream;
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::Response;
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::debug;

/// The largest head of a request, and what is read at once of a body. One connection costs no more.
const HTTP1_BUFFER_BYTES: usize = 16 << 10;
/// The largest head of a request over HTTP/2, unpacked.
const HTTP2_HEADERS_MAX_BYTES: u32 = 16 << 10;
/// How often an HTTP/2 connection is pinged while nothing comes.
const HTTP2_PING_EVERY: Duration = Duration::from_secs(20);
/// Requests that one HTTP/2 connection may have open.
const HTTP2_STREAMS_MAX: u32 = 128;
/// The time between two tries to accept while the system gives no sockets.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);
/// If a try to accept takes longer than this, nobody waits to be accepted.
const NOBODY_WAITS: Duration = Duration::from_secs(1);
/// How long a connection that is told to end may go on without a request.
const END_MAX: Duration = Duration::from_secs(1);
/// How long a spare connection lasts.
const SPARE_MAX: Duration = Duration::from_secs(5);

/// How connections are served.
pub(crate) struct Serving {
    /// Answers requests.
    pub(crate) router: Router,
    /// Counts connections.
    pub(crate) admission: Arc<Admission>,
    /// How long a connection may be without a request.
    pub(crate) idle: Duration,
    /// How long connections may take to end at shutdown.
    pub(crate) drain: Duration,
    /// Cancelled at shutdown.
    pub(crate) stopping: CancellationToken,
}

/// What connections share.
struct Shared {
    serving: Serving,
    builder: Builder<TokioExecutor>,
    /// Cancelled once connections have had their time to end.
    cut: CancellationToken,
}

/// Serves until shutdown begins, and until all connections have ended after that.
pub(crate) async fn serve(listener: TcpListener, serving: Serving) {
    let stopping = serving.stopping.clone();
    let shared = Arc::new(Shared {
        builder: builder(),
        cut: CancellationToken::new(),
        serving,
    });
    let tasks = TaskTracker::new();
    let accepting = accept_all(&listener, &shared, &tasks);
    stopping.run_until_cancelled(accepting).await;
    // At once: what the system accepts for a listener would wait in vain.
    drop(listener);
    tasks.close();
    if timeout(shared.serving.drain, tasks.wait()).await.is_err() {
        shared.cut.cancel();
        tasks.wait().await;
    }
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().max_buf_size(HTTP1_BUFFER_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(HTTP2_PING_EVERY)
        .max_concurrent_streams(HTTP2_STREAMS_MAX)
        .max_header_list_size(HTTP2_HEADERS_MAX_BYTES)
        .enable_connect_protocol();
    builder
}

async fn accept_all(listener: &TcpListener, shared: &Arc<Shared>, tasks: &TaskTracker) {
    let admission = &shared.serving.admission;
    let mut is_failing = false;
    loop {
        let accepted = match is_failing {
            false => listener.accept().await,
            true => match timeout(NOBODY_WAITS, listener.accept()).await {
                Ok(accepted) => accepted,
                Err(_) => {
                    is_failing = false;
                    admission.note_accept(is_failing);
                    continue;
                }
            },
        };
        let failed = accepted.as_ref().err().is_some_and(lacks_sockets);
        if failed != is_failing || failed {
            is_failing = failed;
            admission.note_accept(is_failing);
        }
        match accepted {
            Ok((socket, peer)) => {
                if let Ok(place) = admission.admit(peer.ip()) {
                    tasks.spawn(connection(shared.clone(), socket, peer, place));
                }
            }
            // Others: the connection broke before it was accepted.
            Err(_) if is_failing => sleep(ACCEPT_RETRY).await,
            Err(error) => debug!(%error, "A connection could not be accepted"),
        }
    }
}

/// Whether the system gives no sockets, rather than one connection being broken.
fn lacks_sockets(error: &std::io::Error) -> bool {
    use rustix::io::Errno;
    let lacking = [Errno::MFILE, Errno::NFILE, Errno::NOBUFS, Errno::NOMEM];
    Errno::from_io_error(error).is_some_and(|errno| lacking.contains(&errno))
}

/// Serves a connection until it ends by itself, has no request for too long, or the server shuts down.
async fn connection(shared: Arc<Shared>, socket: TcpStream, peer: SocketAddr, place: Place) {
    // An answer that waits for another is worse than a smaller packet; a socket that broke shows that when it is read.
    let _nodelay = socket.set_nodelay(true);
    let is_spare = place.is_spare;
    let requests = place.requests.clone();
    let serving = async {
        let activity = Activity::new();
        let router = shared.serving.router.clone();
        let responder = Responder {
            router: TowerToHyperService::new(router),
            activity: activity.clone(),
            requests,
            peer,
            is_spare,
        };
        let service = service_fn(|request| responder.answer(request));
        let io = TokioIo::new(Stream::new(socket, place));
        let connection = shared.builder.serve_connection_with_upgrades(io, service);
        tokio::pin!(connection);
        tokio::select! {
            // A request that came while the server stood still counts before the time that has passed.
            biased;
            _ended = &mut connection => return,
            () = activity.idle(shared.serving.idle) => {}
            () = shared.serving.stopping.cancelled() => {}
        }
        connection.as_mut().graceful_shutdown();
        tokio::select! {
            _ended = connection => {}
            () = activity.idle(END_MAX) => {}
        }
    };
    let serving = shared.cut.run_until_cancelled(serving);
    match is_spare {
        true => drop(timeout(SPARE_MAX, serving).await),
        false => drop(serving.await),
    }
}

/// Who a connection's requests are of.
struct Responder {
    router: TowerToHyperService<Router>,
    activity: Activity,
    requests: Option<Requests>,
    peer: SocketAddr,
    is_spare: bool,
}

impl Responder {
    fn answer(
        &self,
        mut request: Request<Incoming>,
    ) -> impl Future<Output = Result<Response<TrackedBody>, Infallible>> + use<> {
        let begun = self.requests.as_ref().map(Requests::begin);
        let away = match &begun {
            _ if self.is_spare => Some(Refused::Full),
            Some(None) => Some(Refused::Busy),
            _ => None,
        };
        let busy = self.activity.begin(begun.flatten());
        let extensions = request.extensions_mut();
        extensions.insert(ConnectInfo(self.peer));
        extensions.insert(busy.clone());
        if let Some(away) = away {
            extensions.insert(away);
        }
        let answering = self.router.call(request.map(Body::new));
        async move {
            let response = answering.await?;
            Ok(response.map(|body| TrackedBody { body, _busy: busy }))
        }
    }
}
