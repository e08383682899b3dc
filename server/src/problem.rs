//! Errors as problem details (RFC 9457), or as a small page for people.

pub(crate) use crate::error::{HttpError, MailRefusal};
use crate::state::AppState;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, TRANSFER_ENCODING,
    WWW_AUTHENTICATE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use protocol::Problem;

/// The media type of problem details.
const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// How to prove who one is (RFC 6750).
const BEARER: HeaderValue = HeaderValue::from_static("Bearer");

/// What an error says of its body, which is another one in the end.
const OF_THE_BODY: [HeaderName; 3] = [CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING];

/// Marks an answer that says in its own page what went wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Explained;

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        let mut response = respond(self.problem());
        if let Some(seconds) = self.retry_after() {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        if self.wants_token() {
            response.headers_mut().insert(WWW_AUTHENTICATE, BEARER);
        }
        response
    }
}

/// A problem as an answer.
pub(crate) fn respond(problem: Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, [(CONTENT_TYPE, PROBLEM_JSON)], Json(&problem)).into_response();
    response.headers_mut().insert(CONTENT_TYPE, PROBLEM_JSON);
    response.extensions_mut().insert(problem);
    response
}

/// Makes every error a problem, and every problem a page where a browser asked for one.
pub(crate) async fn explain(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let page = wants_html(request.headers());
    let is_head = request.method() == Method::HEAD;
    let response = next.run(request).await;
    let status = response.status();
    let explained = response.extensions().get::<Explained>().is_some();
    if explained || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let problem = match response.extensions().get::<Problem>() {
        Some(problem) => problem.clone(),
        None if status == StatusCode::GATEWAY_TIMEOUT => HttpError::TimedOut.problem(),
        None => plain(status),
    };
    let mut explained = if page {
        as_page(&problem, &state)
    } else {
        respond(problem)
    };
    for (name, value) in response.headers() {
        // What the error says beside its body, such as Allow and Retry-After.
        if !explained.headers().contains_key(name) && !OF_THE_BODY.contains(name) {
            explained.headers_mut().insert(name, value.clone());
        }
    }
    if is_head {
        *explained.body_mut() = axum::body::Body::empty();
    }
    explained
}

/// The problem of a bare status.
fn plain(status: StatusCode) -> Problem {
    let title = match status {
        StatusCode::NOT_FOUND => "There is nothing here",
        StatusCode::METHOD_NOT_ALLOWED => "This cannot be done here",
        StatusCode::PAYLOAD_TOO_LARGE => "The request is too large",
        StatusCode::REQUEST_TIMEOUT => "That took too long",
        StatusCode::UPGRADE_REQUIRED => "This address speaks WebSocket",
        other if other.is_server_error() => "Something went wrong on our side",
        other => other
            .canonical_reason()
            .unwrap_or("The request cannot be used"),
    };
    Problem::new(status.as_u16(), "about:blank", title)
}

/// Whether the client prefers a page, as browsers do when a person goes somewhere.
fn wants_html(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .unwrap_or_default();
    accept
        .split(',')
        .next()
        .is_some_and(|first| first.trim().starts_with("text/html"))
}

/// A problem in words. Its text is ours alone, but for details that quote what was sent: those are escaped.
fn as_page(problem: &Problem, state: &AppState) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let stylesheet = app::stylesheet(&state.config.site);
    let title = escape(&problem.title);
    let detail = match &problem.detail {
        Some(detail) => format!("<p class=\"problem__detail\">{}</p>", escape(detail)),
        None => String::new(),
    };
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title} · Murmuration</title>\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\"><link rel=\"stylesheet\" href=\"{stylesheet}\">\
         </head><body><div class=\"sky\" data-size=\"window\" aria-hidden=\"true\"></div>\
         <header class=\"masthead\"><a class=\"masthead__brand\" href=\"/\" aria-label=\"Murmuration, home\">\
         <img class=\"masthead__mark\" src=\"/favicon.svg\" alt=\"\" width=\"36\" height=\"36\">\
         <span class=\"masthead__name\">Murmuration</span></a>\
         <nav class=\"site-nav\" aria-label=\"Site\"><a class=\"site-nav__link\" href=\"/\">World</a>\
         <a class=\"site-nav__link\" href=\"/party\">Parties</a>\
         <a class=\"site-nav__link\" href=\"/mail\">Mail</a>\
         <a class=\"site-nav__link\" href=\"/draw\">Draw</a></nav></header>\
         <main class=\"problem\"><p class=\"problem__status\">{status}</p><h1>{title}</h1>{detail}\
         <a class=\"problem__home\" href=\"/\">To the world</a></main></body></html>",
        status = problem.status,
    );
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

    #[test]
    fn browsers_get_pages_and_programs_get_json() {
        let accepting = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(value));
            wants_html(&headers)
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
