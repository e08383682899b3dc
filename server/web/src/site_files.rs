//! The site's files.

use crate::error::HttpError;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any};
use std::io::ErrorKind;
use tower_http::services::ServeDir;

/// Answers with the files of a folder, compressed where a compressed one lies beside.
pub(crate) fn serve(folder: &str) -> MethodRouter {
    let files = ServeDir::new(folder)
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false);
    any(move |request| answer(files.clone(), request))
}

async fn answer(mut files: ServeDir, request: Request) -> Response {
    match files.try_call(request).await {
        Ok(response) => response.into_response(),
        Err(error) if is_missing(error.kind()) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => HttpError::logged(&error).into_response(),
    }
}

/// Whether there is no such file, or none to be served. No file has a name that is too long; anybody may ask for one, so
/// it is no fault of ours.
fn is_missing(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound
            | ErrorKind::NotADirectory
            | ErrorKind::PermissionDenied
            | ErrorKind::InvalidFilename
    )
}
