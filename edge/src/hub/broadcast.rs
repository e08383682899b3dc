//! The newest frame of one key, for all who watch it.

use super::any_source::Encoded;
use super::message::Message;
use super::watches::Subject;
use crate::sync::lock;
use std::sync::{Arc, Mutex};

/// Holds the newest frame for any number of sessions.
#[derive(Debug)]
pub(super) struct Broadcast {
    pub(super) subject: Subject,
    newest: Mutex<Newest>,
}

/// See [`Broadcast`].
#[derive(Debug, Default)]
struct Newest {
    /// Consecutive, from 0, which is empty.
    number: u64,
    frame: Option<Arc<Encoded>>,
}

impl Broadcast {
    pub(super) fn new(subject: Subject) -> Self {
        Self {
            subject,
            newest: Mutex::default(),
        }
    }

    /// Publishes a state.
    pub(super) fn publish(&self, encoded: Encoded) {
        let mut newest = lock(&self.newest);
        newest.number += 1;
        newest.frame = Some(Arc::new(encoded));
    }

    /// Whether that state is what was published last.
    pub(super) fn holds(&self, encoded: &Encoded) -> bool {
        let newest = lock(&self.newest);
        newest
            .frame
            .as_ref()
            .is_some_and(|frame| frame.whole == encoded.whole)
    }

    /// Every frame from the newest on; where `now` has a state of this moment, that one and every frame after the
    /// newest.
    pub(super) fn subscribe(
        self: &Arc<Self>,
        now: impl FnOnce() -> Option<Message>,
    ) -> Subscription {
        // Before `now`, so that no frame is skipped that is newer than its state.
        let number = lock(&self.newest).number;
        let first = now().map(Box::new);
        Subscription {
            seen: if first.is_some() { number } else { 0 },
            broadcast: self.clone(),
            first,
        }
    }
}

/// One session's view of a key.
#[derive(Debug)]
pub(super) struct Subscription {
    pub(super) broadcast: Arc<Broadcast>,
    /// The number of the last frame that was taken.
    seen: u64,
    /// What comes before all frames.
    first: Option<Box<Message>>,
}

/// What brings a session up to the newest frame.
#[derive(Debug, PartialEq)]
pub(super) struct Next {
    pub(super) message: Message,
    /// Whether no other comes.
    pub(super) is_last: bool,
}

impl Subscription {
    /// What brings the session up to the newest frame; nothing where it is there.
    pub(super) fn take(&mut self) -> Option<Next> {
        if let Some(first) = self.first.take() {
            return Some(Next {
                message: *first,
                is_last: false,
            });
        }
        let newest = lock(&self.broadcast.newest);
        if newest.number <= self.seen {
            return None;
        }
        let just_behind = self.seen > 0 && newest.number == self.seen + 1;
        self.seen = newest.number;
        let Encoded {
            whole,
            change,
            is_last,
            ..
        } = newest.frame.as_deref()?;
        let change = change.as_ref().filter(|_| just_behind);
        Some(Next {
            message: change.unwrap_or(whole).clone(),
            is_last: *is_last,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broadcast() -> Arc<Broadcast> {
        Arc::new(Broadcast::new(Subject {
            source: 0,
            key: "".into(),
        }))
    }

    fn text(text: &str) -> Message {
        Message::text(text.as_bytes())
    }

    fn state(change: Option<&str>, whole: &str) -> Encoded {
        Encoded {
            whole: text(whole),
            change: change.map(text),
            is_last: false,
            also: None,
        }
    }

    fn next(session: &mut Subscription) -> Option<Message> {
        session.take().map(|next| next.message)
    }

    #[test]
    fn a_session_gets_the_whole_first_then_changes() {
        let broadcast = broadcast();
        broadcast.publish(state(None, "whole 1"));
        let mut session = broadcast.subscribe(|| None);

        assert_eq!(next(&mut session), Some(text("whole 1")));
        assert_eq!(next(&mut session), None);
        broadcast.publish(state(Some("change 2"), "whole 2"));
        assert_eq!(next(&mut session), Some(text("change 2")));
    }

    #[test]
    fn a_slow_session_skips_to_the_newest_whole() {
        let broadcast = broadcast();
        broadcast.publish(state(None, "whole 1"));
        let mut session = broadcast.subscribe(|| None);
        next(&mut session);

        broadcast.publish(state(Some("change 2"), "whole 2"));
        broadcast.publish(state(Some("change 3"), "whole 3"));

        assert_eq!(next(&mut session), Some(text("whole 3")));
        assert_eq!(next(&mut session), None);
        broadcast.publish(state(Some("change 4"), "whole 4"));
        assert_eq!(next(&mut session), Some(text("change 4")));
    }

    #[test]
    fn a_session_that_begins_with_a_state_of_its_own_gets_only_newer_ones() {
        let broadcast = broadcast();
        broadcast.publish(state(None, "whole 1"));
        let mut session = broadcast.subscribe(|| Some(text("now")));

        assert_eq!(next(&mut session), Some(text("now")));
        assert_eq!(next(&mut session), None);
        broadcast.publish(state(None, "whole 2"));
        assert_eq!(next(&mut session), Some(text("whole 2")));
    }

    #[test]
    fn a_session_that_comes_before_the_first_frame_waits_for_it() {
        let broadcast = broadcast();
        let mut session = broadcast.subscribe(|| None);
        assert_eq!(next(&mut session), None);

        broadcast.publish(state(None, "whole 1"));

        assert!(broadcast.holds(&state(None, "whole 1")));
        assert_eq!(next(&mut session), Some(text("whole 1")));
    }
}
