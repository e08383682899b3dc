//! `/poll/{code}`: one poll, live.

use crate::components::{Bar, DocumentPage, Section, document_head, share_bar};
use leptos::prelude::*;
use live::bound::{flag, text};
use live::format::{counted, percent, permille};
use live::{ChangeButton, ChangeForm, Head, OpenDocument};
use protocol::{Ballot, DocumentState, OPTIONS_MAX, Poll, PollChange, PollOption, Seen};

pub(super) fn head(state: &DocumentState<Poll>) -> Head {
    document_head(
        state,
        "Poll",
        "Vote, and watch the votes come in from every region.",
    )
}

/// A poll, once it is known, and as long as it is there.
#[component]
pub(super) fn OnePoll(state: DocumentState<Poll>) -> impl IntoView {
    let answers = |poll| view! { <Answers poll /> };
    view! { <DocumentPage state section=Section::Poll noun="poll" create=("/poll", "Create a poll") summary main=answers /> }
}

/// The options with their votes, and what the visitor may do.
#[component]
fn Answers(poll: OpenDocument<Poll>) -> impl IntoView {
    let count = move || poll.read(|seen| seen.value.options.len().min(OPTIONS_MAX));
    let can_withdraw = move || poll.read(|seen| seen.own.vote.is_some() && !seen.value.is_closed);
    let can_close = move || poll.allows(&PollChange::Close);
    view! {
        <section class="card poll-answers" aria-labelledby="answers-title">
            <h2 class="visually-hidden" id="answers-title" tabindex="-1">"Options"</h2>
            <ChangeForm document=poll>
                <ul class="poll-options">
                    <For each=move || 0..count() key=|at| *at children=move |at| view! { <Answer poll at /> } />
                </ul>
                <div hidden=flag(move || !can_withdraw())>
                    <ChangeButton document=poll change=PollChange::Withdraw kind="quiet" testid="withdraw" then_focus="answers-title">"Withdraw your vote"</ChangeButton>
                </div>
            </ChangeForm>
            // A question that needs no script.
            <details class="leave" hidden=flag(move || !can_close())>
                <summary class="button" data-kind="leave" data-testid="close">"Close the poll…"</summary>
                <ChangeForm document=poll>
                    <p class="card__words">"Nobody can vote after that. The result stays, and you can’t reopen the poll."</p>
                    <ChangeButton document=poll change=PollChange::Close kind="leave" testid="close-now" then_focus="answers-title">"Close the poll"</ChangeButton>
                </ChangeForm>
            </details>
        </section>
    }
}

/// One option: a button to vote for it, its share and its votes.
#[component]
fn Answer(
    poll: OpenDocument<Poll>,
    /// Which option, counted from 0: there are few.
    at: usize,
) -> impl IntoView {
    let vote = at as u8;
    let is_own = Memo::new(move |_| poll.read(|seen| seen.own.vote == Some(vote)));
    let answer = Memo::new(move |_| {
        poll.read(|Seen { value, .. }| {
            let PollOption { text, votes } = value.options.get(at)?;
            let share = permille((*votes).into(), value.votes());
            Some((text.clone(), share, counted(*votes, "vote", "votes")))
        })
    });
    view! {
        <li class="poll-option">
            <ChangeButton document=poll change=PollChange::Vote(vote) kind="choice" testid="vote" is_chosen=is_own>
                <span dir="auto" translate="no">{text(move || answer.get().map(|(words, ..)| words).unwrap_or_default())}</span>
            </ChangeButton>
            {share_bar(move || Bar::share(answer.get().map_or(0, |(_, share, _)| share)))}
            <span class="poll-option__votes" translate="no" data-testid="votes">{text(move || answer.get().map(|(.., votes)| votes).unwrap_or_default())}</span>
        </li>
    }
}

