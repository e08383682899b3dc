//! Whom a change is answered to.

use super::ChangeError;
use super::state::{Stored, Verdict, Waiting, json};
use crate::hub::{Answered, Message};
use protocol::live::{RawJson, ServerFrame};
use protocol::{Document, Problem, Seen};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::oneshot;

/// Whom a change is answered to.
pub(super) enum Reply<D: Document> {
    /// A call, which waits.
    Call(oneshot::Sender<Outcome<D>>),
    /// A session.
    Session(Arc<dyn Answered>),
}

/// What a call is answered.
pub(super) type Outcome<D> = Result<Seen<D, <D as Document>::Own>, ChangeError>;

/// Answers a batch that is decided and stored.
pub(super) fn answer<D: Document>(
    key: &str,
    stored: &Stored<D>,
    batch: Vec<Waiting<D>>,
    verdicts: Vec<Verdict>,
) {
    // Of each session: the newest number, and one of its changes.
    let mut sessions = HashMap::new();
    for (change, verdict) in batch.into_iter().zip(verdicts) {
        match change.reply {
            Reply::Call(call) => {
                let outcome = match verdict {
                    Verdict::Applied => stored.seen(change.person).ok_or(ChangeError::Unknown),
                    Verdict::Refused(problem) => Err(ChangeError::Refused(problem)),
                    Verdict::TooLarge(max_bytes) => Err(ChangeError::TooLarge { max_bytes }),
                    Verdict::Unknown => Err(ChangeError::Unknown),
                    Verdict::KeyReused => Err(ChangeError::KeyReused),
                };
                // Whoever has given up waiting knows that it may have been done.
                let _told = call.send(outcome);
            }
            Reply::Session(session) => {
                if let Some(problem) = refusal(verdict) {
                    refuse::<D>(&*session, key, change.seq, problem);
                } else {
                    sessions.insert(change.source, (change.seq, change.person, session));
                }
            }
        }
    }
    for (seq, person, session) in sessions.into_values() {
        let Some(own) = stored.owns.get(&person) else {
            continue;
        };
        if let Some(own) = own_frame::<D>(key, stored.rev, seq, RawJson::of(own)) {
            session.answer(own);
        }
    }
}

/// Tells a session that a change of its own is refused.
pub(super) fn refuse<D: Document>(session: &dyn Answered, key: &str, seq: u64, problem: Problem) {
    let frame = ServerFrame::RefusedChange {
        topic: D::NAME.into(),
        key: key.into(),
        seq,
        problem,
    };
    session.answer(Message::text(json(&frame).as_bytes()));
}

/// What a person sees alone, as a frame.
pub(super) fn own_frame<D: Document>(
    key: &str,
    rev: u64,
    seq: u64,
    own: Option<RawJson>,
) -> Option<Message> {
    let frame = ServerFrame::Own {
        topic: D::NAME.into(),
        key: key.into(),
        rev,
        seq,
        own: own?,
    };
    Some(Message::text(json(&frame).as_bytes()))
}

/// Why a verdict refuses, as a page is told.
fn refusal(verdict: Verdict) -> Option<Problem> {
    match verdict {
        Verdict::Applied => None,
        Verdict::Refused(problem) => Some(problem),
        Verdict::TooLarge(max_bytes) => Some(ChangeError::TooLarge { max_bytes }.into_problem()),
        Verdict::Unknown => Some(ChangeError::Unknown.into_problem()),
        Verdict::KeyReused => Some(ChangeError::KeyReused.into_problem()),
    }
}
