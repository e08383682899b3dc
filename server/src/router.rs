//! Which address is answered by what.

use crate::openapi::{docs, routes};
use crate::party::{chat_form, forms, page as parties};
use crate::state::AppState;
use crate::{draw, headers, live, mail as letters, problem, world};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::Redirect;
use axum::routing::{any, get, post};
use protocol::MESSAGE_MAX_BYTES;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::services::ServeDir;
use tower_http::timeout::TimeoutLayer;

/// The largest body of a request that brings no message; calls that do have larger ones.
const BODY_MAX_BYTES: usize = 4096;
/// The largest form with a letter: each byte may be three characters of it, and each line's end six.
const LETTER_FORM_MAX_BYTES: usize = 6 * MESSAGE_MAX_BYTES + BODY_MAX_BYTES;
/// Calls to Redis that one answer makes after each other, each of which may take its time: a form of mail makes five,
/// and the page that says why it was of no use four. Reading one's own long mailbox may take more: that is told
/// to take too long where most of them are slow.
const REDIS_CALLS: u32 = 9;
/// How long an answer may take beside them: the work, waiting for a Redis that comes back, and storing another
/// cluster's mail, which watches the time itself.
const ANSWER_WORK: Duration = Duration::from_secs(7);

/// Everything this server answers.
pub(crate) fn router(state: AppState) -> Router {
    let site = ServeDir::new(state.config.site.site_root.as_ref())
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false);
    let code = site.clone();
    let answers = Router::new()
        .route("/clicks", post(world::clicks::click_by_form))
        .route("/party", get(parties::show_parties).post(forms::create))
        .route("/party/join", get(forms::to_hall).post(forms::join_typed))
        .route("/party/{code}", get(parties::show_party))
        .route("/party/{code}/join", get(forms::to_visit).post(forms::join))
        .route(
            "/party/{code}/rename",
            get(forms::to_visit).post(forms::rename),
        )
        .route(
            "/party/{code}/leave",
            get(forms::to_visit).post(forms::leave),
        )
        .route("/party/{code}/lines", get(chat_form::lines))
        .merge(mail())
        .route("/draw", get(draw::page::show_draw))
        .merge(Router::from(routes::ordinary()))
        .route("/api/docs", get(docs::page))
        .route("/api/docs/{file}", get(docs::file))
        // Browsers ask for it on their own where a page names no icon, such as for JSON.
        .route(
            "/favicon.ico",
            get(|| async { Redirect::permanent("/favicon.svg") }),
        )
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        // Compressed once for everyone.
        .route("/", get(world::page::show))
        .fallback_service(site)
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            answer_timeout(state.config.limits.redis_timeout),
        ));
    // The same files, under this build's own name.
    let answers = match app::code_root(&state.config.site).as_str() {
        "" => answers,
        root => answers.nest_service(root, code),
    };
    Router::new()
        .merge(answers)
        .merge(Router::from(routes::quick()))
        .route("/live", any(live::connect))
        .layer(CatchPanicLayer::new())
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES))
        .layer(from_fn_with_state(state.clone(), problem::explain))
        .layer(from_fn_with_state(state.clone(), headers::add))
        .with_state(state)
}

/// The pages of mail, and the forms that hold a letter, a party's room's too.
fn mail() -> Router<AppState> {
    let letters = Router::new()
        .route(
            "/party/{code}/say",
            get(chat_form::to_room_again).post(chat_form::say),
        )
        .route(
            "/mail/send",
            get(letters::forms::to_mailbox).post(letters::forms::write),
        )
        .route(
            "/mail/{address}",
            get(letters::page::show_conversation).post(letters::forms::reply),
        )
        .layer(DefaultBodyLimit::max(LETTER_FORM_MAX_BYTES));
    Router::new()
        .route("/mail", get(letters::page::show_mail))
        .route(
            "/mail/name",
            get(letters::forms::to_mailbox).post(letters::forms::take_name),
        )
        .route("/mail/talks", get(letters::parts::talks))
        .route("/mail/{address}/letters", get(letters::parts::letters))
        .route("/mail/{address}/seen", post(letters::parts::seen))
        .merge(letters)
}

/// How long an answer may take: Redis's own timeouts come first, for they say more.
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
