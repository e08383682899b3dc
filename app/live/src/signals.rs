//! What a page shows, as signals.

use super::connection::Connection;
use super::line::Barrier;
use super::notice::Notice;
use super::state::{LiveState, Reaction};
use crate::browser::{now_ms, page_ms};
use crate::format::permille;
use leptos::prelude::*;
use protocol::live::{ServerFrame, Topic, WorldTopic};
use protocol::{Problem, RegionCode, Step};

/// The page's live state, for reading by signals and for clicking.
#[derive(Clone, Copy)]
pub struct Live {
    pub(super) state: RwSignal<LiveState>,
    /// Has what waits sent; nothing on a server and before hydration, when the form's own way is taken.
    pub(super) send: StoredValue<Option<Callback<()>>>,
}

/// A region as a row of the table and a light on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionRow {
    /// The region's code.
    pub code: RegionCode,
    /// The city its servers stand in.
    pub city: String,
    /// Latitude in degrees, north positive.
    pub lat: f64,
    /// Longitude in degrees, east positive.
    pub lng: f64,
    /// Its clicks, this page's own included.
    pub clicks: i64,
    /// Its part of all clicks in thousandths; a region below zero has none.
    pub share_permille: u16,
    /// Distinct persons there.
    pub people: u32,
    /// Live instances there.
    pub instances: u32,
    /// Whether it serves this page.
    pub is_here: bool,
    /// In how many milliseconds it last had clicks of the region that serves this page, and confirmed that; of another
    /// region.
    pub reached_ms: Option<u64>,
    /// Whether it then had all clicks of this page.
    pub has_own: bool,
}

impl Live {
    /// Takes a click; false if nobody does and the form is to be sent instead.
    pub fn click(self, by: Step) -> bool {
        let Some(send) = self.sender() else {
            return false;
        };
        self.state.update(|state| {
            state.note_waiting(now_ms());
            drop(state.click(by, page_ms()));
        });
        send.run(());
        true
    }

    /// Has what waits sent; nothing if nobody does and the form is to be sent instead.
    pub(super) fn sender(self) -> Option<Callback<()>> {
        self.send.try_get_value().flatten()
    }

    /// Shows a problem for a while, if there is one; false once the page is gone.
    pub(crate) fn tell(self, problem: Option<Problem>) -> bool {
        if let Some(problem) = problem {
            let notice = Notice::new(problem, page_ms());
            self.state.try_update(|state| state.notice = Some(notice));
        }
        !self.state.is_disposed()
    }

    /// Takes a frame from the server in: states of the world and answers to clicks go to the page's state, other states
    /// and answers to changes to those who listen for them. `barrier` is what kept it from coming through a socket.
    pub(super) fn receive(
        self,
        frame: ServerFrame,
        barrier: Option<Barrier>,
        now_ms: u64,
    ) -> Reaction {
        let is_of_a_watch = match &frame {
            ServerFrame::State(frame) => frame.topic != WorldTopic::NAME,
            ServerFrame::Own { .. } | ServerFrame::RefusedChange { .. } => true,
            _ => false,
        };
        if is_of_a_watch {
            // Nothing that the page's state shows changes by it.
            let watched = self.state.try_update_untracked(|state| {
                state.note_life(now_ms);
                state.watched()
            });
            let (connection, watches) = watched.unwrap_or_default();
            for watch in watches {
                watch.watcher.hear(&frame, (connection, now_ms));
            }
            return Reaction::Nothing;
        }
        let reaction = self.state.try_update(|state| {
            state.barrier = barrier;
            state.receive(frame, now_ms)
        });
        reaction.unwrap_or(Reaction::Nothing)
    }

    /// The clicks of all regions.
    pub fn total(self) -> Memo<i64> {
        self.derive(LiveState::total)
    }

    /// The people of all regions.
    pub fn people(self) -> Memo<i64> {
        self.derive(|state| state.world().people().into())
    }

    /// How many regions there are.
    pub fn places(self) -> Memo<i64> {
        self.derive(|state| state.world().regions.len() as i64)
    }

    /// The regions, ordered by code.
    pub fn rows(self) -> Memo<Vec<RegionRow>> {
        self.derive(rows)
    }

    /// How the page stands with its server.
    pub fn connection(self) -> Memo<Connection> {
        self.derive(LiveState::connection)
    }

    /// The same at this moment; nothing once the page is gone.
    pub fn connection_now(self) -> Option<Connection> {
        self.state.try_with_untracked(LiveState::connection)
    }

    /// Whether the server said a moment ago that it restarts.
    pub fn awaits_restart(self) -> bool {
        let awaits = |state: &LiveState| state.awaits_restart(page_ms());
        self.state.try_with_untracked(awaits).unwrap_or_default()
    }

    /// How many clicks wait.
    pub fn waiting(self) -> Memo<i64> {
        self.derive(|state| state.waiting() as i64)
    }

