//! STUB of the poll's page.

use crate::head::Head;
use leptos::prelude::*;
use protocol::PollState;

pub(crate) fn head(_: &PollState) -> Head {
    Head::default()
}

/// The page.
#[component]
pub(crate) fn PollPage(
    /// What the server rendered it from.
    state: PollState,
) -> impl IntoView {
    let question = state.poll.map(|poll| poll.value.question);
    let problem = state.problem.map(|problem| problem.words());
    view! { <p>{question}</p><p>{problem}</p> }
}
