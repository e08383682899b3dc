//! Shows problems as a page to browsers.

use crate::error::HttpError;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use protocol::Problem;
use std::sync::Arc;

/// Headers that describe the replaced body.
const BODY_HEADERS: [HeaderName; 3] = [CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING];

/// Marks a response whose own page shows the problem.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Explained;

/// Turns every error into problem details, or into a page where the client prefers HTML.
pub(crate) async fn explain(
    State(stylesheet): State<Arc<str>>,
    request: Request,
    next: Next,
) -> Response {
    let page = wants_html(request.headers());
    let is_head = request.method() == Method::HEAD;
    let shorter = page.then(|| without_slash(request.uri())).flatten();
    let response = next.run(request).await;
    let status = response.status();
    let explained = response.extensions().get::<Explained>().is_some();
    if explained || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let problem = response.extensions().get::<Problem>();
    if problem.is_some() && !page && !is_head {
        return response;
    }
    if let (StatusCode::NOT_FOUND, None, Some(target)) = (status, problem, shorter) {
        return Redirect::permanent(&target).into_response();
    }
    let problem = problem.cloned();
    let mut explained = match (problem, page) {
        (Some(problem), true) => as_page(status, &problem, &stylesheet),
        (None, true) => as_page(status, of_status(status).problem(), &stylesheet),
        (_, false) => of_status(status).into_response(),
    };
    for (name, value) in response.headers() {
        // Keep what the error says beside its body, such as Allow and Retry-After.
        if !explained.headers().contains_key(name) && !BODY_HEADERS.contains(name) {
            explained.headers_mut().insert(name, value.clone());
        }
    }
    if is_head {
        *explained.body_mut() = Body::empty();
    }
    explained
}

/// The address of a page where somebody has added a slash; none of `//host/`, which would lead to another site.
fn without_slash(address: &Uri) -> Option<String> {
    let path = address.path().strip_suffix('/')?;
    if !path.starts_with('/') || path.starts_with("//") {
        return None;
    }
    let query = address.query().map(|query| format!("?{query}"));
    Some(format!("{path}{}", query.unwrap_or_default()))
}

/// The problem of a bare status.
fn of_status(status: StatusCode) -> HttpError {
    let title = match status {
        StatusCode::GATEWAY_TIMEOUT => return HttpError::timed_out(),
        StatusCode::NOT_FOUND => "Page not found",
        StatusCode::PAYLOAD_TOO_LARGE => "The request is too large",
        StatusCode::UPGRADE_REQUIRED => "This address accepts only WebSocket connections",
        other if other.is_server_error() => "Something went wrong on our side",
        other => other.canonical_reason().unwrap_or("Invalid request"),
    };
    HttpError::new(status.as_u16(), "about:blank", title)
}

/// Whether the client prefers a page, as browsers do when they navigate.
fn wants_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    let first = accept.unwrap_or_default().split(',').next();
    first.is_some_and(|first| first.trim().starts_with("text/html"))
}

/// The problem as a page. Details may quote the request, so they are escaped.
fn as_page(status: StatusCode, problem: &Problem, stylesheet: &str) -> Response {
    let title = escape(&problem.title);
    let detail = problem.detail.as_deref().map(escape).unwrap_or_default();
    let links: String = app::navigation()
        .iter()
        .map(|(path, name)| format!("<a class=\"site-nav__link\" href=\"{path}\">{name}</a>"))
        .collect();
    let page = include_str!("problem_page.html")
        .replace("{stylesheet}", stylesheet)
        .replace("{links}", &links)
        .replace("{status}", &problem.status.to_string())
        .replace("{title}", &title)
        .replace("{detail}", &detail);
    (status, Html(page)).into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_a_slash_at_the_end_of_a_path_of_ours_is_cut() {
        let cut = |address: &str| without_slash(&address.parse().unwrap());

        assert_eq!(cut("/mail/"), Some("/mail".into()));
        assert_eq!(cut("/party/?join=1"), Some("/party?join=1".into()));
        for other in ["/", "/mail", "//evil.example/", "*"] {
            assert_eq!(cut(other), None, "{other}");
        }
    }

    #[test]
    fn browsers_get_pages_and_programs_get_json() {
        let accepting = |value: &'static str| {
            wants_html(&HeaderMap::from_iter([(
                ACCEPT,
                HeaderValue::from_static(value),
            )]))
        };

        assert!(accepting("text/html,application/xhtml+xml,*/*;q=0.8"));
        assert!(!accepting("*/*"));
        assert!(!accepting("application/json, text/html"));
        assert!(!wants_html(&HeaderMap::new()));
    }

    #[test]
    fn markup_in_details_is_text() {
        assert_eq!(escape("<script>\"&"), "&lt;script&gt;&quot;&amp;");
    }
}
