//! `/poll`: the form that asks, and the visitor's own polls.

use crate::components::{LinkList, TextField};
use leptos::prelude::*;
use live::ProblemNote;
use protocol::{OPTIONS_MAX, OPTIONS_MIN, PollState};

/// The form, with what was typed where it was refused, and the visitor's own polls.
#[component]
pub(crate) fn Ask(state: PollState) -> impl IntoView {
    let mut typed = state.new.options.into_iter();
    let options: Vec<_> = (0..OPTIONS_MAX).map(|at| (at, typed.next())).collect();
    let option = |(at, value)| {
        let is_required = at < OPTIONS_MIN;
        let note = if is_required { "" } else { " (optional)" };
        let label = format!("Option {}{note}", at + 1);
        view! { <TextField label id=format!("option-{at}") name="option" value is_required /> }
    };
    let polls = state.own.into_iter();
    let polls = polls.map(|poll| (format!("/poll/{}", poll.code), poll.question));
    let empty = match state.is_known {
        true => "None yet. Polls you create are listed here.",
        false => "Couldn’t load your polls. Reload this page in a minute.",
    };
    view! {
        <h1 class="poll-title">"Ask everyone"</h1>
        {state.problem.map(|problem| view! { <ProblemNote problem /> })}
        <div class="poll-cards">
            <form class="card" method="post" action="/poll" aria-labelledby="ask-title" data-testid="ask-form">
                <h2 class="card__title" id="ask-title">"Create a poll"</h2>
                <p class="card__words">"Anyone with its link can vote, from any region. Each browser has one vote."</p>
                <input type="hidden" name="key" value=state.form_key />
                <TextField label="Question" id="question" name="question" value=Some(state.new.question) is_required=true />
                <div class="poll-fields">{options.into_iter().map(option).collect_view()}</div>
                <button class="button" data-testid="ask">"Create poll"</button>
            </form>
            <LinkList title="Your polls" links=polls.collect() empty />
        </div>
    }
}
