//! Frames by requests, where something blocks sockets: `POST /live`, again and again.
//!
//! To its task it looks like a socket. docs/protocol.md describes what goes through the wire.

use super::connecting;
use super::line::{Barrier, FORBIDDEN, Outcome, Wire};
use super::socket::{ABNORMAL, Socket};
use crate::browser::{fetch, page_ms, text_of};
use futures::future::{Either, LocalBoxFuture, select};
use gloo_timers::future::TimeoutFuture;
use protocol::live::{ClientFrame, ServerFrame};
use std::collections::VecDeque;
use web_sys::RequestInit;

/// The pause between two exchanges, in milliseconds.
const PAUSE_MS: u32 = 3_000;
/// How often a socket is tried again once one has failed, in milliseconds.
const RETRY_MS: u64 = 20_000;
/// How long it may take to open then, in milliseconds.
const OPEN_MS: u32 = 3_000;
/// Most clicks that one exchange carries.
const CLICKS_MAX: usize = 500;

/// Begins to exchange frames by requests.
#[cfg_attr(feature = "split", leptos::lazy)]
pub(super) async fn exchange() -> Box<dyn Wire> {
    let exchange: Box<dyn Wire> = Box::new(Exchange::new());
    exchange
}

/// A connection made of requests.
struct Exchange {
    hello: Option<ClientFrame>,
    watches: Vec<ClientFrame>,
    /// Not acknowledged yet.
    clicks: VecDeque<(u64, ClientFrame)>,
    /// Not answered yet.
    changes: Vec<ClientFrame>,
    /// The newest click that was in a request.
    asked: u64,
    heard: VecDeque<ServerFrame>,
    step: Step,
    has_answered: bool,
    /// Whether something waits for the next request.
    is_hurried: bool,
    /// When a socket failed to open last. One that a click interrupts has not.
    failed_ms: Option<u64>,
    barrier: Barrier,
}

enum Step {
    Pausing(TimeoutFuture),
    Asking(LocalBoxFuture<'static, Result<Answer, u16>>),
    Opening(LocalBoxFuture<'static, Option<(Socket, ServerFrame)>>),
}

struct Answer {
    /// Whether the network has too many connections.
    is_crowded: bool,
    frames: String,
}

impl Wire for Exchange {
    fn send(&mut self, frame: &ClientFrame) {
        match frame {
            ClientFrame::Hello { .. } => self.hello = Some(frame.clone()),
            ClientFrame::Click { seq, .. } => {
                if self.clicks.back().is_none_or(|(newest, _)| newest < seq) {
                    self.clicks.push_back((*seq, frame.clone()));
                    self.hurry();
                }
            }
            ClientFrame::Change { .. } => {
                if !self.changes.contains(frame) {
                    self.changes.push(frame.clone());
                    self.hurry();
                }
            }
            ClientFrame::Watch { .. } => {
                if !self.watches.contains(frame) {
                    self.watches.push(frame.clone());
                    self.hurry();
                }
            }
            ClientFrame::Unwatch { topic, key } => self.watches.retain(|watch| {
                !matches!(watch, ClientFrame::Watch { topic: of, key: one } if of == topic && one == key)
            }),
        }
    }

    fn receive(&mut self) -> LocalBoxFuture<'_, Result<ServerFrame, Outcome>> {
        Box::pin(self.next_frame())
    }

    fn barrier(&self) -> Barrier {
        self.barrier
    }
}

impl Exchange {
    /// Begins with the hello that is sent first.
    fn new() -> Self {
        Self {
            hello: None,
            watches: Vec::new(),
            clicks: VecDeque::new(),
            changes: Vec::new(),
            asked: 0,
            heard: VecDeque::new(),
            step: Step::Pausing(TimeoutFuture::new(0)),
            has_answered: false,
            is_hurried: false,
            // Whatever kept the socket from opening may be over by the first answer.
            failed_ms: None,
            barrier: Barrier::Unknown,
        }
    }

    /// Ends a pause, or leaves the next one out.
    fn hurry(&mut self) {
        self.is_hurried = true;
        if !matches!(self.step, Step::Asking(_)) {
            self.step = Step::Pausing(TimeoutFuture::new(0));
        }
    }

    /// Forgets the changes of a document that are answered, by their numbers.
    fn forget_changes(&mut self, of: (&str, &str), is_answered: impl Fn(u64) -> bool) {
        self.changes.retain(|change| {
            !matches!(change, ClientFrame::Change { topic, key, seq, .. } if (&**topic, &**key) == of && is_answered(*seq))
        });
    }

