//! When a page considers its server gone.

/// Pings in a row that must stay unanswered: a single one is easily lost.
const MISSES: u32 = 2;
/// The time between two pings of a server that answers, in milliseconds.
const CALM_MS: u32 = 1_000;
/// The time between two pings of one that may be gone, in milliseconds.
const DOUBT_MS: u32 = 200;

/// Counts unanswered pings of the page's server.
///
/// A server that falls silent closes no socket. From its last answer until the page is elsewhere it takes
/// [`CALM_MS`], two pings with their timeouts and the pause in between, and a ping of the others: 5 s in all.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ServerWatch {
    misses: u32,
}

impl ServerWatch {
    /// Notes a ping; true if the server is considered gone. One that is restarting is waited for.
    pub(super) fn note(&mut self, has_answered: bool, restarts: bool) -> bool {
        self.misses = match has_answered || restarts {
            true => 0,
            false => self.misses.saturating_add(1),
        };
        self.misses >= MISSES
    }

    /// How long to wait until the next ping, in milliseconds.
    pub(super) fn pause_ms(self) -> u32 {
        match self.misses {
            0 => CALM_MS,
            _ => DOUBT_MS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_misses_in_a_row_are_a_server_that_is_gone() {
        let mut server_watch = ServerWatch::default();

        assert!(!server_watch.note(false, false));
        assert_eq!(server_watch.pause_ms(), DOUBT_MS);
        assert!(!server_watch.note(true, false));
        assert_eq!(server_watch.pause_ms(), CALM_MS);
        assert!(!server_watch.note(false, false));
        assert!(server_watch.note(false, false));
        assert!(server_watch.note(false, false));
    }

    #[test]
    fn a_server_that_restarts_is_awaited_first() {
        let mut server_watch = ServerWatch::default();

        assert!(!server_watch.note(false, true));
        assert!(!server_watch.note(false, true));
        assert!(!server_watch.note(false, false));
        assert!(server_watch.note(false, false));
    }
}
