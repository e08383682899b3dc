//! Starts one of them.

use super::{http, socket};
use crate::cli::Baseline;
use axum::Router;
use tokio::net::TcpListener;

/// Serves a baseline until the process is ended.
///
/// # Errors
/// Where its files cannot be read or it cannot listen.
pub async fn serve(kind: Baseline) -> anyhow::Result<()> {
    let (listen, router): (_, Router) = match kind {
        Baseline::Http {
            listen,
            headers,
            body,
        } => (listen, http::router(&headers, &body)?),
        Baseline::Socket {
            listen,
            frame,
            per_second,
        } => (listen, socket::router(&frame, per_second)?),
    };
    axum::serve(TcpListener::bind(listen).await?, router).await?;
    Ok(())
}
