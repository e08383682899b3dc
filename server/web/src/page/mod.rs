//! What the pages of all features share.

mod csp;
pub use csp::{OtherRegions, hashes, policy};

mod frame;
#[cfg(test)]
pub(crate) use frame::tests::frame;
pub use frame::{Frame, Written};

mod render;
pub use render::{page_state, render};

use crate::error::HttpError;
use crate::problem_page::Explained;
use crate::state::AppState;
use crate::visitor::Visitor;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use protocol::Problem;

/// The media type of pages.
pub const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
/// The longest text that is put back into a field.
const TEXT_MAX_CHARS: usize = 64;

/// The status of a page that shows a problem.
pub fn status(problem: Option<&Problem>) -> StatusCode {
    problem.map_or(StatusCode::OK, |problem| {
        StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    })
}

/// What was typed, as far as a field takes it.
pub fn cut(text: &str) -> String {
    text.chars().take(TEXT_MAX_CHARS).collect()
}

/// A text as HTML.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A page as an answer for one visitor.
///
/// # Errors
/// Where it is too large.
pub async fn answer<P: Clone + Send + Sync + 'static>(
    state: &AppState,
    visitor: &Visitor,
    page: P,
    status: StatusCode,
) -> Result<Response, HttpError> {
    let html = render(state, page).await?;
    let policy = policy(state, OtherRegions::Called).await?;
    let mut response = (status, html).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HTML);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.extend(visitor.cookie(state));
    response.extensions_mut().insert(Explained);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text() {
        assert_eq!(escape("<script>\"&"), "&lt;script&gt;&quot;&amp;");
    }

    #[test]
    fn what_was_typed_is_cut() {
        assert_eq!(cut(&"ü".repeat(100)).chars().count(), TEXT_MAX_CHARS);
    }
}
