//! What a page shows of what it knows.

use super::connection::{Connection, Link};
use super::notice::Notice;
use super::round_trips::TripFigures;
use super::state::LiveState;
use protocol::RegionCode;
use std::collections::VecDeque;

/// How long a click may wait on a live connection before the page says so, in milliseconds.
const WAIT_NOTED_MS: u64 = 1_000;

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
    pub(crate) fn connection(&self) -> Connection {
        Connection::of(self.link, self.mirror.age_ms(self.now_ms), self.now_ms)
    }

    /// How many clicks wait, where that is worth a word: not during an ordinary round trip.
    pub(crate) fn waiting(&self) -> usize {
        let waited_ms = self
            .clicks
            .oldest_made_ms()
            .map_or(0, |made_ms| self.now_ms.saturating_sub(made_ms));
        let ordinary = matches!(self.link, Link::Up | Link::Opening) && waited_ms < WAIT_NOTED_MS;
        if ordinary { 0 } else { self.clicks.waiting() }
    }

    /// The round trips of this visitor's clicks.
    pub(crate) fn trips(&self) -> Option<TripFigures> {
        self.trips.figures()
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
    pub(crate) fn result(&self) -> Option<&str> {
        self.result.as_deref()
    }

    /// Whether a click has waited so long that the connection must be dead though nothing closed it.
    ///
    /// Not while the servers have lost touch with Redis: then clicks wait for good reason.
    pub(crate) fn waits_since(&self, limit_ms: u64) -> bool {
        let waited_ms = self
            .clicks
            .oldest_sent_ms()
            .map_or(0, |sent_ms| self.now_ms.saturating_sub(sent_ms));
        self.connection() == Connection::Live && waited_ms > limit_ms
    }
}
