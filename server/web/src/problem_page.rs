//! Shows problems as a page to browsers.

use crate::error::HttpError;
use crate::page::{Frame, Written, escape};
use crate::state::AppState;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT, CONTENT_ENCODING, CONTENT_LENGTH, HOST, REFERER, TRANSFER_ENCODING,
};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use live::{Head, NOT_INDEXED};

/// Headers that describe the replaced body.
const BODY_HEADERS: [HeaderName; 3] = [CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING];

/// Marks a response whose own page shows the problem.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Explained;

/// Turns every error into problem details, or into a page where the client prefers HTML.
pub(crate) async fn explain(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let is_page = wants_html(request.headers());
    let is_head = request.method() == Method::HEAD;
    let is_reading = request.method().is_safe();
    let shorter = is_page.then(|| without_slash(request.uri())).flatten();
    let way = is_page.then(|| WayOn::of(&request, &state.frame));
    let response = next.run(request).await;
    let status = response.status();
    let explained = response.extensions().get::<Explained>().is_some();
    if explained || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let error = response.extensions().get::<HttpError>().cloned();
    if let (StatusCode::NOT_FOUND, None, Some(target)) = (status, &error, shorter) {
        return Redirect::permanent(&target).into_response();
    }
    let is_said = error.is_some();
    let error = error.unwrap_or_else(|| of_status(status));
    let of_reading = is_reading.then(|| error.clone().of_reading()).flatten();
    if is_said && of_reading.is_none() && !is_page && !is_head {
        return response;
    }
    let error = of_reading.unwrap_or(error);
    let mut explained = match way {
        Some(way) => page(&state.frame, error, &way),
        None => error.into_response(),
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

/// The path and query of an address; none of two slashes, which would lead to another site.
fn own_path(address: &Uri) -> Option<String> {
    let path = address.path_and_query()?.as_str();
    (path.starts_with('/') && !path.starts_with("//")).then(|| path.to_owned())
}

/// The page of ours that the visitor came from.
pub(crate) fn own_referer(headers: &HeaderMap) -> Option<String> {
    let header = |name| headers.get(name)?.to_str().ok();
    let referer: Uri = header(REFERER)?.parse().ok()?;
    let is_ours = referer.authority()?.as_str() == header(HOST)?;
    is_ours.then(|| own_path(&referer)).flatten()
}

/// The ways on that a request leaves, beside the one home.
#[derive(Debug, Default, PartialEq, Eq)]
struct WayOn {
    /// The request's own address, where it can be opened again.
    again: Option<String>,
    /// The page of ours that the visitor came from.
    back: Option<String>,
    /// The page of the navigation that the request's address is below, and its name.
    above: Option<(&'static str, &'static str)>,
}

impl WayOn {
    fn of(request: &Request, frame: &Frame) -> Self {
        let again = (request.method() == Method::GET).then(|| own_path(request.uri()));
        Self {
            again: again.flatten(),
            back: own_referer(request.headers()),
            above: frame.above(request.uri().path()),
        }
    }

    /// As links: once more where that may help, else back; and up.
    fn links(&self, status: StatusCode) -> String {
        let may_help = status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
        let above = self.above;
        let first = match &self.again {
            Some(again) if may_help => Some((&**again, "Try again".to_owned())),
            _ => {
                let back = self.back.as_deref();
                let back = back.filter(|back| above.is_none_or(|(above, _)| *back != above));
                back.map(|back| (back, "Back to the last page".to_owned()))
            }
        };
        let up = above.map(|(path, name)| (path, format!("Back to {name}")));
        let link = |(path, words): (&str, String)| {
            let (path, words) = (escape(path), escape(&words));
            format!(" <a class=\"button\" data-kind=\"quiet\" href=\"{path}\">{words}</a>")
        };
        first.into_iter().chain(up).map(link).collect()
    }
}

/// The problem of a bare status.
fn of_status(status: StatusCode) -> HttpError {
    let (title, detail) = match status {
        StatusCode::GATEWAY_TIMEOUT => return HttpError::timed_out(),
        StatusCode::NOT_FOUND => (
            "Page not found",
            "Check the address, or start from the home page.",
        ),
        StatusCode::METHOD_NOT_ALLOWED => {
            let error = HttpError::new(405, "about:blank", "This address doesn't work that way")
                .with_detail("The header Allow names the methods that it takes.");
            return error.shown_as("Go back and try again, or start from the home page.");
        }
        StatusCode::PAYLOAD_TOO_LARGE => (
            "The request is too large",
            "Go back and send less at a time.",
        ),
        StatusCode::UPGRADE_REQUIRED => (
            "This address accepts only WebSocket connections",
            "Pages use it by themselves: start from the home page.",
        ),
        other if other.is_server_error() => {
            ("Something went wrong on our side", "Try again in a minute.")
        }
        other => (
            other.canonical_reason().unwrap_or("Invalid request"),
            "Go back and try again.",
        ),
    };
    HttpError::new(status.as_u16(), "about:blank", title).with_detail(detail)
}

/// Whether the client prefers a page, as browsers do when they navigate.
fn wants_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    let first = accept.unwrap_or_default().split(',').next();
    first.is_some_and(|first| first.trim().starts_with("text/html"))
}

/// The problem as a page: what went wrong, what to do, and ways on. Details may quote the request, so they are escaped.
fn page(frame: &Frame, error: HttpError, way: &WayOn) -> Response {
    let status = error.status();
    let problem = error.into_shown();
    let detail = problem
        .detail
        .or_else(|| of_status(status).into_problem().detail);
    let main = format!(
        "<main class=\"problem\" id=\"main\">\n\
         <p class=\"problem__status\">{}</p>\n<h1>{}</h1>\n<p class=\"problem__detail\">{}</p>\n\
         <p class=\"problem__ways\"><a class=\"button\" href=\"/\">Back to home</a>{}</p>\n</main>",
        problem.status,
        escape(&problem.title),
        escape(&detail.unwrap_or_default()),
        way.links(status),
    );
    let head = Head {
        title: format!("{} · {}", problem.title, frame.site()),
        robots: NOT_INDEXED,
        ..Head::default()
    };
    let written = Written {
        head,
        main: &main,
        ..Written::default()
    };
    (status, Html(frame.html(written))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::frame;
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
    fn a_page_leads_once_more_to_its_address_or_back_to_one_of_ours_or_up() {
        let way = |method: &str, address: &str, referer: &str| {
            let request = Request::builder().method(method).uri(address);
            let request = request.header(HOST, "fra.example").header(REFERER, referer);
            let request = request.body(Body::empty()).unwrap();
            WayOn::of(&request, &frame())
        };
        let from_ours = way("GET", "/party?x=1", "https://fra.example/mail?a=%22");

        let bad_gateway = from_ours.links(StatusCode::BAD_GATEWAY);
        assert!(bad_gateway.contains("href=\"/party?x=1\">Try"));
        let not_found = from_ours.links(StatusCode::NOT_FOUND);
        assert!(not_found.contains("href=\"/mail?a=%22\">Back"));
        // A form is not sent again by a link.
        let posted = way("POST", "/party", "https://fra.example/party");
        assert!(posted.links(StatusCode::BAD_GATEWAY).contains(">Back"));
        for (address, referer) in [
            ("//evil.example/", "https://evil.example/party"),
            ("*", "https://fra.example//evil.example"),
            ("//x/", "no address"),
        ] {
            assert_eq!(way("GET", address, referer), WayOn::default(), "{referer}");
        }
        let below = way("GET", "/dawn/x", "https://fra.example/dawn");
        let up = below.links(StatusCode::NOT_FOUND);
        assert_eq!(
            up.matches("<a").count(),
            1,
            "the page above is the last one"
        );
        assert!(
            up.contains("href=\"/dawn\">Back to Dawn &amp; dusk</a>"),
            "{up}"
        );
    }

    #[test]
    fn every_error_says_what_to_do() {
        for status in 400..600 {
            let error = of_status(StatusCode::from_u16(status).unwrap());

            assert!(error.problem().detail.is_some(), "{status}");
        }
    }
}
