//! Mail that cannot be loaded.

use crate::components::ProblemNote;
use crate::conversation::MessageField;
use leptos::prelude::*;
use protocol::{MailAddress, MailAttempt, MailForm};

/// Says that mail cannot be loaded, and keeps what was typed.
#[component]
pub(crate) fn MailAway(
    /// Whom the visitor came to write to.
    with: Option<MailAddress>,
    attempt: Option<MailAttempt>,
) -> impl IntoView {
    let again = with.map_or_else(|| "/mail".to_owned(), |with| format!("/mail/{with}"));
    view! {
        <section class="party-end" aria-labelledby="away-title" data-testid="mail-away">
            <h1 class="party-end__title" id="away-title">"Your mail is unavailable"</h1>
            <p class="party-end__words">
                "The servers can't load your mail right now. It is not lost. Reload this page in a minute."
            </p>
            {attempt.map(|attempt| view! { <Kept attempt /> })}
            <a class="button" data-kind="quiet" href=again data-testid="retry">"Try again"</a>
        </section>
    }
}

/// What was typed, to be sent again.
#[component]
fn Kept(attempt: MailAttempt) -> impl IntoView {
    let MailAttempt {
        form,
        typed,
        draft,
        problem,
    } = attempt;
    let length = RwSignal::new(draft.len());
    let is_letter = form != MailForm::Name;
    view! {
        <ProblemNote problem />
        {is_letter.then(|| view! {
            <form class="card" method="post" action="/mail/send" data-testid="kept-form">
                <div class="field">
                    <label class="field__label" for="write-to">"To"</label>
                    <input class="field__input" id="write-to" name="to" value=typed required data-kind="address" data-testid="write-to" />
                </div>
                <MessageField id="write-message" label="Letter" draft rows="4" length />
                <button class="button">"Send again"</button>
            </form>
        })}
    }
}
