//! The browser's end of the live connection.
//!
//! One task owns the socket: it connects, says hello, passes frames to the [`LiveState`](super::state) and
//! its clicks to the server, and when the socket ends waits for its turn to connect again. Listeners and
//! timers never touch the socket; they send the task cues. Dropping the cues' sender ends the task.

use super::backoff::Backoff;
use super::connecting;
use super::connection::Stop;
use super::cues::{Cue, listen, sample, take_over, tick};
use super::exchange::exchange;
use super::line::{FORBIDDEN, Line};
use super::signals::Live;
use super::socket::{ABNORMAL, Socket};
use super::state::{LiveState, Reaction, mismatch};
use crate::browser::{is_reachable, page_ms};
use crate::pending::{self, is_old};

use futures::StreamExt;
use futures::channel::mpsc::{UnboundedReceiver, unbounded};
use futures::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use protocol::live::{ClientFrame, VERSION, close};
use protocol::{PageState, SessionId};
use std::pin::pin;

/// How long a server may take to welcome the page, in milliseconds.
const WELCOME_MS: u64 = 10_000;
/// How long a connection must live to prove that the server takes visitors again, in milliseconds.
const PROVEN_MS: u64 = 5_000;

/// How many sockets in a row may end without a welcome before the page gets along without one.
const REFUSALS_MAX: u32 = 2;

/// How a connection ended.
enum End {
    /// The page is gone.
    Closed,
    /// The page is hidden: connect when it is shown.
    Hidden,
    /// The socket closed, by this code where it has one.
    Lost(u16),
    /// Only loading the page again helps.
    Stopped(Stop),
}

/// The task's own state.
struct Client {
    live: Live,
    url: String,
    session: SessionId,
    cues: UnboundedReceiver<Cue>,
    backoff: Backoff,
    /// How many sockets in a row ended without a welcome.
    refusals: u32,
    /// Whether clicks or changes wait that a server may have counted and forgotten since.
    waits_long: bool,
}

/// Makes the page's live state from what the server knew and, in a browser, connects it.
pub fn provide_live(page: PageState) -> Live {
    let live = Live {
        state: RwSignal::new(LiveState::new(page)),
        send: StoredValue::new(None),
    };
    // Effects run in browsers only, after hydration.
    Effect::new(move |_| start(live));
    live
}

/// Connects the page for as long as the current owner lives.
fn start(live: Live) {
    let (Some(url), Some(session)) = (connecting::live_url(), connecting::new_session()) else {
        return;
    };
    // Not bounded by itself: clicks and changes are, by the states that make their frames, and the task reads the
    // rest as fast as the browser sends it.
    let (cue, cues) = unbounded();
    take_over(live, cue.clone());
    let timers = [tick(live, cue.clone()), sample(live)];
    let listeners = listen(live, &session, &cue);
    on_cleanup(move || {
        live.send.try_set_value(None);
        timers.into_iter().flatten().for_each(|timer| timer.clear());
        listeners.into_iter().for_each(WindowListenerHandle::remove);
        cue.close_channel();
    });
    let client = Client {
        live,
        url,
        session,
        cues,
        backoff: Backoff::default(),
        refusals: 0,
        waits_long: false,
    };
    leptos::task::spawn_local(client.run());
    leptos::task::spawn_local(pending::resume(move |problem| live.tell(problem)));
}

impl Client {
    async fn run(mut self) {
        loop {
            let end = self.converse().await;
            let waits_long = self.live.state.try_update(|state| {
                state.lose(page_ms(), window().navigator().on_line());
                if matches!(end, End::Lost(close::RESTART)) {
                    state.expect_restart();
                }
                state.waits() && is_old(state.waiting_since_ms)
            });
            self.waits_long = waits_long == Some(true);
            let goes_on = match end {
                End::Closed => false,
                End::Hidden => self.wait_for_show().await,
                End::Lost(code) => self.pause(code).await,
                End::Stopped(stop) => {
                    self.live.state.try_update(|state| state.stop(stop));
                    // From here the form's own way is the one that counts.
                    self.live.send.try_set_value(None);
                    false
                }
            };
            if !goes_on {
                break;
            }
        }
    }

    /// One connection, from opening to its end.
    async fn converse(&mut self) -> End {
        let begun_ms = page_ms();
        let mut line = match self.refusals < REFUSALS_MAX {
            true => {
                self.refusals += 1;
                let Some(mut socket) = Socket::connect(&self.url) else {
                    return End::Lost(ABNORMAL);
                };
                if let Err(end) = self.open(&mut socket, begun_ms).await {
                    return end;
                }
                Line::Socket(socket)
            }
            false => {
                self.refusals -= 1;
                if !is_reachable().await {
                    return End::Lost(ABNORMAL);
                }
                Line::Exchange(exchange().await)
            }
        };
        if self.waits_long {
            // The next page tells of them, with a session of its own.
            let _reloaded = window().location().reload();
            return End::Closed;
        }
        line.send(&ClientFrame::hello(self.session.clone()));
        let end = self.talk(&mut line, begun_ms).await;
        if page_ms() - begun_ms >= PROVEN_MS {
            self.backoff.reset();
        }
        end
    }

