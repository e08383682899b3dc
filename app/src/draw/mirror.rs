//! The draw as a page knows it, and how news changes it.
//!
//! The page never goes back to an older round, unless the draw itself starts over, as with another Redis. A server
//! sends its rounds in order, so on one connection an older round means just that. After a reconnect the new server may
//! only be a moment behind the one before: it gets a while to catch up.

use super::NextRound;
use live::Connection;
use protocol::{DrawNews, DrawReport, MaxTwo, Player};

/// How long a new server may be behind, in milliseconds.
const HOLD_MS: u64 = 2_000;

/// The draw, without clock, socket or document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DrawMirror {
    news: DrawNews,
    /// When the news came, by the page's clock.
    heard_ms: u64,
    shown: ShownPlayers,
    /// News of an older round, by a server that may catch up.
    held: Option<DrawNews>,
    /// Until when such news is held back.
    hold_until_ms: u64,
}

/// The players on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ShownPlayers {
    /// Their round.
    pub round: u64,
    /// At most two.
    pub players: Vec<Player>,
    /// Why these.
    pub origin: Origin,
    /// How often the players have changed since the page was loaded.
    pub turn: u64,
}

/// Why these players are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// This page requested them.
    Requested {
        /// When the previous query was made, if there was one.
        before: Option<String>,
    },
    /// A round started with them, on all pages of the instance.
    Opening,
}

impl Origin {
    /// What came before the players, for styles and tests: another query, none yet, or the round's start.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Requested { before: Some(_) } => "query",
            Self::Requested { before: None } => "first",
            Self::Opening => "opening",
        }
    }
}

impl DrawMirror {
    /// What the server rendered.
    pub(crate) fn new(news: DrawNews, round: u64, two: Option<MaxTwo>) -> Self {
        let (players, origin) = match two {
            Some(MaxTwo { users, timestamp }) => (users, Origin::Requested { before: timestamp }),
            None => (news.opening.clone(), Origin::Opening),
        };
        Self {
            news,
            heard_ms: 0,
            shown: ShownPlayers {
                round,
                players,
                origin,
                turn: 0,
            },
            held: None,
            hold_until_ms: 0,
        }
    }

    /// Starts the clock: what the server rendered is new.
    pub(crate) fn begin(&mut self, now_ms: u64) {
        self.heard_ms = now_ms;
    }

    /// Notes that a server has welcomed the page.
    pub(crate) fn welcome(&mut self, now_ms: u64) {
        self.held = None;
        self.hold_until_ms = now_ms + HOLD_MS;
    }

    /// Takes in news.
    pub(crate) fn hear(&mut self, news: DrawNews, now_ms: u64) {
        let is_older = news.report.round < self.news.report.round;
        if is_older && now_ms < self.hold_until_ms {
            self.held = Some(news);
            return;
        }
        if !is_older {
            self.hold_until_ms = 0;
        }
        self.held = None;
        self.take(news, now_ms);
    }

    /// Whether news has been held back long enough: a server that is still behind will not catch up.
    pub(crate) fn is_due(&self, now_ms: u64) -> bool {
        self.held.is_some() && now_ms >= self.hold_until_ms
    }

    /// Takes in the news that was held back, if it is due.
    pub(crate) fn tick(&mut self, now_ms: u64) {
        if !self.is_due(now_ms) {
            return;
        }
        if let Some(news) = self.held.take() {
            self.take(news, now_ms);
        }
    }

    fn take(&mut self, news: DrawNews, now_ms: u64) {
        let DrawReport {
            round, started_at, ..
        } = &news.report;
        let known = &self.news.report;
        // An answer may be ahead of the news: its players stay.
        let is_new = *round > self.shown.round;
        let went_back =
            *round < known.round || (*round == known.round && *started_at != known.started_at);
        if is_new || went_back {
            self.show(*round, news.opening.clone(), Origin::Opening);
        }
        self.news = news;
        self.heard_ms = now_ms;
    }

    /// Shows an answer to the page's own request; false where it is outdated.
    pub(crate) fn answer(&mut self, round: u64, two: MaxTwo) -> bool {
        let is_current = round >= self.shown.round;
        if is_current {
            let before = two.timestamp;
            self.show(round, two.users, Origin::Requested { before });
        }
        is_current
    }

    fn show(&mut self, round: u64, players: Vec<Player>, origin: Origin) {
        self.shown = ShownPlayers {
            round,
            players,
            origin,
            turn: self.shown.turn + 1,
        };
    }
}

/// What the page shows.
impl DrawMirror {
    /// The running round.
    pub(crate) fn report(&self) -> &DrawReport {
        &self.news.report
    }

    /// The players on the page.
    pub(crate) fn shown(&self) -> &ShownPlayers {
        &self.shown
    }

    /// When somebody last requested players, in any region.
    pub(crate) fn asked_at(&self) -> Option<&str> {
        self.news.asked_at.as_deref()
    }

    /// The most points that a player can have.
    pub(crate) fn points_max(&self) -> usize {
        self.news.report.histogram.len().saturating_sub(1)
    }

    /// When the next round starts.
    pub(crate) fn next(&self, connection: Connection, now_ms: u64) -> NextRound {
        let away_ms = match connection {
            Connection::Offline { .. } | Connection::Stopped(_) => return NextRound::Lost,
            Connection::Stale { age_ms } => Some(age_ms),
            Connection::Rendered
            | Connection::Live
            | Connection::Polling(_)
            | Connection::Unanswered
            | Connection::Reconnecting => None,
        };
        NextRound::of(&self.news, away_ms, now_ms.saturating_sub(self.heard_ms))
    }
}
