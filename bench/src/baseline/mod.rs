//! The baselines that figures are compared with, started by bench itself: axum with nothing around it, and less than that.

mod bare_loop;
pub use bare_loop::write_in_a_loop;

use crate::http;
use anyhow::bail;
use axum::Router;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::http::header::{CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING};
use axum::routing::get;
use clap::Subcommand;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

/// Headers of a connection or a moment rather than of a page.
const NOT_COPIED: [axum::http::HeaderName; 4] =
    [CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING];
/// The read buffer of a session.
///
/// The default, 128 KiB, would overflow the CPU caches and make the baseline unfairly slow.
const READ_BUFFER_BYTES: usize = 4096;

#[derive(Debug, Subcommand)]
pub enum Baseline {
    /// A bare axum handler that sends the same bytes as a server.
    Http {
        /// The server whose answer it sends.
        source: SocketAddr,
        /// The path of the answer.
        path: String,
        /// The encodings to request.
        accept_encoding: String,
    },
    /// A bare axum WebSocket that writes the same bytes to all sessions.
    Socket {
        /// The frame's text.
        frame: String,
        /// How often to write it; 0 means once, at the start.
        per_second: f64,
    },
    /// A loop that writes the same bytes to all sessions, without any runtime.
    Loop {
        /// The frame's text.
        frame: String,
        /// How often to write to each.
        per_second: f64,
        /// How many times it is in each write.
        frames_per_write: usize,
    },
}

/// Serves a baseline until the process is killed.
pub async fn serve(listen: SocketAddr, kind: Baseline) -> anyhow::Result<()> {
    let router = match kind {
        Baseline::Http {
            source,
            path,
            accept_encoding,
        } => page(source, &path, &accept_encoding).await?,
        Baseline::Socket { frame, per_second } => socket(frame, per_second),
        Baseline::Loop { .. } => bail!("a loop needs no runtime"),
    };
    axum::serve(TcpListener::bind(listen).await?, router).await?;
    Ok(())
}

/// One route that always sends what the server answers now.
async fn page(server: SocketAddr, path: &str, accept_encoding: &str) -> anyhow::Result<Router> {
    let headers = [("Accept-Encoding", accept_encoding)];
    let (head, body) = http::get(server, path, &headers).await?.into_parts();
    let mut headers = head.headers;
    for name in NOT_COPIED {
        headers.remove(name);
    }
    Ok(Router::new().route("/", get(async move || (headers.clone(), body.clone()))))
}

/// A route that writes the frame at once and then at this rate; slow sessions skip frames.
fn socket(frame: String, per_second: f64) -> Router {
    let frame = Utf8Bytes::from(frame);
    let newest = Arc::new(watch::Sender::new(frame.clone()));
    if per_second > 0.0 {
        let mut ticks = interval(Duration::from_secs_f64(1.0 / per_second));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let newest = Arc::clone(&newest);
        tokio::spawn(async move {
            loop {
                ticks.tick().await;
                newest.send_replace(frame.clone());
            }
        });
    }
    let live = async move |upgrade: WebSocketUpgrade| {
        let upgrade = upgrade
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(0);
        upgrade.on_upgrade(move |socket| send(socket, newest.subscribe()))
    };
    Router::new()
        .route("/live", get(live))
        .route("/", get(async || "ready"))
}

async fn send(mut socket: WebSocket, mut newest: watch::Receiver<Utf8Bytes>) {
    newest.mark_changed();
    loop {
        tokio::select! {
            changed = newest.changed() => {
                let frame = newest.borrow_and_update().clone();
                if changed.is_err() || socket.send(Message::Text(frame)).await.is_err() {
                    return;
                }
            }
            received = socket.recv() => if !matches!(received, Some(Ok(_))) { return },
        }
    }
}
