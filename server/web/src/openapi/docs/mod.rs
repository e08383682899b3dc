//! `/api/docs`: the API's document, readable, by Swagger UI (Apache-2.0), whose files are our own.

use crate::error::HttpError;
use crate::headers::takes_gzip;
use crate::page::Written;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{Html, IntoResponse, Response};
use flate2::read::GzDecoder;
use live::{Head, NOT_INDEXED};
use std::io::Read;

/// What the page's head holds: the viewer's files.
const FILES: &str = "<link rel=\"stylesheet\" href=\"/api/docs/swagger-ui.css\">
<link rel=\"stylesheet\" href=\"/api/docs/viewer.css\">
<script src=\"/api/docs/swagger-ui-bundle.js\" defer></script>
<script src=\"/api/docs/viewer.js\" defer></script>";

/// One file of the viewer, packed by gzip.
macro_rules! packed {
    ($name:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".gz"))
    };
}

/// Answers `GET /api/docs`.
pub(crate) async fn page(State(state): State<AppState>) -> Response {
    // Our own files, calls of ours, and the pictures that the viewer's styles hold.
    let may = "connect-src 'self'; frame-ancestors 'none'";
    let policy = [(CONTENT_SECURITY_POLICY, state.frame.policy("'self'", may))];
    let page = Written {
        head: Head {
            title: format!("API · {}", state.name),
            description: "Every call of the API, with examples and errors.".into(),
            robots: NOT_INDEXED,
            ..Head::default()
        },
        extra: FILES,
        main: include_str!("main.html"),
    };
    (policy, Html(state.frame.html(page))).into_response()
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
    fn the_page_loads_nothing_from_elsewhere() {
        for part in [FILES, include_str!("main.html")] {
            assert!(!part.contains("<style") && !part.contains("style=") && !part.contains("//"));
        }
    }
}
