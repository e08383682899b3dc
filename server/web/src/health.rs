//! Whether this instance lives, and whether it should get visitors.

use crate::error::HttpError;
use crate::state::AppState;
use axum::extract::State;

/// Says that the process answers.
#[utoipa::path(
    get, path = "/healthz", operation_id = "healthz", tag = "server",
    responses((
        status = 200, description = "It answers.", body = String, content_type = "text/plain",
        example = "ok\n",
    )),
)]
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// Says whether this instance should get visitors.
///
/// It should where it knows the world and the draw, has room for connections, and no shutdown has begun. Pages are served
/// without Redis, too: then the text says so, and `/writez` fails.
#[utoipa::path(
    get, path = "/readyz", operation_id = "readyz", tag = "server",
    responses((
        status = 200, description = "It is ready.", body = String, content_type = "text/plain",
        example = "ready\n",
    )),
)]
pub(crate) async fn readyz(State(state): State<AppState>) -> Result<&'static str, HttpError> {
    match (state.is_ready(), state.engine.takes_writes()) {
        (true, true) => Ok("ready\n"),
        (true, false) => Ok("ready, but nothing can be stored\n"),
        (false, _) => Err(HttpError::not_ready()),
    }
}

/// Says whether this instance stores what visitors send.
///
/// It does where it is ready, Redis is in reach, and Redis took this instance's last heartbeat. While it does not, clicks
/// wait and count later; messages, letters and other changes are refused. A line each, or the detail of the error, says what
/// is the matter with Redis, such as a setting by which it may forget what it has stored.
#[utoipa::path(
    get, path = "/writez", operation_id = "writez", tag = "server",
    responses((
        status = 200, description = "Changes are stored.", body = String, content_type = "text/plain",
        example = "writes\n",
    )),
)]
pub(crate) async fn writez(State(state): State<AppState>) -> Result<String, HttpError> {
    let concerns = state.engine.redis_concerns();
    let concerns = concerns.iter().map(ToString::to_string);
    match (state.is_ready(), state.engine.takes_writes()) {
        (true, true) => Ok(["writes".to_owned()]
            .into_iter()
            .chain(concerns)
            .map(|line| line + "\n")
            .collect()),
        (false, _) => Err(HttpError::not_ready()),
        (true, false) => {
            let title = "This server cannot store anything for now";
            let detail =
                "Redis is out of reach, or refuses writes. Pages are served, and clicks wait.";
            let details: Vec<String> = [detail.to_owned()]
                .into_iter()
                .chain(concerns.map(|line| line + "."))
                .collect();
            Err(HttpError::new(503, "no-writes", title).with_detail(details.join(" ")))
        }
    }
}
