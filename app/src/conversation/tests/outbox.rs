//! How texts get to the server.

use super::samples::{entry, own, text};
use crate::conversation::Stage;
use crate::conversation::outbox::{Answer, Outbox, read_answer};
use crate::conversation::{Stored, Unsent};
use protocol::{MessageId, Problem};

fn writing(texts: &[&str]) -> Outbox {
    let mut outbox = Outbox::default();
    for one in texts {
        outbox.write((*one).into(), text(one), 0);
    }
    outbox
}

fn stored(id: u128) -> Answer {
    Answer::Stored(Stored {
        id: MessageId::of(id),
        is_delivered: true,
        is_unclaimed: false,
    })
}

fn keys(unsent: &[Unsent]) -> Vec<&str> {
    unsent.iter().map(|unsent| unsent.key.as_str()).collect()
}

#[test]
fn texts_are_sent_one_after_the_other() {
    let mut outbox = writing(&["a", "b"]);

    assert_eq!(outbox.next(&[]).unwrap().key, "a");
    outbox.settle("a", Answer::Unknown(0), 0.0);
    assert_eq!(
        outbox.next(&[]).unwrap().key,
        "a",
        "the same again, under its key"
    );
    outbox.settle("a", stored(1), 0.0);

    assert_eq!(outbox.next(&[]).unwrap().key, "b");
}

#[test]
fn a_refused_text_does_not_hold_up_the_next() {
    let mut outbox = writing(&["a", "b"]);

    outbox.settle(
        "a",
        Answer::Refused(Problem::new(404, "unknown-place", "x")),
        0.0,
    );

    assert_eq!(outbox.next(&[]).unwrap().key, "b");
    outbox.retry("a", "a2".into(), 9);
    outbox.settle("b", stored(2), 0.0);
    assert_eq!(outbox.next(&[]).unwrap().key, "a2");
}

#[test]
fn pauses_grow_and_heed_the_server() {
    let mut outbox = writing(&["a"]);
    let mut again = |least_ms| outbox.settle("a", Answer::Unknown(least_ms), 1.0);

    let pauses: Vec<_> = [0, 0, 0, 60_000, 0, 0, 0].map(&mut again).into();

    assert_eq!(pauses, [500, 1_000, 2_000, 60_000, 8_000, 16_000, 20_000]);
}

#[test]
fn a_text_is_shown_once_whether_its_copy_or_its_answer_comes_first() {
    let known = entry(1, "a");
    let copy = own(2, "a");
    let mut outbox = writing(&["a"]);
    assert_eq!(keys(&outbox.shown(std::slice::from_ref(&known))), ["a"]);
    outbox.next(std::slice::from_ref(&known));

    let entries = [known, copy];
    assert!(outbox.shown(&entries).is_empty());
    outbox.settle("a", stored(2), 0.0);
    assert!(outbox.shown(&entries).is_empty());

    outbox.forget(&entries);
    assert_eq!(outbox.shown(&[]), []);
}

#[test]
fn the_same_text_twice_is_two_messages() {
    let entries = [own(1, "a")];
    let mut outbox = writing(&["a"]);
    outbox.next(&entries);
    outbox.write("again".into(), text("a"), 0);

    assert_eq!(keys(&outbox.shown(&entries)), ["a", "again"]);

    let with_copy = [entries[0].clone(), own(2, "a")];
    assert_eq!(keys(&outbox.shown(&with_copy)), ["again"]);
}

#[test]
fn a_text_whose_answer_got_lost_is_shown_once_and_settled_by_its_retry() {
    let mut outbox = writing(&["a", "b"]);
    outbox.next(&[]);
    outbox.settle("a", Answer::Unknown(0), 0.0);

    let entries = [own(4, "a")];
    assert_eq!(keys(&outbox.shown(&entries)), ["b"]);
    assert_eq!(outbox.next(&entries).unwrap().key, "a", "it is retried");
    outbox.settle("a", stored(4), 0.0);
    outbox.forget(&entries);

    assert_eq!(outbox.get("a"), None);
    assert_eq!(keys(&outbox.shown(&entries)), ["b"]);
}

#[test]
fn a_refused_text_waits_for_its_author() {
    let mut outbox = writing(&["a"]);
    outbox.next(&[]);
    let problem = Problem::new(403, "not-in-party", "You are not in this party");
    outbox.settle("a", Answer::Refused(problem), 0.0);

    let entries = [own(4, "a")];
    outbox.forget(&entries);

    assert_eq!(keys(&outbox.shown(&entries)), ["a"]);
    assert_eq!(outbox.take("a").unwrap().text, text("a"));
    assert!(outbox.shown(&[]).is_empty());
}

#[test]
fn a_stored_text_is_shown_until_its_copy_arrives() {
    let mut outbox = writing(&["a"]);
    outbox.next(&[entry(1, "x")]);
    outbox.settle("a", stored(4), 0.0);

    let other = [own(3, "a")];
    outbox.forget(&other);
    assert_eq!(keys(&outbox.shown(&other)), ["a"]);

    outbox.forget(&[other[0].clone(), own(4, "a")]);
    assert!(outbox.shown(&[]).is_empty());
    assert_eq!(outbox.outcomes(), 1);
}

#[test]
fn only_final_answers_settle_a_text() {
    let problem = Problem::new(404, "unknown-place", "There is no such place");

    assert_eq!(
        read_answer(404, Some(problem.clone()), None),
        Answer::Refused(problem.clone())
    );
    assert_eq!(
        read_answer(429, Some(problem), Some(3)),
        Answer::Unknown(3_000)
    );
    for status in [500, 502, 503, 504] {
        assert!(matches!(
            read_answer(status, None, None),
            Answer::Unknown(_)
        ));
    }
    assert!(matches!(read_answer(403, None, None), Answer::Refused(_)));
}

#[test]
fn a_text_of_another_page_is_sent_again_unless_it_is_old() {
    let mut outbox = Outbox::default();
    outbox.resume("old".into(), text("a"), 0, true);
    outbox.resume("young".into(), text("b"), 7, false);
    outbox.resume("young".into(), text("b"), 7, false);

    assert_eq!(keys(&outbox.shown(&[])), ["old", "young"]);
    assert!(matches!(
        &outbox.get("old").unwrap().stage,
        Stage::Refused(_)
    ));
    assert_eq!(outbox.next(&[]).unwrap().key, "young");
}

#[test]
fn a_text_without_an_answer_is_its_writers_decision_once_it_is_old() {
    assert_eq!(Answer::Unknown(5).or_ask(false), Answer::Unknown(5));
    assert!(matches!(
        Answer::Unknown(5).or_ask(true),
        Answer::Refused(_)
    ));
    assert_eq!(stored(1).or_ask(true), stored(1));
}
