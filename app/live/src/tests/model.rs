//! The rules of the shown numbers against a model server, in any order of happenings.

use super::samples::{code, frame, page, world, world_frame};
use crate::state::{LiveState, Reaction};
use proptest::prelude::*;
use protocol::Step;
use protocol::live::{ClientFrame, ServerFrame, VERSION};
use std::collections::VecDeque;

/// What may happen between a page and a server that counts each click once.
#[derive(Clone, Copy, Debug)]
enum Happening {
    Click,
    /// The server counts every click that has reached it.
    Count,
    /// The next frame of the server arrives.
    Deliver,
    /// The connection breaks with all that was on its way, and the page comes back.
    Break,
    /// The same, but what was on its way up is counted; only the answer is lost.
    BreakUnanswered,
}

/// A server that counts this page's clicks and no others, so that the shown total can be foretold.
#[derive(Default)]
struct Server {
    counted: u64,
    rev: u64,
    received: VecDeque<u64>,
    down: VecDeque<ServerFrame>,
}

impl Server {
    fn hear(&mut self, frames: Vec<ClientFrame>) {
        for frame in frames {
            if let ClientFrame::Click { seq, .. } = frame {
                self.received.push_back(seq);
            }
        }
    }

    fn count(&mut self) {
        if let Some(seq) = self.received.drain(..).max() {
            self.rev += 1;
            self.counted = self.counted.max(seq);
            self.down.push_back(ServerFrame::Ack {
                seq: self.counted,
                epoch: 1,
                rev: self.rev,
            });
            self.down.push_back(self.world());
        }
    }

    fn world(&self) -> ServerFrame {
        world_frame(frame(
            1,
            self.rev,
            true,
            &[("fra", i64::try_from(self.counted).unwrap())],
        ))
    }

    fn connect(&mut self) {
        self.received.clear();
        let welcome = ServerFrame::Welcome {
            version: VERSION,
            region: code("fra"),
            instance: "fra-1".into(),
            beat_ms: 4_000,
            history: Vec::new(),
        };
        self.down = [welcome, self.world()].into();
    }
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        4 => Just(Happening::Click),
        3 => Just(Happening::Count),
        6 => Just(Happening::Deliver),
        1 => Just(Happening::Break),
        1 => Just(Happening::BreakUnanswered),
    ]
}

fn deliver(state: &mut LiveState, server: &mut Server) {
    let reaction = server.down.pop_front().map(|frame| state.receive(frame, 0));
    if let Some(Reaction::Send(frames)) = reaction {
        server.hear(frames);
    }
}

proptest! {
    #[test]
    fn the_shown_total_is_always_the_number_of_clicks(happenings in prop::collection::vec(happening(), 1..120)) {
        let mut state = LiveState::new(page(world(1, 0, &[("fra", 0)])));
        let mut server = Server::default();
        server.connect();
        let mut clicks = 0;

        for happening in happenings {
            match happening {
                Happening::Click => {
                    clicks += 1;
                    server.hear(state.click(Step::Up, 0));
                }
                Happening::Count => server.count(),
                Happening::Deliver => deliver(&mut state, &mut server),
                Happening::Break => {
                    state.lose(0, true);
                    server.connect();
                }
                Happening::BreakUnanswered => {
                    state.lose(0, true);
                    server.count();
                    server.connect();
                }
            }
            prop_assert_eq!(state.total(), clicks);
        }
        while !server.down.is_empty() || !server.received.is_empty() {
            server.count();
            deliver(&mut state, &mut server);
        }
        prop_assert_eq!(state.total(), clicks);
        prop_assert_eq!(state.world().clicks(), clicks, "everything is settled in the end");
    }
}

#[test]
fn a_region_that_the_world_does_not_list_is_told_by_its_code() {
    let listed = LiveState::new(page(world(1, 1, &[("fra", 0)])));
    let unlisted = LiveState::new(page(world(1, 1, &[("ord", 0)])));

    assert_eq!(listed.served_from(), "FRA (fra)");
    assert_eq!(unlisted.served_from(), "fra");
    assert_eq!(listed.trips(), "click to measure");
}
