//! What a page watches.

use super::signals::Live;
use super::state::LiveState;
use leptos::prelude::*;
use protocol::live::{ClientFrame, ServerFrame, StateFrame};
use std::fmt;
use std::sync::Arc;

/// By which connection a frame came, counted from 1, and when, in milliseconds of the page's clock.
pub(super) type Arrival = (u32, u64);

/// What takes the frames of something that the page watches, and may change it.
pub(super) trait Watcher: Send + Sync {
    /// Takes a frame of any topic; of others than its own, it is ignored.
    fn hear(&self, frame: &ServerFrame, at: Arrival);

    /// The changes that were never sent, or `again` all that have no answer, noted as sent.
    fn due(&self, _again: bool) -> Vec<ClientFrame> {
        Vec::new()
    }

    /// Whether changes wait for their answers.
    fn waits(&self) -> bool {
        false
    }
}

/// Something that changes by no frames of this page takes its states alone.
impl<F: Fn(&StateFrame, Arrival) + Send + Sync> Watcher for F {
    fn hear(&self, frame: &ServerFrame, at: Arrival) {
        if let ServerFrame::State(frame) = frame {
            self(frame, at);
        }
    }
}

/// Something that the page watches.
#[derive(Clone)]
pub(super) struct Watch {
    /// Tells a server.
    pub(super) frame: ClientFrame,
    /// Takes what the server tells.
    pub(super) watcher: Arc<dyn Watcher>,
}

impl Watch {
    /// Something that `frame` tells a server of.
    pub(super) fn new(frame: ClientFrame, watcher: impl Watcher + 'static) -> Self {
        let watcher = Arc::new(watcher);
        Self { frame, watcher }
    }
}

/// The number that is the state of a topic without keys; −1 until it is known. The page watches it until it is left.
///
/// Such as how much a person has not read, which every page shows: [`use_topic`](crate::use_topic) makes code of its own for
/// each topic.
pub fn use_count(live: Live, topic: &'static str) -> Memo<i64> {
    let hear = move |frame: &StateFrame, _: Arrival| {
        if frame.topic == topic
            && let Ok(count) = frame.state.as_str().parse()
        {
            // A page that is gone needs no news.
            let _taken = live.state.try_update(|state| state.count(topic, count));
        }
    };
    let frame = ClientFrame::Watch {
        topic: topic.into(),
        key: String::new(),
    };
    live.state
        .update_untracked(|state| state.watch(Watch::new(frame, hear)));
    Memo::new(move |_| live.state.with(|state| state.counted(topic)))
}

/// What the page watches.
impl LiveState {
    /// Notes the number of a topic.
    fn count(&mut self, topic: &'static str, count: i64) {
        self.counts.retain(|(name, _)| *name != topic);
        self.counts.push((topic, count));
    }

    /// The number of a topic; −1 where it is not known.
    fn counted(&self, topic: &str) -> i64 {
        let mut counts = self.counts.iter();
        let found = counts.find(|(name, _)| *name == topic);
        found.map_or(-1, |(_, count)| *count)
    }

    /// Watches a topic with every server that welcomes the page from now on.
    pub(super) fn watch(&mut self, watch: Watch) {
        self.watches.push(watch);
    }

    /// How many servers have welcomed the page, and what it watches.
    pub(super) fn watched(&self) -> (u32, Vec<Watch>) {
        (self.connections, self.watches.clone())
    }

    /// The changes that were never sent, or `again` all that wait, to be sent now.
    pub(super) fn changes(&self, again: bool) -> impl Iterator<Item = ClientFrame> {
        let watches = self.watches.iter();
        watches.flat_map(move |watch| watch.watcher.due(again))
    }

    /// Whether clicks or changes wait for their answers.
    pub(super) fn waits(&self) -> bool {
        let mut watches = self.watches.iter();
        self.clicks.waiting() > 0 || watches.any(|watch| watch.watcher.waits())
    }

    /// Notes that something is about to wait.
    pub(super) fn note_waiting(&mut self, now_ms: i64) {
        if !self.waits() {
            self.waiting_since_ms = now_ms;
        }
    }
}

impl PartialEq for Watch {
    fn eq(&self, other: &Self) -> bool {
        self.frame == other.frame
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.frame.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provide_live;
    use crate::tests::samples::{page, world};
    use protocol::live::RawJson;

    #[test]
    fn a_count_is_that_of_its_topic_alone() {
        Owner::new().with(|| {
            let live = provide_live(page(world(1, 1, &[])));
            let [one, other] = ["one", "other"].map(|topic| use_count(live, topic));
            let tell = |topic: &str, state: i64| {
                let (topic, key) = (topic.into(), String::new());
                let state = RawJson::of(&state).unwrap();
                let frame = StateFrame { topic, key, state };
                live.receive(ServerFrame::State(frame), None, 1);
            };

            tell("one", 2);
            assert_eq!((one.get_untracked(), other.get_untracked()), (2, -1));
            tell("other", 0);
            tell("one", 3);
            assert_eq!((one.get_untracked(), other.get_untracked()), (3, 0));
        });
    }
}
