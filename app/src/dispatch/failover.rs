//! Watches the page's own server and moves the page to another one if it is gone.

use super::browser::{go, ping, read};
use super::fallback::{best_fallback, fallbacks};
use super::signals::Dispatch;
use futures::future::{join, join_all};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use live::browser::is_visible;
use live::{Connection, Live};
use protocol::{Manager, RegionCode};

/// How long a server may take to answer a ping, in milliseconds.
const LOOK_MS: u32 = 1_200;
/// Pings in a row that must stay unanswered: a single one is easily lost.
const MISSES: u32 = 2;
/// The time between two pings of a server that answers, in milliseconds.
const CALM_MS: u32 = 1_000;
/// The time between two pings of one that may be gone, in milliseconds.
const DOUBT_MS: u32 = 200;

/// Moves the page to another server once its own no longer answers, be the socket lost or only silent.
///
/// `address` gives this page's address at another server, from its URL. Also keeps the list of live regions up to date:
/// once servers are gone, it may be too late to ask.
pub(crate) fn watch_server(
    dispatch: Dispatch,
    live: Live,
    address: impl Fn(&str) -> String + Copy + 'static,
) {
    leptos::task::spawn_local(watch(dispatch, live, address));
    keep_list(dispatch, live);
}

async fn watch(dispatch: Dispatch, live: Live, address: impl Fn(&str) -> String) {
    let mut server_watch = ServerWatch::default();
    // Until it is disposed of with its page.
    while let Some(connection) = live.connection_now() {
        let must_look = match connection {
            Connection::Unanswered | Connection::Reconnecting | Connection::Offline { .. } => true,
            Connection::Stopped(_) => false,
            Connection::Rendered
            | Connection::Live
            | Connection::Polling(_)
            | Connection::Stale { .. } => is_visible(),
        };
        let has_answered = !must_look || look().await;
        if server_watch.note(has_answered, live.awaits_restart())
            && let Some(url) = find_refuge(dispatch).await
        {
            return go(&address(&url));
        }
        TimeoutFuture::new(server_watch.pause_ms()).await;
    }
}

/// Whether the page's own server answers: at the address that its socket goes to.
async fn look() -> bool {
    ping("", LOOK_MS).await.is_some()
}

/// The address of another server, unless this one answers after all: then the network was down.
async fn find_refuge(dispatch: Dispatch) -> Option<String> {
    let here = dispatch.here.get_value();
    let candidates = untrack(|| dispatch.candidates());
    let mut fallbacks = fallbacks(&here, dispatch.siblings.get_value(), &candidates);
    let looks = fallbacks.iter_mut().map(|fallback| async {
        fallback.answer_ms = ping(&fallback.url, LOOK_MS).await;
    });
    let (is_back, _) = join(look(), join_all(looks)).await;
    best_fallback(&fallbacks).filter(|_| !is_back)
}

/// Reloads the list of live regions whenever the world shows that it has changed.
fn keep_list(dispatch: Dispatch, live: Live) {
    let rows = live.rows();
    let awake = Memo::new(move |_| {
        rows.with(|rows| -> Vec<(RegionCode, u32)> {
            let awake = rows.iter().filter(|row| row.instances > 0);
            awake.map(|row| (row.code.clone(), row.instances)).collect()
        })
    });
    Effect::new(move |before: Option<()>| {
        // Read, not only tracked: a memo that was never read is not updated.
        awake.with(|_| ());
        if before.is_some() {
            leptos::task::spawn_local(ask(dispatch));
        }
    });
}

async fn ask(dispatch: Dispatch) {
    let Some(known) = dispatch.managers.try_get_untracked() else {
        return;
    };
    let urls = std::iter::once(String::new()).chain(known.into_iter().map(|manager| manager.url));
    for url in urls {
        if let Some(managers) = read::<Vec<Manager>>(&format!("{url}/managers")).await {
            dispatch.managers.try_set(managers);
            return;
        }
    }
}

/// Counts unanswered pings of the page's server.
///
/// A server that falls silent closes no socket. From its last answer until the page is elsewhere it takes
/// [`CALM_MS`], two pings with their timeouts and the pause in between, and a ping of the others: 5 s in all.
#[derive(Clone, Copy, Debug, Default)]
struct ServerWatch {
    misses: u32,
}

impl ServerWatch {
    /// Notes a ping; true if the server is considered gone. One that is restarting is waited for.
    fn note(&mut self, has_answered: bool, restarts: bool) -> bool {
        self.misses = match has_answered || restarts {
            true => 0,
            false => self.misses.saturating_add(1),
        };
        self.misses >= MISSES
    }

    /// How long to wait until the next ping, in milliseconds.
    fn pause_ms(self) -> u32 {
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
