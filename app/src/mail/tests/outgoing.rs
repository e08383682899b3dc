//! How letters get to the server.

use crate::mail::outgoing::{Answer, Outgoing, Sent, Trouble, read_answer};
use crate::mail::samples::{address, came, own};
use protocol::{MessageId, MessageSent, MessageStatus, MessageText, Problem};

fn text(text: &str) -> MessageText {
    MessageText::parse(text).unwrap()
}

fn writing(letters: &[&str]) -> Outgoing {
    let mut outgoing = Outgoing::default();
    for letter in letters {
        outgoing.write((*letter).into(), text(letter), 0);
    }
    outgoing
}

fn stored(id: u128) -> Answer {
    Answer::Stored(MessageSent {
        id: MessageId::of(id),
        to: address("fra-finch"),
        from: address("ord-wren"),
        sent_at: "2026-11-21T12:00:00Z".into(),
        status: MessageStatus::Delivered,
    })
}

fn keys(sent: &[Sent]) -> Vec<&str> {
    sent.iter().map(|sent| sent.key.as_str()).collect()
}

#[test]
fn letters_go_one_after_the_other() {
    let mut outgoing = writing(&["a", "b"]);

    assert_eq!(outgoing.next(&[]).unwrap().key, "a");
    outgoing.settle("a", Answer::Unknown(Trouble::Unreached, 0), 0.0);
    assert_eq!(
        outgoing.next(&[]).unwrap().key,
        "a",
        "the same again, under its key"
    );
    outgoing.settle("a", stored(1), 0.0);

    assert_eq!(outgoing.next(&[]).unwrap().key, "b");
}

#[test]
fn a_refused_one_keeps_no_other_from_going() {
    let mut outgoing = writing(&["a", "b"]);

    outgoing.settle(
        "a",
        Answer::Refused(Problem::new(404, "unknown-place", "x")),
        0.0,
    );

    assert_eq!(outgoing.next(&[]).unwrap().key, "b");
    outgoing.retry("a", "a2".into());
    outgoing.settle("b", stored(2), 0.0);
    assert_eq!(outgoing.next(&[]).unwrap().key, "a2");
}

#[test]
fn pauses_grow_and_heed_the_server() {
    let mut outgoing = writing(&["a"]);
    let mut again = |least_ms| outgoing.settle("a", Answer::Unknown(Trouble::Busy, least_ms), 1.0);

    let pauses: Vec<_> = [0, 0, 0, 60_000, 0, 0, 0].map(&mut again).into();

    assert_eq!(pauses, [500, 1_000, 2_000, 60_000, 8_000, 16_000, 20_000]);
}

#[test]
fn a_letter_is_shown_once_whether_its_copy_or_its_answer_comes_first() {
    let known = came(1, "fra-finch", "a");
    let copy = own(2, "fra-finch", "a");
    let mut outgoing = writing(&["a"]);
    assert_eq!(keys(&outgoing.shown(std::slice::from_ref(&known))), ["a"]);
    outgoing.next(std::slice::from_ref(&known));

    let thread = [known, copy];
    assert!(outgoing.shown(&thread).is_empty());
    outgoing.settle("a", stored(2), 0.0);
    assert!(outgoing.shown(&thread).is_empty());

    outgoing.forget(&thread);
    assert_eq!(outgoing, Outgoing::default());
}

#[test]
fn the_same_text_twice_is_two_letters() {
    let thread = [own(1, "fra-finch", "a")];
    let mut outgoing = writing(&["a"]);
    outgoing.next(&thread);
    outgoing.write("again".into(), text("a"), 0);

    assert_eq!(keys(&outgoing.shown(&thread)), ["a", "again"]);

    let with_copy = [thread[0].clone(), own(2, "fra-finch", "a")];
    assert_eq!(keys(&outgoing.shown(&with_copy)), ["again"]);
}

#[test]
fn only_answers_that_settle_it_settle_it() {
    let problem = Problem::new(404, "unknown-place", "There is no such place");

    assert_eq!(
        read_answer(404, Some(problem.clone()), None),
        Answer::Refused(problem.clone())
    );
    assert_eq!(
        read_answer(429, Some(problem), Some(3)),
        Answer::Unknown(Trouble::Busy, 3_000)
    );
    for status in [500, 502, 503, 504] {
        assert!(matches!(
            read_answer(status, None, None),
            Answer::Unknown(..)
        ));
    }
    assert!(matches!(read_answer(403, None, None), Answer::Refused(_)));
}
