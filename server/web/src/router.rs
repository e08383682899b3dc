//! Which handler answers which path.

use crate::connections::turn_away;
use crate::openapi::{self, Document};
use crate::site::Site;
use crate::state::AppState;
use crate::{dispatch, headers, health, live, metrics, problem_page, site_files, world};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, any, get, post};
use axum::{Extension, Router};
use std::convert::Infallible;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::timeout::TimeoutLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The largest body of a request; calls with messages allow larger ones.
const BODY_MAX_BYTES: usize = 4096;
/// The largest number of consecutive Redis calls that one answer makes: a mail form makes five, and the page that
/// explains why it was refused makes four. Exporting a long mailbox may take more, and times out if most are slow.
const REDIS_CALLS: u32 = 9;
/// How long an answer may take besides: the work, waiting for Redis to come back, and storing another cluster's mail,
/// which has a deadline of its own.
const ANSWER_WORK: Duration = Duration::from_secs(7);

/// Everything that this server answers.
///
/// # Errors
/// None that a description of the API can cause.
pub(crate) fn router(state: AppState, site: Site) -> Result<Router, serde_json::Error> {
    let (api, refine) = (openapi::describe(&site), site.refine);
    let (router, calls) = calls(&state, site).split_for_parts();
    let router = router
        .route("/live", live(&state))
        .layer(Extension(Document::of(api, calls, refine)?))
        .layer(from_fn_with_state(state.clone(), finish))
        .layer(from_fn(turn_away))
        .layer(CatchPanicLayer::new())
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
        .layer(from_fn_with_state(state.clone(), problem_page::explain))
        .layer(from_fn_with_state(state.clone(), headers::add))
        .with_state(state);
    Ok(router)
}

/// The way of frames: a socket, which HTTP/2 opens by another method than HTTP/1.1, or a request.
fn live(state: &AppState) -> MethodRouter<AppState> {
    let exchange = post(live::exchange)
        .layer::<_, Infallible>(DefaultBodyLimit::max(live::EXCHANGE_MAX_BYTES))
        // Its body may never come.
        .layer(timeout(state));
    any(live::connect).merge(exchange)
}

/// All calls and pages, and the site's files.
fn calls(state: &AppState, site: Site) -> OpenApiRouter<AppState> {
    let files = site_files::serve(state.config.site.site_root.as_ref());
    let code = files.clone();
    // The API's document groups calls in this order: the site's own come first.
    let answers = site
        .routes
        .merge(shared())
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .merge(site.packed)
        .fallback_service(files)
        .layer(timeout(state));
    // The same files, under this build's own path.
    let answers = match ::live::code_root(&state.config.site).as_str() {
        "" => answers,
        root => answers.nest_service(root, code),
    };
    answers.merge(immediate(site.open))
}

/// What every site has.
fn shared() -> OpenApiRouter<AppState> {
    let server = openapi::group("server", "The instance that answers.");
    world::routes()
        .merge(server)
        .merge(openapi::routes())
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(health::writez))
        .routes(routes!(metrics::show))
        // Browsers request it where a page names no icon, such as for JSON.
        .route(
            "/favicon.ico",
            get(|| async { Redirect::permanent("/favicon.svg") }),
        )
}

/// Calls answered immediately from memory: without compression or timeout, and open to pages of every site.
fn immediate(open: OpenApiRouter<AppState>) -> OpenApiRouter<AppState> {
    let calls = dispatch::routes().merge(open);
    calls.layer(map_response(for_every_site))
}

/// Lets pages of every site read the answer: it is the same for everyone, and no cookie counts.
async fn for_every_site(mut response: Response) -> Response {
    let everyone = HeaderValue::from_static("*");
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, everyone);
    response
}

/// Runs what changes something to its end, whether or not the client waits for the answer: hyper drops a request's future
/// when its connection breaks, perhaps between two calls to Redis.
async fn finish(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    match state.tasks.spawn(next.run(request)).await {
        Ok(response) => response,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // Only a runtime that shuts down cancels it.
            Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        },
    }
}

/// Answers in any case.
fn timeout(state: &AppState) -> TimeoutLayer {
    let timeout = answer_timeout(state.config.limits.redis_timeout);
    TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, timeout)
}

/// How long an answer may take: Redis's own timeouts come first, since they say more.
fn answer_timeout(redis_timeout: Duration) -> Duration {
    redis_timeout * REDIS_CALLS + ANSWER_WORK
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redis_times_out_before_the_answer_does() {
        for redis_timeout in [50, 2_000, 60_000].map(Duration::from_millis) {
            assert!(answer_timeout(redis_timeout) > redis_timeout * REDIS_CALLS);
        }
    }
}