/// How the poll stands.
fn summary(seen: &Seen<Poll, Ballot>) -> String {
    let Poll {
        options, is_closed, ..
    } = &seen.value;
    let total = seen.value.votes();
    let most = options.iter().map(|option| option.votes).max();
    let mut leaders = options.iter().filter(|option| Some(option.votes) == most);
    let stands = match (leaders.next(), leaders.next()) {
        _ if total == 0 => String::new(),
        (Some(PollOption { text, votes }), None) => {
            let does = if *is_closed { "won" } else { "leads" };
            let share = percent(permille((*votes).into(), total));
            format!(" {text} {does} with {share}.")
        }
        _ => " It is a tie.".into(),
    };
    let votes = counted(total, "vote", "votes");
    let closed = if *is_closed {
        "The poll is closed. "
    } else {
        ""
    };
    format!("{closed}{votes}.{stands}")
}

#[cfg(feature = "ssr")]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::page;
    use live::NOT_INDEXED;
    use protocol::{Create, DocumentCode, NewPoll};

    fn state(votes: [u32; 3]) -> DocumentState<Poll> {
        let new = NewPoll {
            question: "Dawn <or> dusk?".into(),
            options: ["Dawn", "Noon", "Dusk"].map(String::from).to_vec(),
        };
        let (mut value, own) = Poll::create(new).unwrap();
        for (option, votes) in value.options.iter_mut().zip(votes) {
            option.votes = votes;
        }
        DocumentState {
            page: page(),
            key: DocumentCode::parse("k7m2q9xwtb").unwrap(),
            seen: Some(Seen { rev: 1, value, own }),
            is_known: true,
            link: "https://fra.murmuration.example/poll/k7m2q9xwtb".into(),
            problem: None,
        }
    }

    fn html(state: DocumentState<Poll>) -> String {
        Owner::new().with(|| view! { <OnePoll state /> }.to_html())
    }

    #[test]
    fn a_poll_is_a_form_without_javascript() {
        let mut state = state([0, 1, 0]);
        state.seen.as_mut().unwrap().own.vote = Some(1);
        assert_eq!(head(&state).title, "Dawn <or> dusk? · Murmuration");
        assert_eq!(head(&state).robots, NOT_INDEXED);

        let html = html(state);

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
        assert!(!html.contains("aria-disabled"));
        assert!(html.contains("Dawn &lt;or&gt; dusk?"));
    }

    #[test]
    fn a_closed_poll_takes_no_votes() {
        let mut state = state([0, 1, 0]);
        state.seen.as_mut().unwrap().value.is_closed = true;

        assert!(html(state).matches(r#"aria-disabled="true""#).count() >= 3);
    }

    #[test]
    fn a_poll_that_is_not_there_is_missing_or_away() {
        let title = |is_known| {
            let state = DocumentState {
                seen: None,
                is_known,
                ..state([0; 3])
            };
            let name = head(&state).title;
            let html = html(state);
            let hidden = |id: &str| {
                let before = html.split(id).next().unwrap_or_default();
                before.rfind("hidden") > before.rfind("<div>")
            };
            (name, hidden("missing-title"), hidden("away-title"))
        };

        let missing = "Poll not found · Murmuration".to_owned();
        assert_eq!(title(true), (missing, false, true));
        let away = "Poll unavailable · Murmuration".to_owned();
        assert_eq!(title(false), (away, true, false));
    }

    #[test]
    fn the_summary_names_who_leads() {
        let of = |votes| summary(&state(votes).seen.unwrap());
        assert_eq!(of([0, 0, 0]), "0 votes.");
        assert_eq!(of([0, 3, 1]), "4 votes. Noon leads with 75.0%.");
        assert_eq!(of([2, 0, 2]), "4 votes. It is a tie.");

        let mut closed = state([1, 0, 0]).seen.unwrap();
        closed.value.is_closed = true;
        assert_eq!(
            summary(&closed),
            "The poll is closed. 1 vote. Dawn won with 100.0%."
        );
    }
}
