//! What the connection's task is told: by clicks, by timers, by the browser.

use super::exchange::to_lines;
use super::signals::Live;
use crate::browser::{is_visible, now_ms, page_ms};
use crate::pending::{PendingRequest, forget};
use futures::channel::mpsc::UnboundedSender;
use leptos::ev;
use leptos::prelude::*;
use protocol::live::ClientFrame;
use protocol::{HISTORY_STEP_MS, SessionId, Step};
use std::time::Duration;

/// How often ages are drawn anew and deadlines looked at.
const TICK: Duration = Duration::from_secs(1);

/// What the task is told from outside.
pub(super) enum Cue {
    /// The visitor clicked: send what waits.
    Send,
    /// A second has passed.
    Tick,
    /// The browser found a network.
    Online,
    /// The browser lost its network.
    Offline,
    /// The page goes away, perhaps to come back from the browser's cache.
    Hide,
    /// The page came back.
    Show,
    /// The tab is looked at again: its timers may have slept.
    Visible,
}

/// Lets the page take clicks itself instead of sending its form.
pub(super) fn take_clicks(live: Live, cue: UnboundedSender<Cue>) {
    let take = move |by: Step| {
        live.state.update(|state| {
            if state.clicks.waiting() == 0 {
                state.waiting_since_ms = now_ms();
            }
            drop(state.click(by, page_ms()));
        });
        tell(&cue, Cue::Send);
    };
    live.on_click.set_value(Some(Callback::new(take)));
}

/// Lets time pass.
pub(super) fn tick(live: Live, cue: UnboundedSender<Cue>) -> Option<IntervalHandle> {
    let tick = move || {
        live.state.update(|state| state.tick(page_ms()));
        tell(&cue, Cue::Tick);
    };
    set_interval_with_handle(tick, TICK).ok()
}

/// Lets the history go on.
pub(super) fn sample(live: Live) -> Option<IntervalHandle> {
    let sample = move || live.state.update(|state| state.sample());
    set_interval_with_handle(sample, Duration::from_millis(HISTORY_STEP_MS)).ok()
}

/// Listens to the network, and to the page being put away, brought back and looked at.
///
/// What waits when the page is put away is kept, and sent: it may be gone for good.
pub(super) fn listen(
    live: Live,
    session: &SessionId,
    cue: &UnboundedSender<Cue>,
) -> [WindowListenerHandle; 5] {
    let session = session.clone();
    let key = format!("clicks:{}", session.as_str());
    let put_away = {
        let key = key.clone();
        move || {
            if let Some(waiting) = waiting_clicks(live, &session, key.clone()) {
                waiting.keep();
                waiting.send_unanswered();
            }
        }
    };
    let [online, offline, hide, show, visible] = [(); 5].map(|()| cue.clone());
    let look = move |_| {
        if is_visible() {
            live.state.update(|state| state.tick(page_ms()));
            tell(&visible, Cue::Visible);
        }
    };
    [
        window_event_listener(ev::online, move |_| tell(&online, Cue::Online)),
        window_event_listener(ev::offline, move |_| tell(&offline, Cue::Offline)),
        window_event_listener(ev::pagehide, move |_| {
            put_away();
            tell(&hide, Cue::Hide);
        }),
        window_event_listener(ev::pageshow, move |_| {
            forget(&key);
            tell(&show, Cue::Show);
        }),
        // It bubbles up from the document.
        window_event_listener(ev::visibilitychange, look),
    ]
}

/// The request that counts the clicks that wait.
fn waiting_clicks(live: Live, session: &SessionId, key: String) -> Option<PendingRequest> {
    let (mut frames, written_ms) = live
        .state
        .try_update_untracked(|state| (state.due(0, page_ms()), state.waiting_since_ms))?;
    let Some(ClientFrame::Click {
        seq: newest_click, ..
    }) = frames.last().cloned()
    else {
        return None;
    };
    frames.insert(0, ClientFrame::hello(session.clone()));
    Some(PendingRequest {
        key,
        written_ms,
        path: "/live".to_owned(),
        body: to_lines(&frames),
        newest_click,
        ..PendingRequest::default()
    })
}

fn tell(cue: &UnboundedSender<Cue>, what: Cue) {
    // Fails only once the task has stopped for good, when nobody cares.
    let _told = cue.unbounded_send(what);
}
