//! The newest frame of one key, for all who watch it.

use super::source::Encoded;
use bytes::Bytes;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::sync::watch;
use tokio_stream::Stream;
use tokio_stream::wrappers::WatchStream;

/// A frame, encoded.
#[derive(Debug)]
struct Frame {
    /// Consecutive, from 0, which is empty.
    number: u64,
    encoded: Encoded,
}

/// Holds the newest frame for any number of sessions.
#[derive(Debug)]
pub(super) struct Broadcast {
    newest: watch::Sender<Arc<Frame>>,
}

impl Broadcast {
    pub(super) fn new() -> Self {
        let encoded = Encoded {
            whole: Bytes::new(),
            change: None,
            is_last: false,
        };
        Self {
            newest: watch::Sender::new(Arc::new(Frame { number: 0, encoded })),
        }
    }

    /// Publishes a state.
    pub(super) fn publish(&self, encoded: Encoded) {
        let number = self.newest.borrow().number + 1;
        self.newest
            .send_replace(Arc::new(Frame { number, encoded }));
    }

    /// Whether that state is what was published last.
    pub(super) fn holds(&self, encoded: &Encoded) -> bool {
        self.newest.borrow().encoded.whole == encoded.whole
    }

    /// Every frame from the newest on; where `now` has a state of this moment, that one and every frame after the
    /// newest.
    pub(super) fn subscribe(&self, now: impl FnOnce() -> Option<Bytes>) -> Subscription {
        let frames = self.newest.subscribe();
        // Before `now`, so that no frame is skipped that is newer than its state.
        let number = frames.borrow().number;
        let first = now();
        Subscription {
            frames: WatchStream::new(frames),
            seen: if first.is_some() { number } else { 0 },
            first,
        }
    }
}

/// One session's view of a key.
#[derive(Debug)]
pub(super) struct Subscription {
    frames: WatchStream<Arc<Frame>>,
    /// The number of the last frame that was taken.
    seen: u64,
    /// What comes before all frames.
    first: Option<Bytes>,
}

impl Stream for Subscription {
    type Item = Bytes;

    /// What brings the session up to the newest frame.
    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(first));
        }
        loop {
            let Some(frame) = ready!(Pin::new(&mut self.frames).poll_next(context)) else {
                return Poll::Ready(None);
            };
            if frame.number <= self.seen {
                continue;
            }
            let just_behind = self.seen > 0 && frame.number == self.seen + 1;
            self.seen = frame.number;
            let Encoded { whole, change, .. } = &frame.encoded;
            let change = change.as_ref().filter(|_| just_behind);
            return Poll::Ready(Some(change.unwrap_or(whole).clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio_stream::StreamExt;

    fn text(text: &'static str) -> Bytes {
        Bytes::from_static(text.as_bytes())
    }

    fn state(change: Option<&'static str>, whole: &'static str) -> Encoded {
        Encoded {
            whole: text(whole),
            change: change.map(text),
            is_last: false,
        }
    }

    #[tokio::test]
    async fn a_session_gets_the_whole_first_then_changes() {
        let broadcast = Broadcast::new();
        broadcast.publish(state(None, "whole 1"));
        let mut session = broadcast.subscribe(|| None);

        assert_eq!(session.next().await, Some(text("whole 1")));
        broadcast.publish(state(Some("change 2"), "whole 2"));
        assert_eq!(session.next().await, Some(text("change 2")));
    }

    #[tokio::test]
    async fn a_slow_session_skips_to_the_newest_whole() {
        let broadcast = Broadcast::new();
        broadcast.publish(state(None, "whole 1"));
        let mut session = broadcast.subscribe(|| None);
        session.next().await;

        broadcast.publish(state(Some("change 2"), "whole 2"));
        broadcast.publish(state(Some("change 3"), "whole 3"));

        assert_eq!(session.next().await, Some(text("whole 3")));
        broadcast.publish(state(Some("change 4"), "whole 4"));
        assert_eq!(session.next().await, Some(text("change 4")));
    }

    #[tokio::test]
    async fn a_session_that_begins_with_a_state_of_its_own_gets_only_newer_ones() {
        let broadcast = Broadcast::new();
        broadcast.publish(state(None, "whole 1"));
        let mut session = broadcast.subscribe(|| Some(text("now")));

        assert_eq!(session.next().await, Some(text("now")));
        broadcast.publish(state(None, "whole 2"));
        assert_eq!(session.next().await, Some(text("whole 2")));
    }

    #[tokio::test]
    async fn a_session_that_comes_before_the_first_frame_waits_for_it() {
        let broadcast = Broadcast::new();
        let mut session = broadcast.subscribe(|| None);

        broadcast.publish(state(None, "whole 1"));

        assert!(broadcast.holds(&state(None, "whole 1")));
        assert_eq!(session.next().await, Some(text("whole 1")));
    }
}
