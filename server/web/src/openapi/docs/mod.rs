//! `/api/docs`: the API's document, readable, by Swagger UI (Apache-2.0), whose files are our own.

use crate::error::HttpError;
use crate::headers::takes_gzip;
use crate::problem_page::escape;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{Html, IntoResponse, Response};
use flate2::read::GzDecoder;
use std::io::Read;

/// The page: it holds no script of its own.
const PAGE: &str = include_str!("index.html");
/// What the page may load: our own files, and the pictures that the viewer's styles hold.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// One file of the viewer, packed by gzip.
macro_rules! packed {
    ($name:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".gz"))
    };
}

/// Answers `GET /api/docs`.
pub(crate) async fn page(State(state): State<AppState>) -> Response {
    let policy = [(CONTENT_SECURITY_POLICY, POLICY)];
    let page = PAGE.replace("{site}", &escape(state.name));
    (policy, Html(page)).into_response()
}

/// Answers `GET /api/docs/{file}`.
pub(crate) async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let (kind, packed): (_, &'static [u8]) = match name.as_str() {
        "viewer.js" => return text("text/javascript", include_str!("viewer.js")),
        "viewer.css" => return text("text/css", include_str!("viewer.css")),
        "swagger-ui-bundle.js" => ("text/javascript", packed!("swagger-ui-bundle.js")),
        "swagger-ui.css" => ("text/css", packed!("swagger-ui.css")),
        "LICENSE" => ("text/plain; charset=utf-8", packed!("LICENSE")),
        _ => return axum::http::StatusCode::NOT_FOUND.into_response(),
    };
    let mut response = match takes_gzip(&headers) {
        true => ([(CONTENT_ENCODING, "gzip")], packed).into_response(),
        false => match unpacked(packed) {
            Ok(content) => content.into_response(),
            Err(error) => return error.into_response(),
        },
    };
    let answer = response.headers_mut();
    answer.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.insert(VARY, HeaderValue::from_static("accept-encoding"));
    response
}

fn text(kind: &'static str, content: &'static str) -> Response {
    ([(CONTENT_TYPE, kind)], content).into_response()
}

fn unpacked(packed: &[u8]) -> Result<Vec<u8>, HttpError> {
    let mut content = Vec::new();
    let read = GzDecoder::new(packed).read_to_end(&mut content);
    read.map_err(|error| HttpError::logged(&error))?;
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_viewer_is_whole() {
        let script = unpacked(packed!("swagger-ui-bundle.js")).unwrap();
        let licence = unpacked(packed!("LICENSE")).unwrap();

        assert!(script.len() > 1_000_000);
        assert!(String::from_utf8_lossy(&licence).contains("Apache License"));
    }

    #[test]
    fn the_page_holds_no_script_or_style_and_nothing_from_elsewhere() {
        for tag in PAGE.split('<').filter(|tag| tag.starts_with("script")) {
            assert!(
                tag.contains("src=\"/api/docs/") && tag.ends_with('>'),
                "{tag}"
            );
        }
        assert!(!PAGE.contains("<style") && !PAGE.contains("style=") && !PAGE.contains("//"));
    }
}
