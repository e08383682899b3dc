//! What a request fails with: problem details (RFC 9457).

#[cfg(feature = "draw")]
mod draw;
#[cfg(feature = "mail")]
mod mail;
#[cfg(feature = "parties")]
mod party;

use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use edge::LinkError;
use protocol::{MESSAGE_MAX_BYTES, MessageTextError, Problem};

/// The media type of problem details.
pub const PROBLEM_JSON: &str = "application/problem+json";
/// How to authenticate (RFC 6750).
const BEARER: HeaderValue = HeaderValue::from_static("Bearer");
/// How long to wait where the duration is unknown.
const RETRY_AFTER_SECONDS: u32 = 2;
/// What a page says of a change that may have been saved.
pub(crate) const MAYBE_SAVED: &str = "Your change may or may not have been saved. Try again in a minute, unless it is there by then.";

/// A request's error: the problem that the client receives. A site defines its own next to its code.
///
/// Details never quote the request: it may contain a device id.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", problem.words())]
pub struct HttpError {
    problem: Problem,
    /// What a page says in place of the detail, where that is for programs.
    shown: Option<&'static str>,
    /// Whether what was asked for may have been done.
    may_be_done: bool,
    /// Seconds to wait before a retry, where it is known.
    retry_after: Option<u32>,
}

impl HttpError {
    /// An error with that status, stable name and title.
    pub fn new(status: u16, kind: &str, title: &str) -> Self {
        Problem::new(status, kind, title).into()
    }

    /// The same error, with what to do about it.
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.problem = self.problem.with_detail(detail);
        self
    }

    /// The same error, for pages with other words than for programs.
    pub fn shown_as(mut self, detail: &'static str) -> Self {
        self.shown = Some(detail);
        self
    }

    /// The same error of what may have been done nevertheless.
    pub(crate) fn maybe_done(mut self) -> Self {
        self.may_be_done = true;
        self
    }

    /// The same error of a request that changes nothing, if that makes a difference.
    pub(crate) fn of_reading(self) -> Option<Self> {
        let Problem {
            status,
            kind,
            title,
            ..
        } = &self.problem;
        let plain = || Self::new(*status, kind, title).with_detail("Try again in a minute.");
        self.may_be_done.then(plain)
    }

    /// A rate limit was exceeded; the next request is accepted in that many seconds.
    pub fn too_many(kind: &str, title: &str, seconds: u32, reason: &str) -> Self {
        let wait = match seconds {
            1 => "a second".to_owned(),
            2..=119 => format!("{seconds} seconds"),
            120..=7_199 => format!("{} minutes", seconds.div_ceil(60)),
            _ => format!("{} hours", seconds.div_ceil(3_600)),
        };
        let mut error =
            Self::new(429, kind, title).with_detail(format!("{reason} Wait {wait}, then retry."));
        error.retry_after = Some(seconds);
        error
    }

    /// The body does not fit the call.
    pub fn bad_body(reason: impl Into<String>) -> Self {
        Self::new(422, "bad-body", "Invalid body").with_detail(reason)
    }

    /// The body is not of the media type that the call accepts.
    pub fn not_json() -> Self {
        Self::new(415, "not-json", "The body is not JSON")
            .with_detail("Send JSON, with the header Content-Type: application/json.")
    }

    /// The body is too large.
    pub fn too_large() -> Self {
        Self::new(413, "too-large", "The body is too large")
            .with_detail("Send less at a time. The API's document says how large bodies may be.")
            .shown_as("Go back and shorten what you wrote.")
    }

    /// The query does not fit the call.
    pub fn bad_query(reason: impl Into<String>) -> Self {
        Self::new(400, "bad-query", "Invalid query").with_detail(reason)
    }

    /// A path segment is invalid.
    pub fn bad_path(reason: impl Into<String>) -> Self {
        Self::new(400, "bad-path", "Invalid path").with_detail(reason)
    }

    /// A page of another site made the request.
    pub fn other_origin() -> Self {
        Self::new(403, "other-origin", "Another site made this request").with_detail(
            "Only this site's own pages, and programs that send no Origin, may make this request.",
        )
    }

    /// A form came without the visitor's cookie.
    pub fn no_cookie() -> Self {
        Self::new(403, "no-cookie", "Cookies are blocked")
            .with_detail("Allow cookies for this site, then send the form again.")
    }

    /// The instance has not loaded the world yet, or is shutting down.
    pub fn not_ready() -> Self {
        Self::new(503, "not-ready", "This server is not ready")
            .with_detail("Try again in a few seconds.")
    }

    /// Redis is unavailable, so nothing can be read or changed for now.
    pub fn redis_away(error: &LinkError) -> Self {
        tracing::warn!(%error, "Redis did not answer a request");
        Self::new(503, "redis-away", "The servers cannot reach their storage").with_detail(
            "The request may or may not have been processed. Try again in a minute; with the same Idempotency-Key, \
             a message is sent only once, and a change made only once.",
        )
        .shown_as(MAYBE_SAVED)
        .maybe_done()
    }

    /// The answer took too long.
    pub fn timed_out() -> Self {
        Self::new(504, "timed-out", "The request timed out")
            .with_detail("It may or may not have been processed. Check, then try again.")
            .maybe_done()
    }

    /// A fault of ours.
    pub fn internal() -> Self {
        Self::new(500, "internal", "Something went wrong on our side")
    }

    /// An unexpected failure, logged here and hidden from the client.
    pub fn logged(error: &dyn std::error::Error) -> Self {
        tracing::error!(%error, "A request failed");
        Self::internal()
    }

    /// What the client receives.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// What a page shows: the same in words for people, without code marks.
    pub fn into_shown(mut self) -> Problem {
        if let Some(shown) = self.shown {
            return self.problem.with_detail(shown);
        }
        self.problem.detail = self.problem.detail.map(|detail| detail.replace('`', ""));
        self.problem
    }

    /// What the client receives, owned.
    pub fn into_problem(self) -> Problem {
        self.problem
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Whether a later retry may succeed.
    pub fn is_temporary(&self) -> bool {
        let status = self.status();
        status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error()
    }
}

