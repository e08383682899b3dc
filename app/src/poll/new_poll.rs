//! `/poll`: the form that asks, and the visitor's own polls.

use crate::components::{Frame, LinkList, Section, TextField};
use leptos::prelude::*;
use live::{Head, ProblemNote, provide_live};
use protocol::{Document, NewDocumentState, OPTIONS_MAX, OPTIONS_MIN, Poll};

pub(super) fn head() -> Head {
    Head {
        title: "Polls · Murmuration".into(),
        description:
            "Ask a question, share the link, and watch the votes come in from every region.".into(),
        robots: None,
    }
}

/// The form, with what was typed where it was refused, and the visitor's own polls.
#[component]
pub(super) fn NewPollPage(state: NewDocumentState<Poll>) -> impl IntoView {
    let live = provide_live(state.page);
    let mut typed = state.new.options.into_iter();
    let options: Vec<_> = (0..OPTIONS_MAX).map(|at| (at, typed.next())).collect();
    let option = |(at, value)| {
        let is_required = at < OPTIONS_MIN;
        let note = if is_required { "" } else { " (optional)" };
        let label = format!("Option {}{note}", at + 1);
        view! { <TextField label id=format!("option-{at}") name="option" value is_required /> }
    };
    let polls = state.own.into_iter();
    let polls = polls.map(|poll| (Poll::path(&poll.key), poll.title));
    let empty = match state.is_known {
        true => "None yet. Polls you create are listed here.",
        false => "Couldn’t load your polls. Reload this page in a minute.",
    };
    view! {
        <Frame live section=Section::Polls skip=("#polls", "Skip to polls")>
            <main class="page" id="polls">
                <h1 class="document-title">"Ask everyone"</h1>
                {state.problem.map(|problem| view! { <ProblemNote problem /> })}
                <div class="document-cards">
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
            </main>
        </Frame>
    }
}

#[cfg(feature = "ssr")]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::page;
    use protocol::{NewPoll, Problem};

    #[test]
    fn the_form_keeps_what_was_typed() {
        let state = NewDocumentState {
            page: page(),
            new: NewPoll {
                question: "When?".into(),
                options: vec!["Now".into()],
            },
            form_key: "5eed".into(),
            own: Vec::new(),
            is_known: true,
            problem: Some(Problem::new(422, "bad-poll", "Check your poll")),
        };

        let html = Owner::new().with(|| view! { <NewPollPage state /> }.to_html());

        for text in [
            r#"value="5eed""#,
            r#"value="When?""#,
            r#"value="Now""#,
            "Check your poll",
        ] {
            assert!(html.contains(text), "{text}: {html}");
        }
        assert_eq!(html.matches(r#"name="option""#).count(), 6);
    }
}
