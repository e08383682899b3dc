//! Topics as signals.

use super::signals::Live;
use super::watch::{Arrival, Watch};
use leptos::prelude::*;
use protocol::live::{ClientFrame, StateFrame, Topic};

/// The state of a topic as the page knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Known<S> {
    /// The state; `None` where the server did not know it when it rendered the page, and none came since.
    pub state: Option<S>,
    /// How many servers had welcomed the page when the state came; 0 where it was rendered.
    pub connection: u32,
    /// When it came, in milliseconds of the page's clock; 0 where it was rendered.
    pub heard_ms: u64,
}

impl<S> Known<S> {
    fn rendered(state: Option<S>) -> Self {
        Self {
            state,
            connection: 0,
            heard_ms: 0,
        }
    }

    /// Takes a state that came, unless it is older than the one that is known.
    ///
    /// After a reconnect the first state is always taken: another server's revision may be lower where Redis came back
    /// older. The first server after the rendering may only be behind what was rendered.
    fn take<T: Topic<State = S>>(&mut self, state: S, (connection, now_ms): Arrival) {
        let is_fresh = connection > self.connection.max(1);
        let known = self.state.as_ref().filter(|_| !is_fresh);
        if known.is_none_or(|known| T::supersedes(&state, known)) {
            *self = Self {
                state: Some(state),
                connection,
                heard_ms: now_ms,
            };
        }
    }
}

/// The state of a topic and key as a signal. The page watches it until it is left.
///
/// It starts with what the server rendered and follows the socket, across reconnects and moves to other regions.
pub fn use_topic<T: Topic>(
    live: Live,
    key: T::Key,
    initial: Option<T::State>,
) -> ReadSignal<Known<T::State>> {
    let (known, set_known) = signal(Known::rendered(initial));
    let frame = ClientFrame::watch::<T>(&key);
    let hear = move |frame: &StateFrame, at| {
        if let Some((of, state)) = frame.read::<T>()
            && of == key
        {
            // A page that is gone needs no news.
            let _taken = set_known.try_update(|known| known.take::<T>(state, at));
        }
    };
    live.state
        .update_untracked(|state| state.watch(Watch::new(frame, hear)));
    known
}

/// Runs `hear` for every state that comes, with whether it is the first from the server that welcomed the page last; in
/// browsers only.
pub fn on_state<S: Clone + Send + Sync + 'static>(
    known: ReadSignal<Known<S>>,
    hear: impl Fn(S, bool) + 'static,
) {
    Effect::new(move |before: Option<u32>| {
        let Known {
            state, connection, ..
        } = known.get();
        let is_first = Some(connection) != before;
        match state {
            Some(state) if connection > 0 => untrack(|| hear(state, is_first)),
            _ => {}
        }
        connection
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provide_live;
    use crate::state::Reaction;
    use crate::tests::samples::{code, page, world};
    use protocol::RegionCode;
    use protocol::live::ServerFrame;

    /// What has a revision, and nothing else.
    struct Revisions;

    impl Topic for Revisions {
        const NAME: &'static str = "revisions";
        type Key = RegionCode;
        type State = Option<u64>;

        fn supersedes(new: &Option<u64>, old: &Option<u64>) -> bool {
            new.is_none() || new >= old
        }
    }

    fn of(key: &str, rev: Option<u64>) -> ServerFrame {
        ServerFrame::State(StateFrame::of::<Revisions>(&code(key), &rev).unwrap())
    }

    fn welcome() -> ServerFrame {
        ServerFrame::Welcome {
            version: protocol::live::VERSION,
            region: code("fra"),
            instance: "fra-1".into(),
            beat_ms: 4_000,
            history: Vec::new(),
        }
    }

    fn with_ord(check: impl FnOnce(Live, ReadSignal<Known<Option<u64>>>)) {
        let owner = Owner::new();
        owner.with(|| {
            let live = provide_live(page(world(1, 1, &[])));
            let known = use_topic::<Revisions>(live, code("ord"), Some(Some(5)));
            check(live, known);
        });
    }

    fn rev(known: ReadSignal<Known<Option<u64>>>) -> Option<u64> {
        known.get_untracked().state?
    }

    #[test]
    fn the_server_that_welcomes_a_page_is_told_what_it_watches() {
        with_ord(|live, _| {
            let reaction = live.receive(welcome(), None, 1);

            let frames = vec![ClientFrame::watch::<Revisions>(&code("ord"))];
            assert_eq!(reaction, Reaction::Send(frames));
        });
    }

    #[test]
    fn every_state_reaches_the_signal_of_its_key_alone() {
        with_ord(|live, known| {
            live.receive(welcome(), None, 1);

            live.receive(of("syd", None), None, 2);
            assert_eq!(rev(known), Some(5));
            live.receive(of("ord", Some(6)), None, 3);
            assert_eq!(rev(known), Some(6));
            assert_eq!(known.get_untracked().heard_ms, 3);
            live.receive(of("ord", None), None, 4);
            assert_eq!(known.get_untracked().state, Some(None));
        });
    }

    #[test]
    fn a_state_never_goes_back_while_the_connection_lasts() {
        with_ord(|live, known| {
            live.receive(of("ord", Some(7)), None, 1);
            live.receive(of("ord", Some(6)), None, 2);
            assert_eq!(rev(known), Some(7));

            live.receive(welcome(), None, 3);
            live.receive(of("ord", Some(6)), None, 4);
            assert_eq!(rev(known), Some(7), "the first server may only be behind");

            live.receive(welcome(), None, 5);
            live.receive(of("ord", Some(2)), None, 6);
            assert_eq!(rev(known), Some(2), "Redis may have come back older");
            live.receive(of("ord", Some(1)), None, 7);
            assert_eq!(rev(known), Some(2));
        });
    }
}