impl From<Problem> for HttpError {
    fn from(problem: Problem) -> Self {
        Self {
            problem,
            shown: None,
            may_be_done: false,
            retry_after: None,
        }
    }
}

impl From<MessageTextError> for HttpError {
    fn from(error: MessageTextError) -> Self {
        match error {
            MessageTextError::Empty => Self::bad_body(error.to_string()),
            MessageTextError::TooLong => {
                Self::new(413, "message-too-long", "The message is too long").with_detail(format!(
                    "A `message` has at most {MESSAGE_MAX_BYTES} bytes of UTF-8: split it in two or shorten it."
                ))
            }
        }
    }
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        let status = self.status();
        let head = [(CONTENT_TYPE, PROBLEM_JSON)];
        let mut response = (status, head, Json(&self.problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        if matches!(self.problem.status, 429 | 503) {
            let seconds = self.retry_after.unwrap_or(RETRY_AFTER_SECONDS);
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, BEARER);
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_errors_have_their_status_and_kind() {
        let expected = [
            (HttpError::bad_body("x"), 422, "bad-body"),
            (HttpError::not_json(), 415, "not-json"),
            (HttpError::too_large(), 413, "too-large"),
            (HttpError::bad_query("x"), 400, "bad-query"),
            (HttpError::bad_path("x"), 400, "bad-path"),
            (HttpError::other_origin(), 403, "other-origin"),
            (HttpError::no_cookie(), 403, "no-cookie"),
            (HttpError::not_ready(), 503, "not-ready"),
            (HttpError::redis_away(&LinkError::Away), 503, "redis-away"),
            (HttpError::timed_out(), 504, "timed-out"),
            (HttpError::internal(), 500, "internal"),
        ];
        for (error, status, kind) in expected {
            let problem = error.problem();
            assert_eq!((problem.status, problem.kind.as_str()), (status, kind));
            assert_eq!(error.into_response().status().as_u16(), status);
        }
    }

    #[test]
    fn programs_and_people_are_told_what_they_can_do() {
        let error = HttpError::redis_away(&LinkError::Away);
        let reading = error.clone().of_reading().unwrap();

        assert!(error.to_string().contains("Idempotency-Key"));
        assert_eq!(error.problem().kind, reading.problem().kind);
        assert_eq!(error.into_shown().detail.as_deref(), Some(MAYBE_SAVED));
        assert!(reading.to_string().ends_with(". Try again in a minute."));
        assert!(HttpError::not_ready().of_reading().is_none());
        let marked = HttpError::bad_path("no `x`");
        assert_eq!(marked.into_shown().detail.as_deref(), Some("no x"));
    }

    #[test]
    fn a_rate_limit_says_how_long_to_wait() {
        let error = HttpError::too_many("too-many-x", "Too many", 9, "Too fast.");

        let detail = error.problem().detail.clone().unwrap();
        assert_eq!(detail, "Too fast. Wait 9 seconds, then retry.");
        assert_eq!(error.into_response().headers()[RETRY_AFTER], "9");
        for (seconds, wait) in [(1, "a second"), (150, "3 minutes"), (80_000, "23 hours")] {
            let error = HttpError::too_many("too-many-x", "Too many", seconds, "Too fast.");
            let detail = error.problem().detail.clone().unwrap();
            assert_eq!(detail, format!("Too fast. Wait {wait}, then retry."));
        }
    }
}
