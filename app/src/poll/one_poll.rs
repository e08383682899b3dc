//! `/poll/{code}`: one poll, live.

use crate::bound::{flag, text};
use crate::components::{
    Absence, Bar, ChangeButton, ChangeForm, News, ProblemNote, ServedByLine, ShareCard, share_bar,
};
use crate::format::{counted, percent, permille};
use crate::live::{Live, OpenDocument, use_document};
use leptos::prelude::*;
use protocol::{Ballot, OPTIONS_MAX, Poll, PollChange, PollCode, PollOption, PollState, Seen};

/// What everybody sees, and what only the visitor does.
type SeenPoll = Seen<Poll, Ballot>;

/// The poll, or what stands in for it: it may come late, and go.
#[component]
pub(crate) fn OnePoll(live: Live, code: PollCode, state: PollState) -> impl IntoView {
    let (was_there, is_known) = (state.poll.is_some(), state.is_known);
    let again = format!("/poll/{code}");
    let document = use_document::<Poll>(live, code, state.poll);
    let seen = Memo::new(move |_| document.shown.with(|shown| shown.seen.clone()));
    let is_there = Memo::new(move |_| seen.with(Option::is_some));
    let is_missing = Memo::new(move |_| {
        !is_there.get() && (is_known || document.shown.with(|shown| shown.is_missing))
    });
    let news = Memo::new(move |_| seen.with(|seen| seen.as_ref().map(news).unwrap_or_default()));
    let gone = if was_there {
        "This poll is gone"
    } else {
        "Poll not found"
    };
    view! {
        <div class="poll" hidden=flag(move || !is_there.get())>
            <h1 class="poll-title" dir="auto" translate="no" data-testid="poll-question">
                {text(move || read(seen, |seen| seen.value.question.clone()))}
            </h1>
            <p class="poll__words" translate="no" data-testid="poll-words">{text(move || read(seen, words))}</p>
            {state.problem.map(|problem| view! { <ProblemNote problem /> })}
            <div class="poll-cards">
                <Answers document seen />
                <ShareCard title="Share this poll" label="Link to this poll" link=state.link />
            </div>
            <ServedByLine live />
        </div>
        <div hidden=flag(move || !is_missing.get())>
            <Absence title=gone id="missing-title" testid="poll-missing">
                <p class="absence__words">"Check the link again. A poll is deleted when nobody has used it for a while."</p>
                <a class="button" href="/poll">"Create a poll"</a>
            </Absence>
        </div>
        <div hidden=flag(move || is_there.get() || is_missing.get())>
            <Absence title="This poll is unavailable" id="away-title" testid="poll-away">
                <p class="absence__words">
                    "The servers can’t load it right now. It is not lost. This page shows it as soon as it is available; without JavaScript, reload it in a minute."
                </p>
                <a class="button" data-kind="quiet" href=again data-testid="retry">"Try again"</a>
            </Absence>
        </div>
        <News words=news testid="poll-news" />
    }
}

/// The options with their votes, and what the visitor may do.
#[component]
fn Answers(document: OpenDocument<Poll>, seen: Memo<Option<SeenPoll>>) -> impl IntoView {
    let is = move |holds: fn(&SeenPoll) -> bool| {
        Memo::new(move |_| seen.with(|seen| seen.as_ref().is_some_and(holds)))
    };
    let is_closed = is(|seen| seen.value.is_closed);
    let can_withdraw = is(|seen| seen.own.vote.is_some() && !seen.value.is_closed);
    let can_close = is(|seen| seen.own.is_maker && !seen.value.is_closed);
    let count = move || seen.with(|seen| seen.as_ref().map_or(0, |seen| seen.value.options.len()));
    let option = move |at| view! { <Answer document seen at is_closed /> };
    view! {
        <section class="card poll__answers" aria-labelledby="answers-title" data-testid="poll" data-closed=flag(move || is_closed.get())>
            <h2 class="visually-hidden" id="answers-title">"Options"</h2>
            <ChangeForm document>
                <ul class="poll__options">
                    <For each=move || 0..count().min(OPTIONS_MAX) key=|at| *at children=option />
                </ul>
                <div hidden=flag(move || !can_withdraw.get())>
                    <ChangeButton document change=PollChange::Withdraw kind="quiet" testid="withdraw">"Withdraw your vote"</ChangeButton>
                </div>
            </ChangeForm>
            // A question that needs no script.
            <details class="leave" hidden=flag(move || !can_close.get())>
                <summary class="button" data-kind="leave" data-testid="close">"Close the poll…"</summary>
                <ChangeForm document>
                    <p class="card__words">"Nobody can vote after that. The result stays, and you can’t reopen the poll."</p>
                    <ChangeButton document change=PollChange::Close kind="leave" testid="close-now">"Close the poll"</ChangeButton>
                </ChangeForm>
            </details>
        </section>
    }
}

/// One option: a button to vote for it, its share and its votes.
#[component]
fn Answer(
    document: OpenDocument<Poll>,
    seen: Memo<Option<SeenPoll>>,
    /// Which option, counted from 0.
    at: usize,
    is_closed: Memo<bool>,
) -> impl IntoView {
    // There are few.
    let vote = at as u8;
    let is_own = Memo::new(move |_| {
        seen.with(|seen| {
            seen.as_ref()
                .is_some_and(|seen| seen.own.vote == Some(vote))
        })
    });
    let answer =
        move |seen: &SeenPoll| seen.value.options.get(at).map(|answer| answer.text.clone());
    let share = Memo::new(move |_| {
        seen.with(|seen| seen.as_ref().map_or(0, |seen| share(&seen.value, at)))
    });
    let votes = move |seen: &SeenPoll| {
        let votes = seen.value.options.get(at).map_or(0, |answer| answer.votes);
        counted(votes, "vote", "votes")
    };
    view! {
        <li class="poll-option" data-testid="poll-option">
            <ChangeButton document change=PollChange::Vote(vote) kind="choice" testid="vote" is_chosen=is_own is_over=is_closed>
                <span dir="auto" translate="no">{text(move || read(seen, |seen| answer(seen).unwrap_or_default()))}</span>
            </ChangeButton>
            {share_bar(move || Bar::share(share.get()))}
            <span class="poll-option__votes" translate="no" data-testid="votes">{text(move || read(seen, votes))}</span>
        </li>
    }
}

/// Something of the poll in words; empty while it is not there.
fn read(seen: Memo<Option<SeenPoll>>, read: impl FnOnce(&SeenPoll) -> String) -> String {
    seen.with(|seen| seen.as_ref().map(read).unwrap_or_default())
}

fn total(poll: &Poll) -> i64 {
    poll.options
        .iter()
        .map(|option| i64::from(option.votes))
        .sum()
}

/// An option's share of all votes, in thousandths.
fn share(poll: &Poll, at: usize) -> u16 {
    let votes = poll.options.get(at).map_or(0, |option| option.votes);
    permille(votes.into(), total(poll))
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
    let poll = &seen.value;
    let most = poll
        .options
        .iter()
        .map(|option| option.votes)
        .max()
        .unwrap_or_default();
    let mut leaders = poll
        .options
        .iter()
        .enumerate()
        .filter(|(_, option)| option.votes == most);
    let stands = match (leaders.next(), leaders.next()) {
        _ if most == 0 => String::new(),
        (Some((at, PollOption { text, .. })), None) => {
            format!(" {text} leads with {}.", percent(share(poll, at)))
        }
        _ => " It is a tie.".into(),
    };
    let votes = counted(total(poll), "vote", "votes");
    let closed = if poll.is_closed {
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
        assert_eq!(share(&seen.value, 1), 999);

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
