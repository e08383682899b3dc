//! `/poll`: the form that asks, and the visitor's own polls.

use crate::components::ProblemNote;
use leptos::prelude::*;
use protocol::{OPTION_MAX_CHARS, OPTIONS_MAX, OPTIONS_MIN, PollState, QUESTION_MAX_CHARS};

/// The form, with what was typed where it was refused, and the visitor's own polls.
#[component]
pub(crate) fn Ask(state: PollState) -> impl IntoView {
    let PollState {
        new,
        problem,
        form_key,
        ..
    } = state;
    let option = move |at: usize| {
        let (id, value) = (format!("option-{at}"), new.options.get(at).cloned());
        let is_required = at < OPTIONS_MIN;
        view! {
            <div class="field">
                <label class="field__label" for=id.clone()>
                    {format!("Option {}{}", at + 1, if is_required { "" } else { " (optional)" })}
                </label>
                <input class="field__input" id=id name="option" value=value required=is_required maxlength=OPTION_MAX_CHARS.to_string() autocomplete="off" data-testid="option" />
            </div>
        }
    };
    view! {
        <h1 class="poll-title">"Ask everyone"</h1>
        {problem.map(|problem| view! { <ProblemNote problem /> })}
        <div class="poll-cards">
            <form class="card" method="post" action="/poll" aria-labelledby="ask-title" data-testid="ask-form">
                <h2 class="card__title" id="ask-title">"Create a poll"</h2>
                <p class="card__words">"Share its link: anyone who has it can vote, once per person, from any region."</p>
                <input type="hidden" name="key" value=form_key />
                <div class="field">
                    <label class="field__label" for="question">"Question"</label>
                    <input class="field__input" id="question" name="question" value=new.question required maxlength=QUESTION_MAX_CHARS.to_string() autocomplete="off" data-testid="question" />
                </div>
                <div class="poll-fields">{(0..OPTIONS_MAX).map(option).collect_view()}</div>
                <button class="button" data-testid="ask">"Create the poll"</button>
            </form>
            <OwnPolls polls=state.own is_known=state.is_known />
        </div>
    }
}

/// The polls that the visitor has made.
#[component]
fn OwnPolls(
    /// The polls, newest first.
    polls: Vec<protocol::PollLink>,
    /// Whether they could be loaded.
    is_known: bool,
) -> impl IntoView {
    let empty = match (is_known, polls.is_empty()) {
        (false, _) => Some("Couldn’t load your polls. Reload this page in a minute."),
        (true, true) => Some("None yet. Polls you create are listed here."),
        (true, false) => None,
    };
    let item = |poll: protocol::PollLink| {
        view! {
            <li class="poll-link" data-testid="own-poll">
                <a href=format!("/poll/{}", poll.code) dir="auto">{poll.question}</a>
            </li>
        }
    };
    view! {
        <section class="list-card" aria-labelledby="own-title" data-testid="own-polls">
            <h2 class="card__title" id="own-title">"Your polls"</h2>
            <ul class="list-card__list">{polls.into_iter().map(item).collect_view()}</ul>
            {empty.map(|empty| view! { <p class="list-card__empty">{empty}</p> })}
        </section>
    }
}
