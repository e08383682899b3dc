//! The rules of a document's changes against a model server, in any order of happenings.

use super::changes::{list, shown};
use super::samples::{List, Own};
use crate::changes::Changes;
use proptest::prelude::*;
use protocol::{Revised, Seen};
use std::collections::{BTreeSet, VecDeque};

/// What may happen between a page and a server that counts each change once.
#[derive(Clone, Copy, Debug)]
enum Happening {
    Change,
    /// The server decides on this many of the changes that have reached it, as one revision.
    Decide(usize),
    /// Another person changes the document.
    Other,
    /// Another tab of the same person does.
    OtherTab,
    /// The next answer arrives, or news of the person's own part.
    DeliverOwn,
    /// The next document arrives.
    Deliver,
    /// The documents on their way are replaced by the newest.
    Skip,
    /// The connection breaks with all that is on its way, and the page comes back.
    Break {
        /// Whether what was on its way up is counted, and only the answer is lost.
        is_counted: bool,
    },
}

enum Answer {
    Own(u64, u64, Vec<u32>),
    Refused(u64),
}

#[derive(Default)]
struct Server {
    rev: u64,
    list: Vec<u32>,
    own: Vec<u32>,
    decided: u64,
    refused: BTreeSet<u64>,
    received: VecDeque<(u64, u32)>,
    answers: VecDeque<Answer>,
    documents: VecDeque<Option<Revised<List>>>,
}

impl Server {
    /// Refused for a reason that the page cannot know.
    fn refuses(id: u32) -> bool {
        id.is_multiple_of(7)
    }

    fn decide(&mut self, count: usize) {
        let count = count.min(self.received.len());
        let Some((newest, _)) = self.received.get(count.wrapping_sub(1)).copied() else {
            return;
        };
        let before = self.list.len();
        for (seq, id) in self.received.drain(..count) {
            let is_new = seq > self.decided;
            if is_new && Self::refuses(id) {
                self.refused.insert(seq);
            } else if is_new {
                self.list.push(id);
                self.own.push(id);
            }
            self.decided = self.decided.max(seq);
            if self.refused.contains(&seq) {
                self.answers.push_back(Answer::Refused(seq));
            }
        }
        if self.list.len() > before {
            self.announce();
        }
        self.answers
            .push_back(Answer::Own(self.rev, newest, self.own.clone()));
    }

    fn add(&mut self, id: u32, is_own: bool) {
        self.list.push(id);
        if is_own {
            self.own.push(id);
        }
        self.announce();
        if is_own {
            self.answers
                .push_back(Answer::Own(self.rev, 0, self.own.clone()));
        }
    }

    fn announce(&mut self) {
        self.rev += 1;
        self.documents.push_back(list(self.rev, &self.list));
    }

    fn connect(&mut self, changes: &mut Changes<List>) {
        self.answers = [Answer::Own(self.rev, 0, self.own.clone())].into();
        self.documents = [list(self.rev, &self.list)].into();
        self.received = changes.send(true).into();
    }

    fn deliver_own(&mut self, changes: &mut Changes<List>) {
        match self.answers.pop_front() {
            Some(Answer::Own(rev, seq, ids)) => changes.hear_own(rev, seq, Own(ids)),
            Some(Answer::Refused(seq)) => drop(changes.refuse(seq)),
            None => {}
        }
    }
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        5 => Just(Happening::Change),
        4 => (1..4_usize).prop_map(Happening::Decide),
        2 => Just(Happening::Other),
        1 => Just(Happening::OtherTab),
        5 => Just(Happening::DeliverOwn),
        5 => Just(Happening::Deliver),
        1 => Just(Happening::Skip),
        1 => any::<bool>().prop_map(|is_counted| Happening::Break { is_counted }),
    ]
}

/// How often the page shows each of its own changes, to everybody and as the person's own.
fn check(changes: &Changes<List>, made: u32, server: &Server) -> Result<(), TestCaseError> {
    let (all, own) = shown(changes);
    for id in 1..=made {
        let times = |ids: &[u32]| ids.iter().filter(|shown| **shown == id).count();
        let times = (times(&all), times(&own));
        let is_shown = times == (1, 1);
        // One that is refused may be shown until the refusal comes.
        prop_assert!(
            is_shown || Server::refuses(id) && times == (0, 0),
            "{} is shown {:?} times",
            id,
            times
        );
    }
    prop_assert!(all.len() <= server.list.len() + changes.waiting() + 64);
    Ok(())
}

proptest! {
    #[test]
    fn the_page_shows_each_of_its_changes_once(happenings in prop::collection::vec(happening(), 1..150)) {
        let mut changes = Changes::new(Some(Seen { rev: 0, value: List::default(), own: Own::default() }));
        let mut server = Server::default();
        server.connect(&mut changes);
        let (mut made, mut other) = (0, 1_000);

        for happening in happenings {
            match happening {
                Happening::Change => {
                    if changes.change(made + 1).is_ok() {
                        made += 1;
                    }
                    server.received.extend(changes.send(false));
                }
                Happening::Decide(count) => server.decide(count),
                Happening::Other | Happening::OtherTab => {
                    other += 1;
                    server.add(other, matches!(happening, Happening::OtherTab));
                }
                Happening::DeliverOwn => server.deliver_own(&mut changes),
                Happening::Deliver => {
                    if let Some(document) = server.documents.pop_front() {
                        changes.hear(document);
                    }
                }
                Happening::Skip => {
                    let all = server.documents.len();
                    server.documents.drain(..all.saturating_sub(1));
                }
                Happening::Break { is_counted } => {
                    if is_counted {
                        server.decide(usize::MAX);
                    }
                    server.connect(&mut changes);
                }
            }
            check(&changes, made, &server)?;
        }
        server.decide(usize::MAX);
        while !server.answers.is_empty() {
            server.deliver_own(&mut changes);
        }
        if let Some(document) = server.documents.pop_back() {
            changes.hear(document);
        }
        prop_assert_eq!(shown(&changes), (server.list.clone(), server.own.clone()), "all is settled in the end");
        prop_assert_eq!(changes.waiting(), 0);
    }
}
