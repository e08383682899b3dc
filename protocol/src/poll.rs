//! Polls: a question with a few options, and one vote a person.

use crate::invisible::shows_nothing;
use crate::one_line::one_line;
use crate::{Create, Document, DocumentCode, Problem};
use serde::{Deserialize, Serialize};

/// The most characters of a question.
const QUESTION_MAX_CHARS: usize = 200;
/// The most characters of an option.
const OPTION_MAX_CHARS: usize = 80;
/// The fewest options.
pub const OPTIONS_MIN: usize = 2;
/// The most options.
pub const OPTIONS_MAX: usize = 6;

/// A poll, as everybody sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Poll {
    /// What is asked.
    pub question: String,
    /// What can be answered.
    pub options: Vec<PollOption>,
    /// Whether its maker has closed it: nobody votes any more.
    pub is_closed: bool,
}

/// One of the answers of a poll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PollOption {
    /// The answer.
    pub text: String,
    /// How many people chose it.
    pub votes: u32,
}

/// What a poll holds of one person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ballot {
    /// The option that they chose, counted from 0.
    pub vote: Option<u8>,
    /// Whether they made the poll, and may close it.
    pub is_maker: bool,
}

/// What people do to a poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PollChange {
    /// Choose that option, counted from 0, in place of the one chosen before.
    Vote(u8),
    /// Choose none.
    Withdraw,
    /// Take no more votes.
    Close,
}

impl Document for Poll {
    const NAME: &'static str = "poll";
    type Key = DocumentCode;
    type Own = Ballot;
    type Change = PollChange;

    fn apply(&mut self, own: &mut Ballot, change: PollChange) -> Result<(), Problem> {
        if self.is_closed {
            let closed = Problem::new(409, "poll-closed", "This poll is closed");
            return Err(closed.with_detail("Its creator closed it. The result is final."));
        }
        let vote = match change {
            PollChange::Vote(vote) => Some(vote),
            PollChange::Withdraw => None,
            PollChange::Close if own.is_maker => {
                self.is_closed = true;
                return Ok(());
            }
            PollChange::Close => {
                let denied = Problem::new(403, "not-your-poll", "You can't close this poll");
                return Err(denied.with_detail("Only the person who made it can."));
            }
        };
        if vote.is_some_and(|vote| usize::from(vote) >= self.options.len()) {
            let unknown = Problem::new(422, "unknown-option", "Unknown option");
            return Err(unknown.with_detail("Reload the page, then vote again."));
        }
        let mut count = |vote: Option<u8>, by: i32| {
            let option = vote.and_then(|vote| self.options.get_mut(usize::from(vote)));
            if let Some(option) = option {
                option.votes = option.votes.saturating_add_signed(by);
            }
        };
        count(std::mem::replace(&mut own.vote, vote), -1);
        count(vote, 1);
        Ok(())
    }
}

/// What a new poll asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPoll {
    /// 1 to 200 visible characters on one line.
    pub question: String,
    /// 2 to 6 different answers, of 1 to 80 visible characters on one line each.
    #[cfg_attr(feature = "openapi", schema(min_items = 2, max_items = 6))]
    pub options: Vec<String>,
}

impl Create for Poll {
    type New = NewPoll;

    fn create(new: NewPoll) -> Result<(Self, Ballot), Problem> {
        let bad = |what: &str| Problem::new(422, "bad-poll", "Check your poll").with_detail(what);
        let question = one_line(&new.question, QUESTION_MAX_CHARS)
            .ok_or_else(|| bad("Enter a question of up to 200 visible characters, on one line."))?;
        let mut options = Vec::new();
        for option in new.options.iter().filter(|text| !shows_nothing(text)) {
            let text = one_line(option, OPTION_MAX_CHARS).ok_or_else(|| {
                bad("Each option can have up to 80 visible characters, on one line.")
            })?;
            let option = PollOption { text, votes: 0 };
            if options.contains(&option) {
                return Err(bad("Two options are the same. Change one of them."));
            }
            options.push(option);
        }
        if !(OPTIONS_MIN..=OPTIONS_MAX).contains(&options.len()) {
            return Err(bad("Enter 2 to 6 different options."));
        }
        let poll = Self {
            question,
            options,
            is_closed: false,
        };
        let own = Ballot {
            vote: None,
            is_maker: true,
        };
        Ok((poll, own))
    }

    fn title(&self) -> String {
        self.question.clone()
    }
}

impl Poll {
    /// How many have voted.
    #[must_use]
    pub fn votes(&self) -> i64 {
        let votes = self.options.iter().map(|option| i64::from(option.votes));
        votes.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(options: &[&str]) -> NewPoll {
        NewPoll {
            question: "When do we fly?".into(),
            options: options.iter().map(ToString::to_string).collect(),
        }
    }

    fn poll() -> (Poll, Ballot) {
        Poll::create(new(&["Dawn", "Noon", "Dusk"])).unwrap()
    }

    fn votes(poll: &Poll) -> Vec<u32> {
        poll.options.iter().map(|option| option.votes).collect()
    }

    #[test]
    fn a_person_has_one_vote_and_may_change_or_withdraw_it() {
        let ((mut poll, mut maker), mut ann) = (poll(), Ballot::default());

        poll.apply(&mut ann, PollChange::Vote(0)).unwrap();
        poll.apply(&mut maker, PollChange::Vote(0)).unwrap();
        poll.apply(&mut ann, PollChange::Vote(2)).unwrap();
        poll.apply(&mut ann, PollChange::Vote(2)).unwrap();
        assert_eq!((votes(&poll), ann.vote), (vec![1, 0, 1], Some(2)));

        poll.apply(&mut ann, PollChange::Withdraw).unwrap();
        poll.apply(&mut ann, PollChange::Withdraw).unwrap();
        assert_eq!((votes(&poll), ann.vote), (vec![1, 0, 0], None));
    }

    #[test]
    fn only_its_maker_closes_a_poll_and_then_nobody_votes() {
        let ((mut poll, mut maker), mut ann) = (poll(), Ballot::default());
        let kind = |outcome: Result<(), Problem>| outcome.unwrap_err().kind;

        assert_eq!(
            kind(poll.apply(&mut ann, PollChange::Close)),
            "not-your-poll"
        );
        assert_eq!(
            kind(poll.apply(&mut ann, PollChange::Vote(3))),
            "unknown-option"
        );
        poll.apply(&mut maker, PollChange::Close).unwrap();
        assert_eq!(
            kind(poll.apply(&mut ann, PollChange::Vote(0))),
            "poll-closed"
        );
        assert_eq!(votes(&poll), [0, 0, 0]);
    }

    #[test]
    fn a_poll_has_a_question_and_two_to_six_different_options() {
        for options in [
            &["Yes", " ", "No", ""][..],
            &["\u{200f}כן", "\u{200f}", "לא"],
        ] {
            assert_eq!(Poll::create(new(options)).unwrap().0.options.len(), 2);
        }
        for options in [
            &["Yes"][..],
            &["Yes", "Yes "],
            &["Yes", "Yes\u{200d}"],
            &["Yes", "N\u{202e}o"],
            &["1", "2", "3", "4", "5", "6", "7"],
            &["Yes", &"x".repeat(81)],
        ] {
            assert_eq!(Poll::create(new(options)).unwrap_err().kind, "bad-poll");
        }
        let mute = NewPoll {
            question: " \n".into(),
            ..new(&["Yes", "No"])
        };
        assert_eq!(Poll::create(mute).unwrap_err().kind, "bad-poll");
    }
}