    async fn next_frame(&mut self) -> Result<ServerFrame, Outcome> {
        loop {
            if let Some(frame) = self.heard.pop_front() {
                match &frame {
                    ServerFrame::Ack { seq, .. } => self.clicks.retain(|(click, _)| click > seq),
                    ServerFrame::Refused { seq, .. } => {
                        self.clicks.retain(|(click, _)| click < seq);
                        self.asked = self.asked.min(seq.saturating_sub(1));
                    }
                    ServerFrame::Own {
                        topic,
                        key,
                        seq: answered,
                        ..
                    } => {
                        self.forget_changes((topic, key), |seq| seq <= *answered);
                    }
                    ServerFrame::RefusedChange {
                        topic,
                        key,
                        seq: refused,
                        ..
                    } => {
                        self.forget_changes((topic, key), |seq| seq == *refused);
                    }
                    _ => {}
                }
                return Ok(frame);
            }
            self.step = match &mut self.step {
                Step::Pausing(pause) => {
                    pause.await;
                    self.after_pause()
                }
                Step::Asking(answer) => {
                    let answer = answer.await.map_err(Outcome::Lost)?;
                    self.barrier = match self.failed_ms {
                        _ if answer.is_crowded => Barrier::TooMany,
                        Some(_) => Barrier::Blocked,
                        None => Barrier::Unknown,
                    };
                    self.heard = answer
                        .frames
                        .lines()
                        .filter_map(ServerFrame::decode)
                        .collect();
                    self.after_answer()
                }
                Step::Opening(socket) => match socket.await {
                    Some((socket, welcome)) => return Err(Outcome::Opened(socket, welcome)),
                    None => {
                        self.failed_ms = Some(page_ms());
                        self.ask()
                    }
                },
            };
        }
    }

    fn after_pause(&mut self) -> Step {
        let is_due = self
            .failed_ms
            .is_none_or(|failed_ms| page_ms() - failed_ms >= RETRY_MS);
        let can_wait = self.has_answered && !std::mem::take(&mut self.is_hurried);
        match connecting::live_url().zip(self.hello.clone()) {
            Some((url, hello)) if is_due && can_wait => Step::Opening(Box::pin(open(url, hello))),
            _ => self.ask(),
        }
    }

    fn after_answer(&mut self) -> Step {
        self.has_answered = true;
        let is_late = self
            .clicks
            .back()
            .is_some_and(|(newest, _)| *newest > self.asked);
        match is_late || self.is_hurried {
            true => self.ask(),
            // The first socket is tried at once.
            false => Step::Pausing(TimeoutFuture::new(self.failed_ms.map_or(0, |_| PAUSE_MS))),
        }
    }

    /// One request with all that is not answered yet.
    fn ask(&mut self) -> Step {
        self.is_hurried = false;
        let mut frames: Vec<_> = self.hello.iter().cloned().collect();
        for (seq, click) in self.clicks.iter().take(CLICKS_MAX) {
            self.asked = *seq;
            frames.push(click.clone());
        }
        frames.extend_from_slice(&self.changes);
        // Last: whether a page may watch something can take a server long to find out.
        frames.extend_from_slice(&self.watches);
        let lines = to_lines(&frames);
        Step::Asking(Box::pin(ask(lines)))
    }
}

/// Frames as a request carries them: one a line.
pub(super) fn to_lines(frames: &[ClientFrame]) -> String {
    let mut lines = String::new();
    for frame in frames {
        lines.push_str(&frame.encode());
        lines.push('\n');
    }
    lines
}

async fn ask(body: String) -> Result<Answer, u16> {
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(&body.into());
    let response = fetch("/live", &request).await.ok_or(ABNORMAL)?;
    if !response.ok() {
        return Err(if response.status() == 403 {
            FORBIDDEN
        } else {
            ABNORMAL
        });
    }
    let barrier = response.headers().get("live-socket").ok().flatten();
    let is_crowded = barrier.as_deref() == Some("too-many-connections");
    let frames = text_of(&response).await.ok_or(ABNORMAL)?;
    Ok(Answer { is_crowded, frames })
}

/// Opens a socket that is welcomed, if one can be.
async fn open(url: String, hello: ClientFrame) -> Option<(Socket, ServerFrame)> {
    let mut socket = Socket::connect(&url)?;
    let welcome = {
        let welcomed = std::pin::pin!(async {
            if !socket.opened().await {
                return None;
            }
            socket.send(&hello);
            socket.receive().await.ok()
        });
        match select(welcomed, TimeoutFuture::new(OPEN_MS)).await {
            Either::Left((welcome, _)) => welcome?,
            Either::Right(_) => return None,
        }
    };
    Some((socket, welcome))
}
