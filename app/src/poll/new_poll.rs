//! `/poll`: the form that asks, and the visitor's own polls.

use crate::card::world_card;
use crate::components::{NewDocumentPage, Section, TextField};
use leptos::prelude::*;
use live::Head;
use protocol::{NewDocumentState, NewPoll, OPTIONS_MAX, OPTIONS_MIN, Poll};

pub(super) fn head() -> Head {
    Head {
        title: "Polls · Murmuration".into(),
        description:
            "Ask a question, share the link, and watch the votes come in from every region.".into(),
        path: "/poll".into(),
        card: world_card(),
        ..Head::default()
    }
}

/// The form, with what was typed where it was refused, and the visitor's own polls.
#[component]
pub(super) fn NewPollPage(state: NewDocumentState<Poll>) -> impl IntoView {
    let words = "Anyone with its link can vote, from any region. Each browser has one vote.";
    view! { <NewDocumentPage state section=Section::Polls title="Ask everyone" noun="poll" words fields /> }
}

fn fields(new: NewPoll) -> impl IntoView {
    let mut typed = new.options.into_iter();
    let options: Vec<_> = (0..OPTIONS_MAX).map(|at| (at, typed.next())).collect();
    let option = |(at, value)| {
        let is_required = at < OPTIONS_MIN;
        let note = if is_required { "" } else { " (optional)" };
        let label = format!("Option {}{note}", at + 1);
        view! { <TextField label id=format!("option-{at}") name="option" value is_required /> }
    };
    view! {
        <TextField label="Question" id="question" name="question" value=Some(new.question) is_required=true />
        <div class="poll-fields">{options.into_iter().map(option).collect_view()}</div>
    }
}

#[cfg(feature = "ssr")]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::page;
    use protocol::Problem;

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
