//! What a page knows, and the rules by which what it shows changes.
//!
//! Three things never happen to a shown number: it does not go back to an older revision, it does not lose a
//! click of this page between its acknowledgement and the world that includes it, and it does not count one
//! twice. The first is [`Mirror`]'s rule. The second and third hold because a server acknowledges a click
//! before it sends a world that includes it, and because after a reconnect, when an acknowledgement may have
//! been lost, news is held back until the clicks in doubt are settled.

use super::backoff::RESTART_MS;
use super::clicks::Clicks;
use super::connection::{Link, Stop};
use super::line::Barrier;
use super::mirror::{Mirror, Position};
use super::notice::Notice;
use super::round_trips::RoundTrips;
use super::watch::Watch;
use crate::format::{announced, counted};
use protocol::live::{
    ClientFrame, NoKey, ServerFrame, UNACKNOWLEDGED_MAX, VERSION, VERSION_MIN, WorldTopic,
};
use protocol::{HISTORY_SAMPLES, PageState, Problem, RegionCode, Step};
use std::collections::VecDeque;

/// How long after a click its result is told to a screen reader, in milliseconds: once for a quick series.
const RESULT_DELAY_MS: u64 = 1_000;

/// Everything a page shows, without clock, socket or document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LiveState {
    pub(super) mirror: Mirror,
    pub(super) clicks: Clicks,
    /// Where this page's newest click was counted.
    pub(super) counted_at: Option<Position>,
    pub(super) region: RegionCode,
    pub(super) instance: String,
    pub(super) link: Link,
    /// What keeps the page from having a socket; it gets along without one then.
    pub(super) barrier: Option<Barrier>,
    /// Since when clicks or changes wait, if any do, in milliseconds since 1970: a clock that a tab's sleep does not stop.
    pub(super) waiting_since_ms: i64,
    /// How often at least one frame comes, in milliseconds; 0 where the server does not promise that.
    pub(super) beat_ms: u64,
    /// When the last frame came.
    pub(super) heard_ms: u64,
    /// Until when the server that announced its restart may be away.
    pub(super) restart_until_ms: u64,
    pub(super) trips: RoundTrips,
    /// What the page watches beside the world: every server that welcomes it is told.
    pub(super) watches: Vec<Watch>,
    /// The numbers of topics that are watched as such.
    pub(super) counts: Vec<(&'static str, i64)>,
    /// How many servers have welcomed the page.
    pub(super) connections: u32,
    pub(super) history: VecDeque<i64>,
    /// Whether it came with a welcome, and the world that belongs to it did not yet.
    pub(super) is_history_new: bool,
    pub(super) notice: Option<Notice>,
    pub(super) result: String,
    pub(super) result_due_ms: Option<u64>,
    pub(super) now_ms: u64,
}

/// What the socket is to do about a frame.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reaction {
    /// Nothing.
    Nothing,
    /// Send these.
    Send(Vec<ClientFrame>),
    /// What is sent next has this number, again.
    SendFrom(u64),
    /// Load the page anew, once, for a server of this version.
    Reload(u32),
}

impl LiveState {
    /// What the server's HTML shows.
    pub(crate) fn new(page: PageState) -> Self {
        let PageState {
            world,
            history,
            region,
            instance,
        } = page;
        Self {
            mirror: Mirror::new(world),
            clicks: Clicks::default(),
            counted_at: None,
            region,
            instance,
            link: Link::Opening,
            barrier: None,
            waiting_since_ms: 0,
            beat_ms: 0,
            heard_ms: 0,
            restart_until_ms: 0,
            trips: RoundTrips::default(),
            watches: Vec::new(),
            counts: Vec::new(),
            connections: 0,
            history: history.into(),
            is_history_new: false,
            notice: None,
            result: String::new(),
            result_due_ms: None,
            now_ms: 0,
        }
    }

    /// The visitor clicks: shown at once, and sent now if the connection is up.
    pub(crate) fn click(&mut self, by: Step, now_ms: u64) -> Vec<ClientFrame> {
        self.now_ms = now_ms;
        match self.clicks.add(by, now_ms) {
            Some(seq) if self.link == Link::Up => self.clicks.send(seq, now_ms),
            Some(_) => Vec::new(),
            None => {
                self.notice = Some(Notice::new(too_many_waiting(), now_ms));
                Vec::new()
            }
        }
    }

    /// The waiting clicks from number `from` on and the changes that were never sent, to be sent now.
    pub(crate) fn due(&mut self, from: u64, now_ms: u64) -> Vec<ClientFrame> {
        let clicks = self.clicks.send(from, now_ms).into_iter();
        clicks.chain(self.changes(false)).collect()
    }

