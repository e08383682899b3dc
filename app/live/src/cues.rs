//! What the connection's task is told: by clicks, by timers, by the browser.

use super::exchange::to_lines;
use super::signals::Live;
use crate::browser::{is_visible, page_ms};
use crate::pending::{PendingRequest, document_name, forget};
use futures::channel::mpsc::UnboundedSender;
use leptos::ev;
use leptos::prelude::*;
use protocol::live::ClientFrame;
use protocol::{HISTORY_STEP_MS, SessionId};
use std::time::Duration;

/// How often ages are drawn anew and deadlines looked at.
const TICK: Duration = Duration::from_secs(1);

/// What the task is told from outside.
pub(super) enum Cue {
    /// The visitor clicked or changed something: send what waits.
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

/// Lets the page take clicks and changes itself instead of sending its forms.
pub(super) fn take_over(live: Live, cue: UnboundedSender<Cue>) {
    let send = move |()| tell(&cue, Cue::Send);
    live.send.set_value(Some(Callback::new(send)));
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
    let waiting = move || waiting_requests(live, &session);
    let kept = waiting.clone();
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
            for request in waiting() {
                request.keep();
                request.send_unanswered();
            }
            tell(&hide, Cue::Hide);
        }),
        window_event_listener(ev::pageshow, move |_| {
            kept().iter().for_each(|request| forget(&request.key));
            tell(&show, Cue::Show);
        }),
        // It bubbles up from the document.
        window_event_listener(ev::visibilitychange, look),
    ]
}

/// The requests that carry the clicks and changes that wait: one for the clicks, and one for each document.
fn waiting_requests(live: Live, session: &SessionId) -> Vec<PendingRequest> {
    let waiting = live.state.try_update_untracked(|state| {
        let clicks = state.clicks.send(0, page_ms());
        let frames: Vec<_> = clicks.into_iter().chain(state.changes(true)).collect();
        (frames, state.waiting_since_ms)
    });
    let (frames, written_ms) = waiting.unwrap_or_default();
    let hello = to_lines(&[ClientFrame::hello(session.clone())]);
    let mut requests: Vec<PendingRequest> = Vec::new();
    for frame in frames {
        let (of, newest) = match &frame {
            ClientFrame::Change {
                topic, key, seq, ..
            } => (document_name(topic, key), *seq),
            ClientFrame::Click { seq, .. } => (String::new(), *seq),
            _ => continue,
        };
        if requests.last().is_none_or(|last| last.conversation != of) {
            requests.push(PendingRequest {
                key: format!("live:{}:{of}", session.as_str()),
                conversation: of,
                written_ms,
                path: "/live".to_owned(),
                body: hello.clone(),
                ..PendingRequest::default()
            });
        }
        if let Some(request) = requests.last_mut() {
            request.body += &to_lines(&[frame]);
            request.newest = newest;
        }
    }
    requests
}

fn tell(cue: &UnboundedSender<Cue>, what: Cue) {
    // Fails only once the task has stopped for good, when nobody cares.
    let _told = cue.unbounded_send(what);
}
