//! `/poll` and `/poll/{code}`: what both have in common.

use super::{Ask, OnePoll};
use crate::components::{Frame, Section};
use leptos::either::Either;
use leptos::prelude::*;
use live::{Head, NOT_INDEXED, provide_live};
use protocol::PollState;

/// The form that asks, or the poll.
#[component]
pub(crate) fn PollPage(state: PollState) -> impl IntoView {
    let live = provide_live(state.page.clone());
    let (section, skip) = match state.code {
        Some(_) => (Section::Poll, "Skip to poll"),
        None => (Section::Polls, "Skip to polls"),
    };
    let main = match state.code.clone() {
        Some(code) => Either::Left(view! { <OnePoll live code state /> }),
        None => Either::Right(view! { <Ask state /> }),
    };
    view! {
        <Frame live section skip=("#poll", skip)>
            <main class="page" id="poll">{main}</main>
        </Frame>
    }
}

pub(crate) fn head(state: &PollState) -> Head {
    let name = match (&state.poll, &state.code) {
        (Some(poll), _) => &*poll.value.question,
        (None, None) => "Polls",
        (None, Some(_)) if state.is_known => "Poll not found",
        (None, Some(_)) => "Poll unavailable",
    };
    Head {
        title: format!("{name} · Murmuration"),
        description:
            "Ask a question, share the link, and watch the votes come in from every region.".into(),
        robots: state.code.as_ref().and(NOT_INDEXED),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::samples::page;
    use protocol::{Create, NewPoll, Poll, PollCode, Problem, Seen};

    fn state() -> PollState {
        PollState {
            page: page(),
            code: None,
            poll: None,
            is_known: true,
            own: Vec::new(),
            new: NewPoll::default(),
            form_key: "5eed".into(),
            link: "https://fra.murmuration.example/poll/k7m2q9xwtb".into(),
            problem: None,
        }
    }

    fn one(votes: Option<u8>) -> PollState {
        let new = NewPoll {
            question: "Dawn <or> dusk?".into(),
            options: vec!["Dawn".into(), "Dusk".into()],
        };
        let poll = Poll::create(new).map(|(value, mut own)| {
            own.vote = votes;
            Seen { rev: 1, value, own }
        });
        PollState {
            code: PollCode::parse("k7m2q9xwtb").ok(),
            poll: poll.ok(),
            ..state()
        }
    }

    fn html(state: PollState) -> String {
        Owner::new().with(|| view! { <PollPage state /> }.to_html())
    }

    #[test]
    fn a_poll_is_a_form_without_javascript() {
        let html = html(one(Some(1)));

        assert!(html.contains(r#"action="/poll/k7m2q9xwtb/changes""#));
        for change in [
            "{&quot;vote&quot;:0}",
            "&quot;withdraw&quot;",
            "&quot;close&quot;",
        ] {
            assert!(
                html.contains(&format!(r#"value="{change}""#)),
                "{change}: {html}"
            );
        }
        assert_eq!(html.matches(r#"aria-pressed="true""#).count(), 1);
        assert!(html.contains("Dawn &lt;or&gt; dusk?"));
        assert_eq!(head(&one(None)).title, "Dawn <or> dusk? · Murmuration");
        assert_eq!(head(&one(None)).robots, NOT_INDEXED);
    }

    #[test]
    fn the_form_keeps_what_was_typed() {
        let mut state = state();
        state.new.question = "When?".into();
        state.new.options = vec!["Now".into()];
        state.problem = Some(Problem::new(422, "bad-poll", "Check your poll"));

        let html = html(state);

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

    #[test]
    fn a_poll_that_is_not_there_is_missing_or_away() {
        let title = |is_known| {
            let state = PollState {
                poll: None,
                is_known,
                ..one(None)
            };
            let html = html(state);
            let hidden = |id: &str| {
                let before = html.split(id).next().unwrap_or_default();
                before.rfind("hidden") > before.rfind("<div>")
            };
            (hidden("missing-title"), hidden("away-title"))
        };

        assert_eq!(title(true), (false, true));
        assert_eq!(title(false), (true, false));
    }
}
