//! `/poll/{code}`: one poll, live.

use crate::components::{Bar, ServedByLine, ShareCard, share_bar};
use leptos::prelude::*;
use live::bound::{flag, text};
use live::format::{counted, percent, permille};
use live::{
    ChangeButton, ChangeForm, DocumentView, Live, News, OpenDocument, ProblemNote, use_document,
};
use protocol::{Ballot, OPTIONS_MAX, Poll, PollChange, PollCode, PollOption, PollState, Seen};

/// What everybody sees, and what only the visitor does.
type SeenPoll = Seen<Poll, Ballot>;

/// The poll, once it is known, and as long as it is there.
#[component]
pub(crate) fn OnePoll(live: Live, code: PollCode, state: PollState) -> impl IntoView {
    let poll = use_document::<Poll>(live, code, state.poll);
    view! {
        <DocumentView document=poll noun="poll" is_known=state.is_known>
            <h1 class="poll-title" dir="auto" translate="no" data-testid="poll-question">
                {text(move || poll.read(|seen| seen.value.question.clone()))}
            </h1>
            <p class="poll__words" translate="no" data-testid="poll-words">{text(move || poll.read(words))}</p>
            <ServedByLine live />
            {state.problem.map(|problem| view! { <ProblemNote problem /> })}
            <div class="poll-cards">
                <Answers poll />
                <ShareCard title="Share this poll" label="Link to this poll" link=state.link />
            </div>
        </DocumentView>
        <News words=Memo::new(move |_| poll.read(news)) testid="poll-news" />
    }
}

/// The options with their votes, and what the visitor may do.
#[component]
fn Answers(poll: OpenDocument<Poll>) -> impl IntoView {
    let count = move || poll.read(|seen| seen.value.options.len().min(OPTIONS_MAX));
    let can_withdraw = move || poll.read(|seen| seen.own.vote.is_some() && !seen.value.is_closed);
    let can_close = move || poll.read(|seen| seen.own.is_maker && !seen.value.is_closed);
    view! {
        <section class="card poll__answers" aria-labelledby="answers-title">
            <h2 class="visually-hidden" id="answers-title" tabindex="-1">"Options"</h2>
            <ChangeForm document=poll>
                <ul class="poll__options">
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
    let is_closed = Memo::new(move |_| poll.read(|seen| seen.value.is_closed));
    let votes =
        move || poll.read(|seen| seen.value.options.get(at).map_or(0, |option| option.votes));
    let words =
        move || poll.read(|seen| seen.value.options.get(at).map(|option| option.text.clone()));
    let share = move || poll.read(|seen| permille(votes().into(), total(&seen.value)));
    view! {
        <li class="poll-option">
            <ChangeButton document=poll change=PollChange::Vote(vote) kind="choice" testid="vote" is_chosen=is_own is_over=is_closed>
                <span dir="auto" translate="no">{text(move || words().unwrap_or_default())}</span>
            </ChangeButton>
            {share_bar(move || Bar::share(share()))}
            <span class="poll-option__votes" translate="no" data-testid="votes">{text(move || counted(votes(), "vote", "votes"))}</span>
        </li>
    }
}

fn total(poll: &Poll) -> i64 {
    poll.options
        .iter()
        .map(|option| i64::from(option.votes))
        .sum()
}

/// How many have voted, and whether others still can.
fn words(seen: &SeenPoll) -> String {
    let votes = counted(total(&seen.value), "vote", "votes");
    match seen.value.is_closed {
        true => format!("{votes} · closed"),
        false => votes,
    }
}

/// How the poll stands, as a screen reader is told.
fn news(seen: &SeenPoll) -> String {
    let Poll {
        options, is_closed, ..
    } = &seen.value;
    let total = total(&seen.value);
    let most = options.iter().map(|option| option.votes).max();
    let mut leaders = options.iter().filter(|option| Some(option.votes) == most);
    let stands = match (leaders.next(), leaders.next()) {
        _ if total == 0 => String::new(),
        (Some(PollOption { text, votes }), None) => {
            format!(
                " {text} leads with {}.",
                percent(permille((*votes).into(), total))
            )
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

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Create;

    fn seen(votes: [u32; 3]) -> SeenPoll {
        let new = protocol::NewPoll {
            question: "When do we fly?".into(),
            options: ["Dawn", "Noon", "Dusk"].map(String::from).to_vec(),
        };
        let (mut value, own) = Poll::create(new).unwrap();
        for (option, votes) in value.options.iter_mut().zip(votes) {
            option.votes = votes;
        }
        Seen { rev: 1, value, own }
    }

    #[test]
    fn the_words_follow_the_votes() {
        let mut seen = seen([1, 1_200, 0]);
        assert_eq!(words(&seen), "1,201 votes");

        seen.value.is_closed = true;
        assert_eq!(words(&seen), "1,201 votes · closed");
    }

    #[test]
    fn the_news_names_who_leads() {
        let of = |votes| news(&seen(votes));
        assert_eq!(of([0, 0, 0]), "0 votes.");
        assert_eq!(of([0, 3, 1]), "4 votes. Noon leads with 75.0%.");
        assert_eq!(of([2, 0, 2]), "4 votes. It is a tie.");

        let mut closed = seen([1, 0, 0]);
        closed.value.is_closed = true;
        assert_eq!(
            news(&closed),
            "The poll is closed. 1 vote. Dawn leads with 100.0%."
        );
    }
}
