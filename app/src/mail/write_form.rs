//! Writing to an address that is typed.

use super::{AddressField, OpenMailbox};
use crate::components::ProblemNote;
use crate::conversation::MessageField;
use leptos::prelude::*;
use protocol::MailAttempt;

/// The kinds of problems for which the address field is marked.
const OF_THE_ADDRESS: [&str; 3] = ["bad-address", "unknown-place", "reserved-address"];

/// A form of the server, with or without JavaScript: what it answers is the conversation.
#[component]
pub(crate) fn WriteForm(
    /// The mailbox.
    mailbox: OpenMailbox,
    /// The initial recipient; may be empty.
    to: String,
    /// A form that failed.
    attempt: Option<MailAttempt>,
) -> impl IntoView {
    let (typed, draft) = match &attempt {
        Some(attempt) => (attempt.typed.clone(), attempt.draft.clone()),
        None => (to, String::new()),
    };
    let is_wrong = attempt
        .as_ref()
        .is_some_and(|attempt| OF_THE_ADDRESS.contains(&attempt.problem.kind.as_str()));
    let length = RwSignal::new(draft.len());
    let from = mailbox.address().to_string();
    view! {
        <form class="card" id="write" method="post" action="/mail/send" aria-labelledby="write-title" data-testid="write-form">
            <h2 class="card__title" id="write-title">"Write a letter"</h2>
            {attempt.map(|attempt| view! { <ProblemNote problem=attempt.problem /> })}
            <input type="hidden" name="from" value=from />
            <AddressField mailbox typed is_wrong />
            <MessageField id="write-message" label="Letter" draft rows="4" length />
            <button class="button" data-testid="write-send">"Send letter"</button>
        </form>
    }
}
