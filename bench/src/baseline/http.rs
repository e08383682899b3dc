//! A bare handler that sends the same bytes.

use anyhow::Context;
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::routing::get;
use std::fs;
use std::path::Path;

/// One route that answers with those headers and that body.
pub fn router(headers: &Path, body: &Path) -> anyhow::Result<Router> {
    let body = Bytes::from(fs::read(body)?);
    let headers = parse(&fs::read_to_string(headers)?)?;
    Ok(Router::new().route("/", get(async move || (headers.clone(), body.clone()))))
}

fn parse(text: &str) -> anyhow::Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    for line in text.lines() {
        let (name, value) = line.split_once(": ").context("a header without a value")?;
        headers.append(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
    }
    Ok(headers)
}
