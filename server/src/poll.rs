//! Polls: what cannot be derived of them.

use app::{Page, PollState};
use live::format::counted;
use protocol::{Ballot, Create, DocumentState, NewDocumentState, NewPoll, Poll, PollChange};
use web::documents::{CreateOffered, Offered};

/// Polls, with their pages and calls.
pub(crate) struct Polls;

impl Offered for Polls {
    type Document = Poll;
    type Page = Page;
    const NOUN: &'static str = "a poll";
    const ABOUT: &'static str = "A question, a few options, and one vote a person.";

    fn example_change() -> PollChange {
        PollChange::Vote(1)
    }

    fn example() -> Option<(Poll, Ballot)> {
        Poll::create(Self::example_new()).ok()
    }

    fn page(state: DocumentState<Poll>) -> Page {
        Page::Poll(Box::new(PollState::One(state)))
    }
}

impl CreateOffered for Polls {
    fn example_new() -> NewPoll {
        NewPoll {
            question: "When do we fly?".into(),
            options: ["At dawn", "At dusk"].map(String::from).into(),
        }
    }

    fn read_form(fields: Vec<(String, String)>) -> NewPoll {
        let mut new = NewPoll::default();
        for (name, value) in fields {
            match name.as_str() {
                "question" => new.question = value,
                "option" => new.options.push(value),
                _ => {}
            }
        }
        new
    }

    fn new_page(state: NewDocumentState<Poll>) -> Page {
        Page::Poll(Box::new(PollState::New(state)))
    }
}

/// How a poll stands, on its card.
pub(crate) fn votes(poll: &Poll) -> String {
    let votes = counted(poll.votes(), "vote", "votes");
    match poll.is_closed {
        true => format!("{votes} · closed"),
        false => format!("{votes} so far"),
    }
}
