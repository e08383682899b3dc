//! The draw as signals.

use super::countdown::NextRound;
use super::lookup::Lookup;
use super::mirror::DrawMirror;
use super::pin::{Pin, PinKind};
use crate::live::Live;
use crate::time::Clock;
use leptos::prelude::*;
use protocol::{DrawState, Player, Problem};

/// What a page knows of the draw.
#[derive(Clone, Copy)]
pub(crate) struct OpenDraw {
    /// The draw.
    pub mirror: RwSignal<DrawMirror>,
    /// The page's own request.
    pub request: RwSignal<DrawRequest>,
    /// The player who is looked up.
    pub lookup: RwSignal<Lookup>,
    /// The reader's time.
    pub clock: Clock,
    /// The page's clock, in milliseconds; 0 on a server.
    pub now_ms: RwSignal<u64>,
}

/// The state of the page's own request for players.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum DrawRequest {
    /// Nothing requested.
    #[default]
    Idle,
    /// Waiting for the answer.
    Pending,
    /// The server refused.
    Refused(Problem),
    /// No answer came.
    Unreached,
    /// The browser has no network.
    Offline,
}

impl DrawRequest {
    /// Its name, for styles and tests.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Pending => "pending",
            Self::Refused(_) => "refused",
            Self::Unreached => "unreached",
            Self::Offline => "offline",
        }
    }

    /// What went wrong and what to do, or nothing.
    pub(crate) fn problem(&self) -> String {
        match self {
            Self::Idle | Self::Pending => String::new(),
            Self::Refused(problem) => problem.words(),
            Self::Unreached => "The server did not answer. Try again.".into(),
            Self::Offline => "You are offline. Try again when you are back online.".into(),
        }
    }
}

impl OpenDraw {
    /// What the server rendered.
    pub(crate) fn new(state: DrawState) -> Self {
        Self {
            mirror: RwSignal::new(DrawMirror::new(state.news, state.round, state.two)),
            request: RwSignal::new(DrawRequest::Idle),
            lookup: RwSignal::new(Lookup::new(state.lookup)),
            clock: Clock::new(),
            now_ms: RwSignal::new(0),
        }
    }

    /// What is known of the next round.
    pub(crate) fn next(self, live: Live) -> Memo<NextRound> {
        let connection = live.connection();
        Memo::new(move |_| {
            let now_ms = self.now_ms.get();
            self.mirror
                .with(|mirror| mirror.next(connection.get(), now_ms))
        })
    }

    /// The marks in the chart: players of its round.
    pub(crate) fn pins(self) -> Memo<Vec<Pin>> {
        Memo::new(move |_| {
            let (round, shown) = self
                .mirror
                .with(|mirror| (mirror.report().round, mirror.shown().clone()));
            let kinds = [PinKind::First, PinKind::Second];
            let shown_pins = shown.players.iter().zip(kinds);
            let mut pins: Vec<_> = shown_pins
                .filter(|_| shown.round == round)
                .map(|(&player, kind)| Pin { player, kind })
                .collect();
            let found = self.lookup.with(Lookup::found);
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
    fn problems_say_what_to_do() {
        assert_eq!(DrawRequest::Idle.problem(), "");
        assert_eq!(DrawRequest::Pending.problem(), "");
        let problem = Problem::new(503, "starting", "The draw is not loaded yet");
        assert_eq!(
            DrawRequest::Refused(problem.clone()).problem(),
            "The draw is not loaded yet."
        );
        assert_eq!(
            DrawRequest::Refused(problem.with_detail("Try again in a second.")).problem(),
            "The draw is not loaded yet. Try again in a second."
        );
        assert!(DrawRequest::Offline.problem().contains("offline"));
    }
}
