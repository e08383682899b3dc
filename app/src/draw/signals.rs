//! What the draw's page knows, as signals.

use super::board::Board;
use super::countdown::Next;
use super::pin::{Pin, PinKind};
use super::search::Search;
use crate::live::Live;
use crate::time::Clock;
use leptos::prelude::*;
use protocol::{DrawState, Player, Problem};

/// The draw, as a page shows it and asks it.
#[derive(Clone, Copy)]
pub(crate) struct Desk {
    /// The draw.
    pub board: RwSignal<Board>,
    /// How asking goes.
    pub asking: RwSignal<Asking>,
    /// The player who is looked up.
    pub search: RwSignal<Search>,
    /// The reader's time.
    pub clock: Clock,
    /// The page's own clock, in milliseconds; it stands still on a server.
    pub now_ms: RwSignal<u64>,
}

/// How asking for the two goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Asking {
    /// Nobody asks.
    #[default]
    Idle,
    /// The page waits for the answer.
    Asked,
    /// The server answered that it cannot.
    Refused(Problem),
    /// No answer came.
    Unreached,
    /// The browser has no network.
    Offline,
}

impl Asking {
    /// Its name, for styles and tests.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Asked => "asked",
            Self::Refused(_) => "refused",
            Self::Unreached => "unreached",
            Self::Offline => "offline",
        }
    }

    /// What went wrong, and what to do; empty where nothing did.
    pub(crate) fn trouble(&self) -> String {
        match self {
            Self::Idle | Self::Asked => String::new(),
            Self::Refused(problem) => problem.words(),
            Self::Unreached => "The server did not answer. Ask once more.".into(),
            Self::Offline => "Your device is offline. Ask again once it is back.".into(),
        }
    }
}

impl Desk {
    /// What the server knew.
    pub(crate) fn new(state: DrawState) -> Self {
        Self {
            board: RwSignal::new(Board::new(state.news, state.round, state.two)),
            asking: RwSignal::new(Asking::Idle),
            search: RwSignal::new(Search::new(state.lookup)),
            clock: Clock::new(),
            now_ms: RwSignal::new(0),
        }
    }

    /// What is known of the next round.
    pub(crate) fn next(self, live: Live) -> Memo<Next> {
        let connection = live.connection();
        Memo::new(move |_| {
            let now_ms = self.now_ms.get();
            self.board
                .with(|board| board.next(connection.get(), now_ms))
        })
    }

    /// Who stands where in the chart: those of its round.
    pub(crate) fn pins(self) -> Memo<Vec<Pin>> {
        Memo::new(move |_| {
            let (round, shown) = self
                .board
                .with(|board| (board.report().round, board.shown().clone()));
            let kinds = [PinKind::First, PinKind::Second];
            let shown_pins = shown.players.iter().zip(kinds);
            let mut pins: Vec<_> = shown_pins
                .filter(|_| shown.round == round)
                .map(|(&player, kind)| Pin { player, kind })
                .collect();
            let found = self.search.with(Search::found);
            if let Some(found) = found.filter(|found| found.round == round) {
                pins.push(Pin {
                    player: Player {
                        id: found.id,
                        points: found.points,
                    },
                    kind: PinKind::LookedUp,
                });
            }
            pins
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn troubles_say_what_to_do() {
        assert_eq!(Asking::Idle.trouble(), "");
        assert_eq!(Asking::Asked.trouble(), "");
        let problem = Problem::new(503, "starting", "The draw is not loaded yet");
        assert_eq!(
            Asking::Refused(problem.clone()).trouble(),
            "The draw is not loaded yet."
        );
        assert_eq!(
            Asking::Refused(problem.with_detail("Try again in a second.")).trouble(),
            "The draw is not loaded yet. Try again in a second."
        );
        assert!(Asking::Offline.trouble().contains("offline"));
    }
}
