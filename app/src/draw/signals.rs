//! The draw as signals.

use super::countdown::NextRound;
use super::lookup::Lookup;
use super::mirror::DrawMirror;
use crate::time::Clock;
use leptos::prelude::*;
use live::browser::{every, page_ms};
use live::{Known, Live, on_state};
use protocol::{DrawNews, DrawState, Player, PlayerPoints, Problem};
use std::time::Duration;

/// How often the countdown is redrawn.
const TICK: Duration = Duration::from_secs(1);

/// The sign of the player who was looked up, and its kind, for styles and tests.
pub(crate) const LOOKED_UP: (&str, &str) = ("?", "looked-up");
/// The same of the visitor's own player.
pub(crate) const OWN: (&str, &str) = ("★", "own");

/// What a page knows of the draw.
#[derive(Clone, Copy)]
pub(crate) struct OpenDraw {
    pub mirror: RwSignal<DrawMirror>,
    pub request: RwSignal<DrawRequest>,
    pub lookup: RwSignal<Lookup>,
    /// The visitor's own player: looked up by the server.
    pub own: RwSignal<Lookup>,
    pub clock: Clock,
    /// The page's clock, in milliseconds; 0 on a server.
    pub now_ms: RwSignal<u64>,
}

/// The state of the page's own request for players.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum DrawRequest {
    #[default]
    Idle,
    Pending,
    Refused(Problem),
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

/// A player's mark, in the chart and on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pin {
    pub player: Player,
    pub sign: &'static str,
    /// Why the player is marked, for styles and tests.
    pub kind: &'static str,
}

impl Pin {
    /// The marks of the players who were drawn.
    pub(crate) fn of_drawn(players: &[Player]) -> impl Iterator<Item = Self> {
        let marks = [("1", "first"), ("2", "second")];
        players
            .iter()
            .zip(marks)
            .map(|(&player, (sign, kind))| Self { player, sign, kind })
    }
}

impl OpenDraw {
    /// What the server rendered.
    pub(crate) fn new(state: DrawState) -> Self {
        Self {
            mirror: RwSignal::new(DrawMirror::new(state.news, state.round, state.two)),
            request: RwSignal::new(DrawRequest::Idle),
            lookup: RwSignal::new(Lookup::new(state.lookup)),
            own: RwSignal::new(Lookup::new(state.own)),
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
            let (round, mut pins) = self.mirror.with(|mirror| {
                let (round, shown) = (mirror.report().round, mirror.shown());
                let drawn = Pin::of_drawn(&shown.players).filter(|_| shown.round == round);
                (round, drawn.collect::<Vec<_>>())
            });
            for (lookup, (sign, kind)) in [(self.own, OWN), (self.lookup, LOOKED_UP)] {
                let found = lookup.with(Lookup::found);
                pins.extend(found.filter(|found| found.round == round).map(
                    |PlayerPoints { id, points, .. }| {
                        let player = Player { id, points };
                        Pin { player, sign, kind }
                    },
                ));
            }
            pins
        })
    }
}

/// Keeps the draw up to date, for as long as the page is open.
impl OpenDraw {
    /// Starts; once, after hydration.
    pub(crate) fn follow(self, draw: ReadSignal<Known<DrawNews>>) {
        let begun_ms = page_ms();
        self.mirror.update(|mirror| mirror.begin(begun_ms));
        self.clock.run();
        self.tick();
        every(TICK, move || self.tick());
        on_state(draw, move |news, is_first| self.hear(news, is_first));
        // A round may have begun while the server rendered the page.
        self.renew();
    }

    fn tick(self) {
        let at_ms = page_ms();
        self.now_ms.try_set(at_ms);
        // Usually nothing is held back, and nothing needs to be redrawn.
        let is_due = self
            .mirror
            .try_with_untracked(|mirror| mirror.is_due(at_ms))
            .unwrap_or_default();
        if is_due {
            self.mirror.try_update(|mirror| mirror.tick(at_ms));
            self.renew();
        }
    }

    fn hear(self, news: DrawNews, is_first: bool) {
        let at_ms = page_ms();
        self.now_ms.try_set(at_ms);
        let changes = self.mirror.try_update(|mirror| {
            if is_first {
                mirror.welcome(at_ms);
            }
            let before = mirror.report().round;
            mirror.hear(news, at_ms);
            mirror.report().round != before
        });
        if changes == Some(true) {
            self.renew();
        }
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
