//! The page's copy of the world, kept by frames.

use protocol::World;

/// How long the numbers may stand still after a reconnect, in milliseconds.
///
/// Long enough for the server to settle the clicks that were sent again; nobody should wait longer for news.
const HOLD_MS: u64 = 2_000;

/// How far a world has come: revisions of a later epoch come after all of an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    /// See [`World::epoch`].
    pub epoch: u64,
    /// See [`World::rev`].
    pub rev: u64,
}

/// The world that is shown, and a newer one that is held back.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mirror {
    shown: World,
    held: Option<Held>,
    /// When the last frame came, by the page's clock.
    heard_ms: u64,
    /// Since when the server has been in touch with Redis, by the page's clock.
    current_ms: u64,
}

/// A world that may count clicks of which this page does not know yet that they were counted.
#[derive(Clone, Debug, PartialEq)]
struct Held {
    world: World,
    /// The newest click in question.
    seq: u64,
    /// What the world must reach to include those of them that are settled.
    ///
    /// A click that was counted before is acknowledged at the revision of that moment, which may lie beyond
    /// worlds that include it already: before that, nobody can tell.
    goal: Option<Position>,
    until_ms: u64,
}

impl Mirror {
    /// A copy that begins with what the server rendered.
    pub(crate) fn new(world: World) -> Self {
        Self {
            shown: world,
            held: None,
            heard_ms: 0,
            current_ms: 0,
        }
    }

    /// The world to show.
    pub(crate) fn world(&self) -> &World {
        &self.shown
    }

    /// How far the shown world has come.
    pub(crate) fn position(&self) -> Position {
        position(&self.shown)
    }

    /// How old the shown numbers are while the connection is up: 0, unless the server lost touch with Redis.
    pub(crate) fn age_ms(&self, now_ms: u64) -> u64 {
        match self.newest().age_ms {
            0 => 0,
            age_ms => age_ms + now_ms.saturating_sub(self.heard_ms),
        }
    }

    /// Since when the server has been in touch with Redis, by the page's clock; 0 if it was at the start.
    pub(crate) fn current_ms(&self) -> u64 {
        self.current_ms
    }

    /// Takes a frame in, unless it is older than what is known.
    pub(crate) fn hear(&mut self, frame: World, now_ms: u64) {
        let newest = self
            .held
            .as_mut()
            .map_or(&mut self.shown, |held| &mut held.world);
        let was_old = newest.age_ms > 0;
        if apply(newest, frame) {
            self.heard_ms = now_ms;
            if was_old && newest.age_ms == 0 {
                self.current_ms = now_ms;
            }
        }
    }

    /// Holds back what is heard from now on, until click `seq` is settled or patience ends.
    pub(crate) fn hold(&mut self, seq: u64, now_ms: u64) {
        let world = self.newest().clone();
        self.held = Some(Held {
            world,
            seq,
            goal: None,
            until_ms: now_ms + HOLD_MS,
        });
    }

    /// Click `oldest`, and perhaps more, are settled at `at`.
    pub(crate) fn settle(&mut self, oldest: u64, at: Position) {
        if let Some(held) = self.held.as_mut().filter(|held| oldest <= held.seq) {
            held.goal = held.goal.max(Some(at));
        }
    }

    /// Shows what was held back, if it is time.
    pub(crate) fn release(&mut self, oldest_waiting: Option<u64>, now_ms: u64) {
        let settled = |held: &mut Held| {
            oldest_waiting.is_none_or(|oldest| oldest > held.seq)
                && Some(position(&held.world)) >= held.goal
        };
        if let Some(held) = self
            .held
            .take_if(|held| now_ms >= held.until_ms || settled(held))
        {
            self.shown = held.world;
        }
    }

    fn newest(&self) -> &World {
        self.held.as_ref().map_or(&self.shown, |held| &held.world)
    }
}

fn position(world: &World) -> Position {
    Position {
        epoch: world.epoch,
        rev: world.rev,
    }
}

