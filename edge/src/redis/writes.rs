//! Whether Redis takes writes.

use super::LinkError;
use crate::sync::lock;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tracing::{info, warn};

/// What is known of whether Redis takes writes. Heartbeats tell, as each is one.
pub(crate) struct Writes {
    state: Mutex<State>,
    is_failing: watch::Sender<bool>,
}

struct State {
    started: Instant,
    /// When Redis last took a heartbeat.
    taken: Option<Instant>,
    /// When a write failed last, in whatever way; `None` once a heartbeat was taken that was sent after that.
    failed: Option<Instant>,
    /// Whether the log says that nothing can be stored.
    is_logged: bool,
}

impl Writes {
    pub(super) fn new() -> Self {
        let state = State {
            started: Instant::now(),
            taken: None,
            failed: None,
            is_logged: false,
        };
        Self {
            state: Mutex::new(state),
            is_failing: watch::Sender::new(false),
        }
    }

    /// Whether Redis takes no writes; changes as soon as that is noticed.
    #[cfg(any(feature = "draw", test))]
    pub(crate) fn is_failing(&self) -> watch::Receiver<bool> {
        self.is_failing.subscribe()
    }

    /// Notes that Redis took a heartbeat, which was sent then. One sent before a write failed says nothing of the time since.
    pub(crate) fn succeed(&self, sent: Instant) {
        let mut state = lock(&self.state);
        state.taken = Some(Instant::now());
        if state.failed.is_some_and(|failed| failed > sent) {
            return;
        }
        state.failed = None;
        self.is_failing.send_if_modified(std::mem::take);
        if std::mem::take(&mut state.is_logged) {
            info!("Changes are stored again");
        }
    }

    /// Notes that Redis did not take a write. From here it counts as refusing them until it takes a heartbeat, unless the
    /// error is this write's own, or it was not sent at all.
    pub(crate) fn fail(&self, error: &LinkError) {
        let is_sent = !matches!(error, LinkError::Away);
        if !is_sent || error.is_of_the_call() || error.is_unregistered() {
            return;
        }
        let mut state = lock(&self.state);
        state.failed = Some(Instant::now());
        self.is_failing
            .send_if_modified(|is_failing| !std::mem::replace(is_failing, true));
        if error.stores_nothing() && !std::mem::replace(&mut state.is_logged, true) {
            warn!(%error, "Nothing can be stored; clicks wait until it can");
        }
    }

    /// For how long Redis has taken no writes; none while it does.
    pub(super) fn failing_for(&self) -> Option<Duration> {
        let state = lock(&self.state);
        let since = state.taken.unwrap_or(state.started);
        state.failed.map(|_| since.elapsed())
    }

    /// Whether Redis took a heartbeat that recently, and has taken every write since.
    pub(crate) fn succeeded_within(&self, limit: Duration) -> bool {
        let state = lock(&self.state);
        let recently = state.taken.is_some_and(|taken| taken.elapsed() < limit);
        recently && state.failed.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heartbeat_of_before_a_failure_does_not_end_it() {
        let (writes, before) = (Writes::new(), Instant::now());
        let takes = || writes.succeeded_within(Duration::from_secs(60));

        writes.succeed(before);
        assert!(takes());
        let mut is_failing = writes.is_failing();
        writes.fail(&LinkError::Unconfirmed);
        assert!(is_failing.has_changed().unwrap() && *is_failing.borrow_and_update());
        writes.fail(&LinkError::Unconfirmed);
        writes.succeed(before);
        assert!(!takes() && writes.failing_for().is_some());
        assert!(!is_failing.has_changed().unwrap(), "nothing new");
        writes.succeed(Instant::now());
        assert!(takes() && writes.failing_for().is_none());
        assert!(is_failing.has_changed().unwrap() && !*is_failing.borrow_and_update());
    }
}