    async fn open(&mut self, socket: &mut Socket, begun_ms: u64) -> Result<(), End> {
        let mut opened = pin!(socket.opened());
        loop {
            match select(opened.as_mut(), self.cues.next()).await {
                Either::Left((true, _)) => return Ok(()),
                Either::Left((false, _)) => return Err(End::Lost(ABNORMAL)),
                Either::Right((cue, _)) => end_by(cue.as_ref(), begun_ms).map_or(Ok(()), Err)?,
            }
        }
    }

    async fn talk(&mut self, line: &mut Line, begun_ms: u64) -> End {
        // The newest click sent on this connection; nothing before the welcome.
        let mut sent = None;
        loop {
            let next = match select(pin!(line.receive()), self.cues.next()).await {
                Either::Left((frame, _)) => Either::Left(frame),
                Either::Right((cue, _)) => Either::Right(cue),
            };
            match next {
                Either::Left(Ok(frame)) => {
                    match self.live.receive(frame, line.barrier(), page_ms()) {
                        Reaction::Nothing => {}
                        Reaction::Send(frames) => {
                            if line.barrier().is_none() {
                                self.refusals = 0;
                            }
                            send_newer(line, &frames, sent.insert(0));
                        }
                        Reaction::SendFrom(seq) => sent = Some(seq.saturating_sub(1)),
                        Reaction::Reload(version) => return reload(version),
                    }
                }
                Either::Left(Err(code)) => return ended_by(code),
                Either::Right(Some(Cue::Send)) => {
                    // Before the welcome nothing is sent: all that waits follows it anyway.
                    if let Some(sent) = &mut sent {
                        send_newer(line, &self.due(*sent + 1), sent);
                    }
                }
                Either::Right(Some(cue @ (Cue::Tick | Cue::Visible))) if sent.is_some() => {
                    let is_dead = |state: &LiveState| state.is_dead(matches!(cue, Cue::Visible));
                    if self.live.state.try_with_untracked(is_dead) == Some(true) {
                        return End::Lost(ABNORMAL);
                    }
                }
                Either::Right(cue) => {
                    if let Some(end) = end_by(cue.as_ref(), begun_ms) {
                        return end;
                    }
                }
            }
        }
    }

    /// What waits now: of the clicks that a cue was given for, some may have been refused since.
    fn due(&self, from: u64) -> Vec<ClientFrame> {
        let due = self
            .live
            .state
            .try_update(|state| state.due(from, page_ms()));
        due.unwrap_or_default()
    }

    /// Waits for the next attempt's turn; false if there is none.
    async fn pause(&mut self, code: u16) -> bool {
        let delay_ms = self.backoff.next_ms(Some(code), connecting::roll());
        let mut over = TimeoutFuture::new(u32::try_from(delay_ms).unwrap_or(u32::MAX));
        loop {
            match select(&mut over, self.cues.next()).await {
                Either::Left(_)
                | Either::Right((Some(Cue::Online | Cue::Show | Cue::Visible), _)) => return true,
                Either::Right((Some(Cue::Hide), _)) => return self.wait_for_show().await,
                Either::Right((None, _)) => return false,
                Either::Right(_) => {}
            }
        }
    }

    async fn wait_for_show(&mut self) -> bool {
        while let Some(cue) = self.cues.next().await {
            if matches!(cue, Cue::Show) {
                return true;
            }
        }
        false
    }
}

/// Sends frames, of the clicks those that this connection has not carried: one made during the welcome comes
/// here twice.
fn send_newer(line: &mut Line, frames: &[ClientFrame], sent: &mut u64) {
    for frame in frames {
        match frame {
            ClientFrame::Click { seq, .. } if *seq <= *sent => continue,
            ClientFrame::Click { seq, .. } => *sent = *seq,
            _ => {}
        }
        line.send(frame);
    }
}

/// Whether a cue ends the connection.
fn end_by(cue: Option<&Cue>, begun_ms: u64) -> Option<End> {
    match cue {
        None => Some(End::Closed),
        Some(Cue::Hide) => Some(End::Hidden),
        // A socket without network may take minutes to notice. Where the server is still in reach, as one on
        // this machine is, the next attempt succeeds at once.
        Some(Cue::Offline) => Some(End::Lost(ABNORMAL)),
        // Once welcomed, ticks are looked at before they come here.
        Some(Cue::Tick | Cue::Visible) => {
            (page_ms() - begun_ms > WELCOME_MS).then_some(End::Lost(ABNORMAL))
        }
        Some(Cue::Send | Cue::Online | Cue::Show) => None,
    }
}

fn ended_by(code: u16) -> End {
    match code {
        close::RELOAD => reload(VERSION + 1),
        close::FORGOTTEN if window().location().reload().is_ok() => End::Closed,
        FORBIDDEN => End::Stopped(Stop::UnknownAddress),
        code if close::reconnects(code) => End::Lost(code),
        _ => End::Stopped(Stop::Refused),
    }
}

fn reload(server_version: u32) -> End {
    if connecting::reload_once(server_version) {
        End::Closed
    } else {
        End::Stopped(mismatch(server_version))
    }
}
