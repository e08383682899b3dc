//! Stands by while the connection is lost: if the server is gone, the page moves to one that is not.

use super::browser::{go, ping, read};
use super::refuge::refuge;
use super::signals::Dispatch;
use crate::live::{Connection, Live};
use futures::future::join_all;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use protocol::{Manager, RegionCode};

/// The time between two looks at a server that does not take the page's socket, in milliseconds.
const LOOK_MS: u32 = 700;

/// Moves the page to another region once its server is gone: the socket is lost and a ping stays unanswered.
///
/// `address` is this page's at another server, whose URL it is given. Keeps the list of live regions, too:
/// when servers are gone, so are those that could be asked for it.
pub(crate) fn stand_by(
    dispatch: Dispatch,
    live: Live,
    address: impl Fn(&str) -> String + Copy + 'static,
) {
    let is_lost = Memo::new({
        let connection = live.connection();
        move |_| {
            matches!(
                connection.get(),
                Connection::Reconnecting | Connection::Offline { .. }
            )
        }
    });
    Effect::new(move |_| {
        if is_lost.get() {
            leptos::task::spawn_local(look(dispatch, is_lost, address));
        }
    });
    keep_list(dispatch, live);
}

async fn look(dispatch: Dispatch, is_lost: Memo<bool>, address: impl Fn(&str) -> String) {
    while is_lost.try_get_untracked() == Some(true) {
        let here = dispatch.here.get_value();
        if ping(&here.url).await.is_none()
            && let Some(manager) = find_refuge(dispatch).await
            && is_lost.try_get_untracked() == Some(true)
        {
            return go(&address(&manager.url));
        }
        TimeoutFuture::new(LOOK_MS).await;
    }
}

async fn find_refuge(dispatch: Dispatch) -> Option<Manager> {
    let candidates = untrack(|| dispatch.candidates_now());
    let others = candidates.iter().filter(|candidate| !candidate.is_here);
    let answers = others.map(|candidate| async {
        let Manager { region, url, .. } = &candidate.manager;
        (region.clone(), ping(url).await)
    });
    refuge(&candidates, &join_all(answers).await)
}

/// Asks for the list of live regions whenever the world tells that it has changed.
fn keep_list(dispatch: Dispatch, live: Live) {
    let rows = live.rows();
    let awake = Memo::new(move |_| {
        let awake = |rows: &Vec<crate::live::RegionRow>| -> Vec<RegionCode> {
            let awake = rows.iter().filter(|row| row.instances > 0);
            awake.map(|row| row.code.clone()).collect()
        };
        rows.with(awake)
    });
    Effect::new(move |before: Option<()>| {
        // Read, not only tracked: a memo that nobody has read follows nothing.
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