    /// A frame comes from the server.
    pub(crate) fn receive(&mut self, frame: ServerFrame, now_ms: u64) -> Reaction {
        self.note_life(now_ms);
        let reaction = match frame {
            ServerFrame::Welcome {
                version,
                region,
                instance,
                beat_ms,
                history,
            } => {
                self.beat_ms = beat_ms;
                if !history.is_empty() {
                    (self.history, self.is_history_new) = (history.into(), true);
                }
                self.welcome(version, region, instance)
            }
            ServerFrame::State(frame) => {
                if let Some((NoKey, frame)) = frame.read::<WorldTopic>() {
                    let epoch = self.mirror.position().epoch;
                    self.mirror.hear(frame, now_ms);
                    self.restart_history_after(epoch);
                    self.is_history_new = false;
                }
                Reaction::Nothing
            }
            ServerFrame::Ack { seq, epoch, rev } => {
                self.settle(seq, Position { epoch, rev });
                Reaction::Nothing
            }
            ServerFrame::Refused { seq, problem } => {
                if self.clicks.refuse(seq) > 0 {
                    self.notice = Some(Notice::new(problem, now_ms));
                }
                Reaction::SendFrom(seq)
            }
            ServerFrame::Unwatched { problem, .. } => {
                self.notice = Some(Notice::new(problem, now_ms));
                Reaction::Nothing
            }
            ServerFrame::Reload { version } => Reaction::Reload(version),
            // Documents' frames go to those who watch them.
            ServerFrame::Own { .. }
            | ServerFrame::RefusedChange { .. }
            | ServerFrame::Beat
            | ServerFrame::Unknown => Reaction::Nothing,
        };
        self.release();
        reaction
    }

    /// Notes that the server lives, of which every frame is a sign.
    pub(super) fn note_life(&mut self, now_ms: u64) {
        (self.now_ms, self.heard_ms) = (now_ms, now_ms);
    }

    /// The connection is lost, or an attempt to get it back has failed; the browser has a network, or none.
    pub(crate) fn lose(&mut self, now_ms: u64, has_network: bool) {
        self.now_ms = now_ms;
        let since_ms = match self.link {
            Link::Stopped(_) => return,
            Link::Down { since_ms, .. } => since_ms,
            _ => now_ms,
        };
        self.link = Link::Down {
            since_ms,
            has_network,
        };
    }

    /// It was lost by a server that said that it is about to be back.
    pub(crate) fn expect_restart(&mut self) {
        self.restart_until_ms = self.now_ms + RESTART_MS;
    }

    /// Whether the server may be away still because it restarts.
    pub(crate) fn awaits_restart(&self, now_ms: u64) -> bool {
        now_ms < self.restart_until_ms
    }

    /// The connection is lost for good.
    pub(crate) fn stop(&mut self, stop: Stop) {
        self.link = Link::Stopped(stop);
    }

    /// Time passes: ages grow, notices fade, patience ends.
    pub(crate) fn tick(&mut self, now_ms: u64) {
        self.now_ms = now_ms;
        if self
            .notice
            .as_ref()
            .is_some_and(|notice| notice.is_over(now_ms))
        {
            self.notice = None;
        }
        if self.result_due_ms.is_some_and(|due_ms| now_ms >= due_ms) && self.clicks.waiting() == 0 {
            self.result_due_ms = None;
            let total = counted(self.total(), "click", "clicks");
            let result = format!("Counted. {total} overall.");
            self.result = announced(result, &self.result);
        }
        self.release();
    }

    /// A step of the history passes.
    pub(crate) fn sample(&mut self) {
        self.history.push_back(self.total());
        while self.history.len() > HISTORY_SAMPLES {
            self.history.pop_front();
        }
    }

    fn welcome(&mut self, version: u32, region: RegionCode, instance: String) -> Reaction {
        if version < VERSION_MIN {
            return Reaction::Reload(version);
        }
        self.connections += 1;
        (self.region, self.instance, self.link) = (region, instance, Link::Up);
        if let Some(doubtful) = self.clicks.newest_sent() {
            self.mirror.hold(doubtful, self.now_ms);
        }
        let mut frames = self.clicks.send(0, self.now_ms);
        frames.extend(self.watches.iter().map(|watch| watch.frame.clone()));
        frames.extend(self.changes(true));
        Reaction::Send(frames)
    }

    fn settle(&mut self, seq: u64, at: Position) {
        let Some(oldest) = self.clicks.oldest().filter(|oldest| *oldest <= seq) else {
            return;
        };
        self.mirror.settle(oldest, at);
        self.counted_at = Some(at);
        if let Some(sent_ms) = self.clicks.settle(seq, at, &self.region) {
            self.trips.add(self.now_ms.saturating_sub(sent_ms));
        }
        self.result_due_ms = Some(self.now_ms + RESULT_DELAY_MS);
    }

    fn release(&mut self) {
        let epoch = self.mirror.position().epoch;
        self.mirror.release(self.clicks.oldest(), self.now_ms);
        self.restart_history_after(epoch);
        self.clicks.forget(self.mirror.position());
    }

    /// The totals of different epochs are of different counters: their difference is nobody's clicks.
    fn restart_history_after(&mut self, epoch: u64) {
        if self.mirror.position().epoch != epoch && !self.is_history_new {
            self.history.clear();
            self.history.push_back(self.total());
        }
    }
}

fn too_many_waiting() -> Problem {
    let detail = format!(
        "{UNACKNOWLEDGED_MAX} clicks are still waiting to be counted. Try again once they are."
    );
    Problem::new(429, "too-many-waiting", "That click was not counted").with_detail(detail)
}

/// Which of two ends that do not understand each other is the older one.
pub(crate) fn mismatch(server_version: u32) -> Stop {
    if server_version < VERSION {
        Stop::PageIsNewer
    } else {
        Stop::PageIsOlder
    }
}
