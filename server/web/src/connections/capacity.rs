//! Whether visitors should be sent to an instance, by the room that it has. Pure rules.

use std::time::Duration;
use tokio::time::Instant;

/// How long an instance may be without room before visitors are sent elsewhere.
const PATIENCE: Duration = Duration::from_secs(3);
/// The part of the places that is free before an instance that was full takes visitors again: or it would come and go with
/// every tab.
const ROOM: usize = 16;

/// What is known of an instance's room.
#[derive(Clone, Copy)]
pub(super) struct Load {
    /// Open connections.
    pub(super) open: usize,
    /// How many there may be.
    pub(super) places: usize,
    /// Whether the system gives no sockets.
    pub(super) is_failing: bool,
}

/// Remembers since when an instance has had no room.
#[derive(Default)]
pub(super) struct Capacity {
    since: Option<Instant>,
    is_closed: bool,
}

impl Capacity {
    /// Whether visitors should be sent there.
    pub(super) fn has_room(&mut self, load: Load, now: Instant) -> bool {
        let free = load.places.saturating_sub(load.open);
        let has_none = load.is_failing || free == 0;
        let enough = (load.places / ROOM).max(1);
        if has_none {
            let since = *self.since.get_or_insert(now);
            self.is_closed |= now.duration_since(since) >= PATIENCE;
        } else {
            self.since = None;
            self.is_closed &= free < enough;
        }
        !self.is_closed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_closes_after_a_while_without_room_and_opens_with_enough() {
        let start = Instant::now();
        let mut capacity = Capacity::default();
        let mut after = |seconds, open| {
            let load = Load {
                open,
                places: 160,
                is_failing: false,
            };
            capacity.has_room(load, start + Duration::from_secs(seconds))
        };

        assert!(after(0, 160));
        assert!(after(2, 170));
        assert!(after(3, 159), "it had room meanwhile");
        assert!(after(4, 160));
        assert!(!after(7, 160));
        assert!(!after(8, 159), "not enough yet");
        assert!(after(9, 150));
    }

    #[test]
    fn an_instance_that_gets_no_sockets_closes_however_empty_it_is() {
        let start = Instant::now();
        let mut capacity = Capacity::default();
        let mut after = |seconds, is_failing| {
            let load = Load {
                open: 1,
                places: 160,
                is_failing,
            };
            capacity.has_room(load, start + Duration::from_secs(seconds))
        };

        assert!(after(0, true));
        assert!(!after(3, true));
        assert!(after(4, false));
    }
}
