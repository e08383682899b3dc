//! Topics as signals.

use super::signals::Live;
use super::watch::{Arrival, Watch};
use leptos::prelude::*;
use protocol::live::{ClientFrame, StateFrame, Topic};

/// The state of a topic as the page knows it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Known<S> {
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
pub(crate) fn use_topic<T: Topic>(
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
pub(crate) fn on_state<S: Clone + Send + Sync + 'static>(
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
    use crate::live::provide_live;
    use crate::live::tests::samples::{code, page, party, world};
    use protocol::live::ServerFrame;
    use protocol::{Party, PartyCode, PartyTopic};

    fn of(code: &str, party: Option<Party>) -> ServerFrame {
        let code = PartyCode::parse(code).unwrap();
        ServerFrame::State(StateFrame::of::<PartyTopic>(&code, &party).unwrap())
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

    fn with_party(check: impl FnOnce(Live, ReadSignal<Known<Option<Party>>>)) {
        let owner = Owner::new();
        owner.with(|| {
            let live = provide_live(page(world(1, 1, &[])));
            let key = PartyCode::parse("457495738").unwrap();
            let known = use_topic::<PartyTopic>(live, key, Some(Some(party(5, &["Ann"]))));
            check(live, known);
        });
    }

    fn rev(known: ReadSignal<Known<Option<Party>>>) -> Option<u64> {
        let state = known.get_untracked().state?;
        state.map(|party| party.rev)
    }

    #[test]
    fn the_server_that_welcomes_a_page_is_told_what_it_watches() {
        with_party(|live, _| {
            let reaction = live.receive(welcome(), None, 1);

            let key = PartyCode::parse("457495738").unwrap();
            let frames = vec![ClientFrame::watch::<PartyTopic>(&key)];
            assert_eq!(reaction, crate::live::Reaction::Send(frames));
        });
    }

    #[test]
    fn every_state_reaches_the_signal_of_its_key_alone() {
        with_party(|live, known| {
            live.receive(welcome(), None, 1);

            live.receive(of("111111111", None), None, 2);
            assert_eq!(rev(known), Some(5));
            live.receive(of("457495738", Some(party(6, &["Ann"]))), None, 3);
            assert_eq!(rev(known), Some(6));
            assert_eq!(known.get_untracked().heard_ms, 3);
            live.receive(of("457495738", None), None, 4);
            assert_eq!(known.get_untracked().state, Some(None));
        });
    }

    #[test]
    fn a_state_never_goes_back_while_the_connection_lasts() {
        with_party(|live, known| {
            live.receive(of("457495738", Some(party(7, &["Ann"]))), None, 1);
            live.receive(of("457495738", Some(party(6, &["Ann"]))), None, 2);
            assert_eq!(rev(known), Some(7));

            live.receive(welcome(), None, 3);
            live.receive(of("457495738", Some(party(6, &["Ann"]))), None, 4);
            assert_eq!(rev(known), Some(7), "the first server may only be behind");

            live.receive(welcome(), None, 5);
            live.receive(of("457495738", Some(party(2, &["Ann"]))), None, 6);
            assert_eq!(rev(known), Some(2), "Redis may have come back older");
            live.receive(of("457495738", Some(party(1, &["Ann"]))), None, 7);
            assert_eq!(rev(known), Some(2));
        });
    }
}
