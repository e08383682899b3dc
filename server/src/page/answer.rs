//! What the pages that are each visitor's own have in common.

use crate::page::origins::origins;
use crate::page::policy::policy;
use crate::page::render::{Rendered, render};
use crate::page::visitor;
use crate::problem::{Explained, HttpError};
use crate::state::AppState;
use crate::world::page_cache::page_state;
use app::Page;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use protocol::{PageState, Problem};

/// The longest text that is put into a field again.
const TEXT_MAX_CHARS: usize = 64;

/// What every page shows, once the world is known.
pub(crate) fn page(state: &AppState) -> Result<PageState, HttpError> {
    match state.engine.mirror().is_full() {
        true => Ok(page_state(&state.engine)),
        false => Err(HttpError::NotReady),
    }
}

/// The status of a page that tells that problem.
pub(crate) fn status(problem: Option<&Problem>) -> StatusCode {
    problem.map_or(StatusCode::OK, |problem| {
        StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    })
}

/// What was typed, as far as a field takes it.
pub(crate) fn cut(text: &str) -> String {
    text.chars().take(TEXT_MAX_CHARS).collect()
}

/// The page as an answer.
pub(crate) async fn answer(
    state: &AppState,
    headers: &HeaderMap,
    page: Page,
    status: StatusCode,
) -> Result<Response, HttpError> {
    let origins = origins(state);
    let Rendered { html, nonce } = render(&state.config.site, page).await?;
    let mut response = (status, html).into_response();
    let answer = response.headers_mut();
    answer.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    answer.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer.insert(
        CONTENT_SECURITY_POLICY,
        policy(&nonce, &origins, &state.config.site.env)?,
    );
    answer.extend(visitor::cookie(state, headers));
    response.extensions_mut().insert(Explained);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_cut() {
        assert_eq!(cut(&"ü".repeat(100)).chars().count(), TEXT_MAX_CHARS);
    }
}
