//! Whether any request of a connection is going on.

use super::requests::Begun;
use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// How long a client may take to send its first request. Browsers open connections ahead, and open others if they need
/// them later.
const FIRST_REQUEST: Duration = Duration::from_secs(10);

/// A connection's requests. Cheap to clone.
#[derive(Clone)]
pub(super) struct Activity(Arc<Mutex<State>>);

struct State {
    /// Requests that are not answered in full yet, and sockets.
    going_on: u32,
    /// When the last of them ended.
    idle_since: Instant,
    /// Whether there was one.
    has_asked: bool,
}

impl Activity {
    /// A connection that has just been opened.
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            going_on: 0,
            idle_since: Instant::now(),
            has_asked: false,
        })))
    }

    /// A request is going on until what this returns is dropped, with all its clones; one of its address, too.
    pub(super) fn begin(&self, begun: Option<Begun>) -> Busy {
        let mut state = self.state();
        state.going_on += 1;
        state.has_asked = true;
        Busy(Arc::new(Ending {
            activity: self.clone(),
            _begun: begun,
        }))
    }

    /// Waits until no request has been going on for that long, counted from now at the earliest; the first one may take
    /// no longer than [`FIRST_REQUEST`].
    pub(super) async fn idle(&self, limit: Duration) {
        let start = Instant::now();
        loop {
            let now = Instant::now();
            let due = {
                let state = self.state();
                match (state.going_on, state.has_asked) {
                    (0, true) => state.idle_since.max(start) + limit,
                    (0, false) => state.idle_since.max(start) + limit.min(FIRST_REQUEST),
                    _ => now + limit,
                }
            };
            if due <= now {
                return;
            }
            sleep_until(due).await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A poisoned lock guards values that are valid at every step.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request is going on while one of these is kept. Handlers find it among a request's extensions.
#[derive(Clone)]
pub(crate) struct Busy(#[expect(dead_code, reason = "kept for its end")] Arc<Ending>);

struct Ending {
    activity: Activity,
    _begun: Option<Begun>,
}

impl Drop for Ending {
    fn drop(&mut self) {
        let mut state = self.activity.state();
        state.going_on -= 1;
        state.idle_since = Instant::now();
    }
}

/// An answer's body: its request is going on until it is sent.
pub(super) struct TrackedBody {
    pub(super) body: Body,
    pub(super) _busy: Busy,
}

impl HttpBody for TrackedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    #[tokio::test(start_paused = true)]
    async fn a_connection_is_idle_once_no_request_has_been_going_on_for_the_limit() {
        let activity = Activity::new();
        let start = Instant::now();
        let first = activity.begin(None);
        let second = activity.begin(None);
        tokio::spawn(async move {
            sleep_until(start + Duration::from_secs(70)).await;
            drop(first);
            let upgraded = second.clone();
            drop(second);
            sleep_until(start + Duration::from_secs(100)).await;
            drop(upgraded);
        });

        activity.idle(LIMIT).await;

        assert_eq!(start.elapsed().as_secs(), 130);
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_request_may_take_less() {
        let start = Instant::now();

        Activity::new().idle(LIMIT).await;

        assert_eq!(start.elapsed(), FIRST_REQUEST);
    }
}
