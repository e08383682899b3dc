//! What becomes of what a page says.

use super::samples::{cursor, line, text};
use crate::party::chat::Stage;
use crate::party::chat::sayings::Sayings;
use protocol::{ChatMessage, Problem};

fn saying(texts: &[&str]) -> Sayings {
    let mut sayings = Sayings::default();
    for one in texts {
        sayings.write(text(one), 0);
    }
    sayings
}

fn all(lines: &[ChatMessage]) -> Vec<&ChatMessage> {
    lines.iter().collect()
}

#[test]
fn one_is_said_after_the_other_and_each_once() {
    let mut sayings = saying(&["one", "two"]);

    let first = sayings.next(&[]).unwrap();
    sayings.settle(first.key, Stage::Unsure);
    let second = sayings.next(&[]).unwrap();
    sayings.settle(second.key, Stage::Said(line(5, 1, "two")));

    assert_eq!((first.key, second.key), (0, 1));
    assert_eq!(sayings.next(&[]), None);
    assert_eq!(sayings.shown(&[]), [0, 1]);
}

#[test]
fn a_line_that_comes_before_its_answer_is_shown_once() {
    let mut sayings = saying(&["hi", "hi"]);
    let earlier = [line(3, 1, "hi")];
    let first = sayings.next(&earlier).unwrap();

    let lines = [line(3, 1, "hi"), line(4, 1, "hi")];
    assert_eq!(sayings.shown(&all(&earlier)), [0, 1]);
    assert_eq!(sayings.shown(&all(&lines)), [1]);
    sayings.forget(&all(&lines));
    assert!(sayings.get(0).is_some());

    sayings.settle(first.key, Stage::Said(line(4, 1, "hi")));
    sayings.forget(&all(&lines));
    assert_eq!(sayings.get(0), None);
    assert_eq!(sayings.shown(&all(&lines)), [1]);
}

#[test]
fn what_nobody_answered_is_said_once_its_line_comes() {
    let mut sayings = saying(&["hi", "hi"]);
    for _ in 0..2 {
        let key = sayings.next(&[]).unwrap().key;
        sayings.settle(key, Stage::Unsure);
    }

    let lines = [line(4, 1, "hi")];
    sayings.forget(&all(&lines));
    sayings.forget(&all(&lines));

    // One line is one saying's: the other is as unsure as before.
    assert_eq!(sayings.shown(&all(&lines)), [1]);
    sayings.forget(&all(&[line(4, 1, "hi"), line(9, 1, "hi")]));
    assert_eq!(sayings.get(1), None);
}

#[test]
fn what_was_refused_waits_for_who_said_it() {
    let mut sayings = saying(&["hi"]);
    let key = sayings.next(&[]).unwrap().key;
    let problem = Problem::new(429, "too-many-messages", "Too many messages");
    sayings.settle(key, Stage::Refused(problem));

    let lines = [line(4, 1, "hi")];
    sayings.forget(&all(&lines));

    assert_eq!(sayings.shown(&all(&lines)), [0]);
    assert_eq!(sayings.take(key).unwrap().text, text("hi"));
    assert_eq!(sayings.shown(&[]), [0; 0]);
}

#[test]
fn what_is_said_stays_beneath_until_the_room_tells_it() {
    let mut sayings = saying(&["hi"]);
    let key = sayings.next(&[line(1, 1, "x")]).unwrap().key;
    sayings.settle(key, Stage::Said(line(4, 1, "hi")));

    sayings.forget(&all(&[line(3, 1, "hi")]));
    assert_eq!(sayings.shown(&all(&[line(3, 1, "hi")])), [0]);

    let told = [line(3, 1, "hi"), line(4, 1, "hi")];
    sayings.forget(&all(&told));
    assert_eq!(sayings.get(key), None);
    assert_eq!(told[1].cursor, cursor(4));
}