    /// The round trips of this visitor's clicks, in words.
    pub fn trips(self) -> Memo<String> {
        self.derive(LiveState::trips)
    }

    /// The region that serves the page, in words.
    pub fn served_from(self) -> Memo<String> {
        self.derive(LiveState::served_from)
    }

    /// The instance that serves the page.
    pub fn instance(self) -> Memo<String> {
        self.derive(|state| state.instance().to_owned())
    }

    /// The clicks of each step, oldest first; the last step still runs.
    pub fn steps(self) -> Memo<Vec<i64>> {
        self.derive(steps)
    }

    /// What went wrong a moment ago; empty where nothing did.
    pub fn problem(self) -> Memo<String> {
        self.derive(|state| {
            let problem = state.notice().map(|notice| notice.problem.title.clone());
            problem.unwrap_or_default()
        })
    }

    /// What there is to say about it.
    pub fn problem_detail(self) -> Memo<String> {
        self.derive(|state| {
            let detail = state
                .notice()
                .and_then(|notice| notice.problem.detail.clone());
            detail.unwrap_or_default()
        })
    }

    /// What this visitor's last clicks came to, for screen readers.
    pub fn result(self) -> Memo<String> {
        self.derive(|state| state.result().to_owned())
    }

    /// A signal of its own for one thing, so that only its changes are drawn. Of few types: the code of signals is made for
    /// each.
    fn derive<T: PartialEq + Send + Sync + 'static>(self, read: fn(&LiveState) -> T) -> Memo<T> {
        Memo::new(move |_| self.state.with(read))
    }
}

fn rows(state: &LiveState) -> Vec<RegionRow> {
    let regions = &state.world().regions;
    let whole: i64 = regions
        .iter()
        .map(|region| state.clicks_of(&region.code).max(0))
        .sum();
    // Rounded up to each region: rounded one by one, the shares would not add up to the whole.
    let mut counted = 0;
    let row = |region: &protocol::Region| {
        let clicks = state.clicks_of(&region.code);
        let before = permille(counted, whole);
        counted += clicks.max(0);
        let reach = state.reach(region);
        RegionRow {
            code: region.code.clone(),
            city: region.city.clone(),
            lat: region.lat,
            lng: region.lng,
            clicks,
            share_permille: permille(counted, whole) - before,
            people: region.people,
            instances: region.instances,
            is_here: region.code == *state.region(),
            reached_ms: reach.map(|(ms, _)| ms),
            has_own: reach.is_some_and(|(_, has_own)| has_own),
        }
    };
    regions.iter().map(row).collect()
}

/// A step lies between two totals of the history, the running one between its last total and the shown one.
fn steps(state: &LiveState) -> Vec<i64> {
    let totals = state.history().iter().copied();
    let ends = totals.clone().skip(1).chain([state.total()]);
    totals
        .zip(ends)
        .map(|(before, after)| after - before)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::samples::{page, world};

    #[test]
    fn shares_are_of_what_is_above_zero() {
        let state = LiveState::new(page(world(1, 1, &[("fra", 30), ("ord", -5), ("syd", 10)])));

        let shares: Vec<_> = rows(&state).iter().map(|row| row.share_permille).collect();

        assert_eq!(shares, [750, 0, 250]);
    }

    #[test]
    fn shares_add_up() {
        let state = LiveState::new(page(world(1, 1, &[("fra", 1), ("ord", 1), ("syd", 1)])));

        let shares: Vec<_> = rows(&state).iter().map(|row| row.share_permille).collect();

        assert_eq!(shares, [333, 334, 333]);
    }

    #[test]
    fn a_world_without_clicks_has_no_shares() {
        let state = LiveState::new(page(world(1, 1, &[("fra", 0), ("ord", -5)])));

        assert!(rows(&state).iter().all(|row| row.share_permille == 0));
    }

    #[test]
    fn the_running_step_is_the_last_one() {
        let mut page = page(world(1, 1, &[("fra", 1_240)]));
        page.history = vec![2, 6];
        let mut state = LiveState::new(page);
        assert_eq!(steps(&state), [4, 1_234]);

        let _frames = state.click(Step::Down, 100);
        assert_eq!(steps(&state), [4, 1_233]);

        state.sample();
        assert_eq!(steps(&state), [4, 1_233, 0]);
    }

    #[test]
    fn a_world_without_history_has_no_steps() {
        let mut page = page(world(1, 1, &[("fra", 7)]));
        page.history = vec![];

        assert!(steps(&LiveState::new(page)).is_empty());
    }

    #[test]
    fn the_serving_region_is_marked() {
        let state = LiveState::new(page(world(1, 1, &[("fra", 1), ("ord", 1)])));

        let here: Vec<_> = rows(&state).iter().map(|row| row.is_here).collect();

        assert_eq!(here, [true, false]);
    }
}
