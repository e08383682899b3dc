//! The baselines that figures are compared with: axum with nothing around it.

mod http;

mod socket;

use crate::cli::Baseline;
use tokio::net::TcpListener;

/// Serves a baseline until the process is killed.
pub async fn serve(kind: Baseline) -> anyhow::Result<()> {
    let (listen, router) = match kind {
        Baseline::Http {
            listen,
            source,
            path,
            accept_encoding,
        } => (listen, http::router(source, &path, &accept_encoding).await?),
        Baseline::Socket {
            listen,
            frame,
            per_second,
        } => (listen, socket::router(frame, per_second)),
    };
    axum::serve(TcpListener::bind(listen).await?, router).await?;
    Ok(())
}
