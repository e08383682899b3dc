//! A bare WebSocket that writes the same bytes to all sessions.

use axum::Router;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::routing::get;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

/// The read buffer of a session.
///
/// The default, 128 KiB, would overflow the CPU caches and make the baseline unfairly slow.
const READ_BUFFER_BYTES: usize = 4096;

/// A route that writes the frame at once and then at this rate; slow sessions skip frames.
pub fn router(frame: String, per_second: f64) -> Router {
    let frame = Utf8Bytes::from(frame);
    let newest = Arc::new(watch::Sender::new(frame.clone()));
    if per_second > 0.0 {
        tokio::spawn(tick(
            Arc::clone(&newest),
            frame,
            Duration::from_secs_f64(1.0 / per_second),
        ));
    }
    let live = async move |upgrade: WebSocketUpgrade| {
        let upgrade = upgrade
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(0);
        upgrade.on_upgrade(move |socket| serve(socket, newest.subscribe()))
    };
    Router::new()
        .route("/live", get(live))
        .route("/", get(async || "ready"))
}

async fn tick(newest: Arc<watch::Sender<Utf8Bytes>>, frame: Utf8Bytes, step: Duration) {
    let mut ticks = interval(step);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        ticks.tick().await;
        newest.send_replace(frame.clone());
    }
}

async fn serve(mut socket: WebSocket, mut newest: watch::Receiver<Utf8Bytes>) {
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
