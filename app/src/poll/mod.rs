//! `/poll` and `/poll/{code}`: asking a question, and answering one.

mod new_poll;
mod one_poll;

use leptos::either::Either;
use leptos::prelude::*;
use live::Head;
use new_poll::NewPollPage;
use one_poll::OnePoll;
use protocol::{DocumentState, NewDocumentState, Poll};
use serde::{Deserialize, Serialize};

/// What the two are rendered from. Their code is one file: another one would make those of all pages larger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PollState {
    /// `/poll`.
    New(NewDocumentState<Poll>),
    /// `/poll/{code}`.
    One(DocumentState<Poll>),
}

/// The form that asks, or a poll.
#[component]
pub(crate) fn PollPage(state: PollState) -> impl IntoView {
    match state {
        PollState::New(state) => Either::Left(view! { <NewPollPage state /> }),
        PollState::One(state) => Either::Right(view! { <OnePoll state /> }),
    }
}

pub(crate) fn head(state: &PollState) -> Head {
    match state {
        PollState::New(_) => new_poll::head(),
        PollState::One(state) => one_poll::head(state),
    }
}