/// Puts a frame into a world and tells whether it was new enough.
///
/// A partial frame lists what changed since the frame before it. Where that frame was older than what is
/// known here (another instance, which is behind, after a reconnect), the list only repeats known changes.
fn apply(world: &mut World, frame: World) -> bool {
    if position(&frame) < position(world) {
        return false;
    }
    world.follow(frame);
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::samples::{frame, region, world};

    fn clicks(mirror: &Mirror) -> i64 {
        mirror.world().clicks()
    }

    #[test]
    fn a_newer_frame_is_shown_and_an_older_one_is_not() {
        let mut mirror = Mirror::new(world(1, 5, &[("fra", 10)]));

        mirror.hear(frame(1, 4, true, &[("fra", 9)]), 0);
        assert_eq!(clicks(&mirror), 10);

        mirror.hear(frame(1, 6, true, &[("fra", 12)]), 0);
        assert_eq!(clicks(&mirror), 12);
    }

    #[test]
    fn a_partial_frame_changes_what_it_lists() {
        let mut mirror = Mirror::new(world(1, 5, &[("fra", 10), ("ord", 3)]));

        mirror.hear(frame(1, 6, false, &[("ord", 4), ("syd", 1)]), 0);

        let shown: Vec<_> = mirror
            .world()
            .regions
            .iter()
            .map(|r| (r.code.as_str(), r.clicks))
            .collect();
        assert_eq!(shown, [("fra", 10), ("ord", 4), ("syd", 1)]);
    }

    #[test]
    fn a_whole_frame_takes_away_what_it_does_not_list() {
        let mut mirror = Mirror::new(world(1, 5, &[("fra", 10), ("ord", 3)]));

        mirror.hear(frame(1, 6, true, &[("ord", 4)]), 0);

        assert_eq!(mirror.world().regions, [region("ord", 4)]);
    }

    #[test]
    fn a_later_epoch_wins_over_any_revision_and_an_earlier_one_never() {
        let mut mirror = Mirror::new(world(2, 50, &[("fra", 10)]));

        mirror.hear(frame(1, 99, true, &[("fra", 70)]), 0);
        assert_eq!(clicks(&mirror), 10);

        mirror.hear(frame(3, 1, true, &[("fra", 2)]), 0);
        assert_eq!(clicks(&mirror), 2);
    }

    #[test]
    fn a_frame_of_the_same_revision_tells_the_age() {
        let mut mirror = Mirror::new(world(1, 5, &[("fra", 10)]));
        let stale = World {
            age_ms: 4_000,
            ..frame(1, 5, true, &[("fra", 10)])
        };

        mirror.hear(stale, 100);
        assert_eq!(mirror.age_ms(1_100), 5_000);

        mirror.hear(frame(1, 5, false, &[]), 2_000);
        assert_eq!(mirror.age_ms(9_000), 0);
    }

    #[test]
    fn held_news_is_shown_once_the_click_is_settled() {
        let mut mirror = Mirror::new(world(1, 5, &[("fra", 10)]));

        mirror.hold(3, 0);
        mirror.hear(frame(1, 9, true, &[("fra", 20)]), 10);
        mirror.release(Some(2), 20);
        assert_eq!(clicks(&mirror), 10);

        mirror.release(Some(4), 30);
        assert_eq!(clicks(&mirror), 20);
    }

    #[test]
    fn held_news_waits_for_the_revision_of_the_acknowledgement() {
        let mut mirror = Mirror::new(world(1, 5, &[("fra", 10)]));

        mirror.hold(3, 0);
        mirror.hear(frame(1, 9, true, &[("fra", 20)]), 10);
        mirror.settle(3, Position { epoch: 1, rev: 11 });
        mirror.release(None, 20);
        assert_eq!(clicks(&mirror), 10);

        mirror.hear(frame(1, 11, false, &[("fra", 21)]), 30);
        mirror.release(None, 40);
        assert_eq!(clicks(&mirror), 21);
    }

    #[test]
    fn held_news_is_shown_when_patience_ends() {
        let mut mirror = Mirror::new(world(1, 5, &[("fra", 10)]));

        mirror.hold(3, 0);
        mirror.hear(frame(1, 9, true, &[("fra", 20)]), 10);
        mirror.release(Some(1), HOLD_MS);

        assert_eq!(clicks(&mirror), 20);
    }
}
