//! The newest frame of one topic.

use bytes::Bytes;
use std::sync::Arc;
use tokio::sync::watch;

/// A frame, encoded.
#[derive(Debug)]
pub(super) struct Frame {
    /// Consecutive within the topic, from 0, which is empty.
    pub(super) number: u64,
    /// What changed since the frame before; `None` where only the whole will do.
    pub(super) change: Option<Bytes>,
    /// The whole.
    pub(super) whole: Bytes,
}

/// Holds the newest frame for any number of sessions. A cheap clone.
#[derive(Clone, Debug)]
pub(crate) struct Topic {
    newest: Arc<watch::Sender<Arc<Frame>>>,
}

impl Topic {
    pub(crate) fn new() -> Self {
        let empty = Frame {
            number: 0,
            change: None,
            whole: Bytes::new(),
        };
        Self {
            newest: Arc::new(watch::Sender::new(Arc::new(empty))),
        }
    }

    /// Publishes a whole, and what changed since the one before where that is known.
    pub(crate) fn publish(&self, change: Option<Bytes>, whole: Bytes) {
        let number = self.newest.borrow().number + 1;
        self.newest.send_replace(Arc::new(Frame {
            number,
            change,
            whole,
        }));
    }

    /// Publishes a whole, unless it is what was published last; whether it was not.
    pub(crate) fn publish_new(&self, whole: Bytes) -> bool {
        if self.newest.borrow().whole == whole {
            return false;
        }
        self.publish(None, whole);
        true
    }

    pub(crate) fn subscribe(&self) -> Subscription {
        let mut frames = self.newest.subscribe();
        if frames.borrow().number > 0 {
            frames.mark_changed();
        }
        Subscription { frames, seen: 0 }
    }

    #[cfg(test)]
    fn subscribers(&self) -> usize {
        self.newest.receiver_count()
    }
}

/// One session's view of a topic.
#[derive(Debug)]
pub(crate) struct Subscription {
    frames: watch::Receiver<Arc<Frame>>,
    seen: u64,
}

impl Subscription {
    /// Takes the newest frame as seen: the session got the like of it elsewhere.
    pub(crate) fn skip(&mut self) {
        self.seen = self.frames.borrow_and_update().number;
    }

    /// Waits for a newer frame and returns what brings the session up to it. `None` when the topic ends.
    ///
    /// Safe to cancel: nothing is taken before it is returned.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        self.frames.changed().await.ok()?;
        let frame = self.frames.borrow_and_update().clone();
        let just_behind = self.seen > 0 && frame.number == self.seen + 1;
        self.seen = frame.number;
        match &frame.change {
            Some(change) if just_behind => Some(change.clone()),
            _ => Some(frame.whole.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &'static str) -> Bytes {
        Bytes::from_static(text.as_bytes())
    }

    #[tokio::test]
    async fn a_session_gets_the_whole_first_then_changes() {
        let topic = Topic::new();
        topic.publish(None, text("whole 1"));
        let mut session = topic.subscribe();

        assert_eq!(session.next().await, Some(text("whole 1")));
        topic.publish(Some(text("change 2")), text("whole 2"));
        assert_eq!(session.next().await, Some(text("change 2")));
    }

    #[tokio::test]
    async fn a_slow_session_skips_to_the_newest_whole() {
        let topic = Topic::new();
        topic.publish(None, text("whole 1"));
        let mut session = topic.subscribe();
        session.next().await;

        topic.publish(Some(text("change 2")), text("whole 2"));
        topic.publish(Some(text("change 3")), text("whole 3"));

        assert_eq!(session.next().await, Some(text("whole 3")));
        topic.publish(Some(text("change 4")), text("whole 4"));
        assert_eq!(session.next().await, Some(text("change 4")));
    }

    #[tokio::test]
    async fn what_was_published_last_is_not_published_again() {
        let topic = Topic::new();
        let mut session = topic.subscribe();

        assert!(topic.publish_new(text("whole 1")));
        assert!(!topic.publish_new(text("whole 1")));
        assert_eq!(session.next().await, Some(text("whole 1")));
        assert!(topic.publish_new(text("whole 2")));

        assert_eq!(session.next().await, Some(text("whole 2")));
    }

    #[tokio::test]
    async fn a_session_that_comes_before_the_first_frame_waits_for_it() {
        let topic = Topic::new();
        let mut session = topic.subscribe();

        topic.publish(None, text("whole 1"));

        assert_eq!(session.next().await, Some(text("whole 1")));
        drop(session);
        assert_eq!(topic.subscribers(), 0);
    }
}
