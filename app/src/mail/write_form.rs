//! Writing to an address that is typed.

use super::{AddressCheck, OpenMailbox};
use crate::conversation::MessageField;
use leptos::prelude::*;
use live::browser::load_when;
use live::{Absence, Live, ProblemNote};
use protocol::{MailAddress, MailAttempt};

/// The kinds of problems for which the address field is marked.
const OF_THE_ADDRESS: [&str; 3] = ["bad-address", "unknown-place", "reserved-address"];

/// A form of the server, with or without JavaScript: what it answers is the conversation.
#[component]
pub(crate) fn WriteForm(
    mailbox: OpenMailbox,
    /// The initial recipient; may be empty.
    to: String,
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

/// An address, checked as one types.
#[component]
fn AddressField(
    mailbox: OpenMailbox,
    /// The initial text.
    typed: String,
    /// Whether it was refused.
    is_wrong: bool,
) -> impl IntoView {
    let value = RwSignal::new(typed.clone());
    let check = Memo::new(move |_| {
        value.with(|value| {
            mailbox
                .places
                .with_value(|places| AddressCheck::of(value, places))
        })
    });
    let is_touched = RwSignal::new(is_wrong);
    // What the server refused stays wrong, whatever the check says.
    let refused = StoredValue::new(is_wrong.then(|| typed.clone()));
    let shows_wrong = move || {
        let is_refused =
            value.with(|value| refused.with_value(|refused| refused.as_ref() == Some(value)));
        is_refused || (is_touched.get() && check.with(AddressCheck::is_wrong))
    };
    view! {
        <div class="field">
            <label class="field__label" for="write-to">"To"</label>
            <input
                class="field__input"
                id="write-to"
                name="to"
                value=typed
                required
                maxlength="512"
                data-kind="address"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                placeholder="e.g. fra-finch"
                aria-invalid=move || shows_wrong().then_some("true")
                aria-describedby=if is_wrong { "form-problem write-to-check" } else { "write-to-check" }
                data-testid="write-to"
                on:input=move |input| value.set(event_target_value(&input))
                on:blur=move |_| is_touched.set(true)
            />
            <p
                class="field__note"
                id="write-to-check"
                role="status"
                data-state=move || check.with(AddressCheck::name)
                data-testid="write-to-check"
            >
                {move || check.with(AddressCheck::words)}
            </p>
        </div>
    }
}

/// Says that mail cannot be loaded, and keeps a letter that was written; without one the page loads itself anew.
#[component]
pub(crate) fn MailAway(
    live: Live,
    /// Whom the visitor came to write to.
    with: Option<MailAddress>,
    attempt: Option<MailAttempt>,
) -> impl IntoView {
    let words = match attempt.is_some() {
        true => "Send your letter again in a minute.",
        false => {
            "This page shows it as soon as it is available; without JavaScript, reload it in a minute."
        }
    };
    if attempt.is_none() {
        let connection = live.connection();
        load_when(Memo::new(move |_| connection.get().is_live()), || {
            // If the browser forbids it, there is still the link.
            let _reloaded = window().location().reload();
        });
    }
    let again = with.map_or_else(|| "/mail".to_owned(), |with| format!("/mail/{with}"));
    view! {
        <Absence title="Your mail is unavailable" id="away-title" testid="mail-away">
            <p class="absence__words">
                "The servers can't load your mail right now. It is not lost. " {words}
            </p>
            {attempt.map(|attempt| view! { <Kept attempt /> })}
            <a class="button" data-kind="quiet" href=again data-testid="retry">"Try again"</a>
        </Absence>
    }
}

/// The letter that was written, to be sent again.
#[component]
fn Kept(attempt: MailAttempt) -> impl IntoView {
    let MailAttempt {
        typed,
        draft,
        problem,
        ..
    } = attempt;
    let length = RwSignal::new(draft.len());
    view! {
        <ProblemNote problem />
        <form class="card" method="post" action="/mail/send" data-testid="kept-form">
            <div class="field">
                <label class="field__label" for="write-to">"To"</label>
                <input class="field__input" id="write-to" name="to" value=typed required data-kind="address" data-testid="write-to" />
            </div>
            <MessageField id="write-message" label="Letter" draft rows="4" length />
            <button class="button">"Send again"</button>
        </form>
    }
}
