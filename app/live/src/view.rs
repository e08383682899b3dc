//! What a page shows of what it knows.

use super::connection::{Connection, Link};
use super::line::Barrier;
use super::mirror::Position;
use super::notice::Notice;
use super::round_trips::TripFigures;
use super::state::LiveState;
use crate::format::round_trip;
use protocol::{Region, RegionCode};
use std::collections::VecDeque;

/// How long a click may wait on a live connection before the page says so, in milliseconds.
const WAIT_NOTED_MS: u64 = 1_000;

/// How long a click may be unanswered before the page says so, in milliseconds.
const UNANSWERED_MS: u64 = 3_000;
/// How long it may be before the connection counts as dead, in milliseconds.
const DEAD_MS: u64 = 6_000;
/// After how many beats that did not come the connection counts as dead.
const BEATS_MISSED: u64 = 3;

/// What the page shows.
impl LiveState {
    /// The clicks of all regions, this page's own included from the first moment.
    pub(crate) fn total(&self) -> i64 {
        self.mirror.world().clicks() + self.clicks.beyond_all()
    }

    /// A region's clicks, this page's own included from the first moment.
    pub(crate) fn clicks_of(&self, region: &RegionCode) -> i64 {
        let known = self
            .mirror
            .world()
            .region(region)
            .map_or(0, |region| region.clicks);
        known + self.clicks.beyond(region, &self.region)
    }

    /// In how many milliseconds a region last had clicks of the serving instance, and whether this page's newest click was
    /// among those or before them.
    pub(crate) fn reach(&self, region: &Region) -> Option<(u64, bool)> {
        let at = Position {
            epoch: self.world().epoch,
            rev: region.reached_rev?,
        };
        let has_own = self.clicks.waiting() == 0 && self.counted_at.is_some_and(|own| own <= at);
        Some((region.reached_ms?, has_own))
    }

    /// The world as last heard.
    pub(crate) fn world(&self) -> &protocol::World {
        self.mirror.world()
    }

    /// The region that serves the page.
    pub(crate) fn region(&self) -> &RegionCode {
        &self.region
    }

    /// The instance that serves the page.
    pub(crate) fn instance(&self) -> &str {
        &self.instance
    }

    /// How the page stands with its server.
    ///
    /// A click that waits while the servers have lost touch with Redis waits for good reason.
    pub(crate) fn connection(&self) -> Connection {
        match Connection::of(self.link, self.mirror.age_ms(self.now_ms), self.now_ms) {
            Connection::Live if self.unanswered_ms() >= UNANSWERED_MS => Connection::Unanswered,
            Connection::Live => match self.barrier {
                None => Connection::Live,
                Some(Barrier::Unknown) => Connection::Reconnecting,
                Some(barrier) => Connection::Polling(barrier),
            },
            connection => connection,
        }
    }

    /// How many clicks wait, where that is worth a word: not during an ordinary round trip.
    pub(crate) fn waiting(&self) -> usize {
        let waited_ms = self.since(self.clicks.oldest_made_ms());
        let ordinary = matches!(self.link, Link::Up | Link::Opening) && waited_ms < WAIT_NOTED_MS;
        if ordinary { 0 } else { self.clicks.waiting() }
    }

    /// The round trips of this visitor's clicks, in words.
    pub(crate) fn trips(&self) -> String {
        let Some(TripFigures { last_ms, median_ms }) = self.trips.figures() else {
            return "click to measure".into();
        };
        format!("{}, median {}", round_trip(last_ms), round_trip(median_ms))
    }

    /// The region that serves the page, in words; its code where the world does not list it.
    pub(crate) fn served_from(&self) -> String {
        let code = &self.region;
        match self.world().region(code) {
            Some(region) if !region.city.is_empty() => format!("{} ({code})", region.city),
            _ => code.to_string(),
        }
    }

    /// The total at the last steps, oldest first.
    pub(crate) fn history(&self) -> &VecDeque<i64> {
        &self.history
    }

    /// What went wrong a moment ago.
    pub(crate) fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref()
    }

    /// What this visitor's last clicks came to.
    pub(crate) fn result(&self) -> &str {
        &self.result
    }

    /// Whether the connection must be dead though nothing closed it; `is_shown` if the page was just shown again.
    pub(crate) fn is_dead(&self, is_shown: bool) -> bool {
        let beats = if is_shown { 2 } else { BEATS_MISSED };
        let silent = self.beat_ms > 0 && self.since(Some(self.heard_ms)) >= beats * self.beat_ms;
        let unanswered = self.connection() == Connection::Unanswered;
        silent || unanswered && self.unanswered_ms() >= DEAD_MS
    }

    /// For how long the oldest click that was sent has had no answer, of a server that could give one.
    fn unanswered_ms(&self) -> u64 {
        let sent_ms = self.clicks.oldest_sent_ms();
        self.since(sent_ms.map(|sent_ms| sent_ms.max(self.mirror.current_ms())))
    }

    fn since(&self, at_ms: Option<u64>) -> u64 {
        at_ms.map_or(0, |at_ms| self.now_ms.saturating_sub(at_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::samples::{page, world};

    #[test]
    fn nothing_blocks_sockets_before_one_has_failed() {
        let mut state = LiveState::new(page(world(1, 1, &[])));
        state.link = Link::Up;

        for (barrier, connection) in [
            (Barrier::Unknown, Connection::Reconnecting),
            (Barrier::Blocked, Connection::Polling(Barrier::Blocked)),
            (Barrier::TooMany, Connection::Polling(Barrier::TooMany)),
        ] {
            state.barrier = Some(barrier);
            assert_eq!(state.connection(), connection);
        }
    }
}
