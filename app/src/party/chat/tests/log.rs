//! How news changes what is known of a room.

use super::samples::{cursor, line};
use crate::party::chat::ChatLog;
use proptest::prelude::*;
use protocol::{CHAT_KEPT, Chat};

/// Lines of these numbers, with one before them or none.
fn lines(numbers: impl IntoIterator<Item = u64>, before: Option<u64>) -> Chat {
    Chat {
        messages: numbers
            .into_iter()
            .map(|ms| line(ms, 1, &format!("line {ms}")))
            .collect(),
        before: before.map(cursor),
    }
}

fn known(chat: &ChatLog) -> Vec<u64> {
    chat.messages()
        .iter()
        .map(|line| line.cursor.ms())
        .collect()
}

/// What a room of so many lines answers to who asks for at most `limit` up to a line.
fn part(all: u64, up_to: u64, limit: u64) -> Chat {
    let (last, kept) = (up_to.min(all), all.saturating_sub(u64::from(CHAT_KEPT)));
    let first = last.saturating_sub(limit).max(kept) + 1;
    lines(first..=last, (first > kept + 1).then(|| first - 1))
}

#[test]
fn lines_that_were_told_before_are_not_told_twice() {
    let mut chat = ChatLog::new(lines(3..=5, Some(2)), false);

    chat.hear(lines(4..=7, Some(3)));
    chat.hear(lines(4..=6, Some(3)));

    assert_eq!(known(&chat), [3, 4, 5, 6, 7]);
    assert_eq!((chat.before(), chat.gap()), (Some(cursor(2)), None));
}

#[test]
fn the_first_lines_of_an_empty_room_leave_no_gap() {
    let mut chat = ChatLog::new(Chat::default(), false);

    chat.hear(lines(60..=70, Some(59)));

    assert_eq!(known(&chat).len(), 11);
    assert_eq!((chat.before(), chat.gap()), (Some(cursor(59)), None));
}

#[test]
fn news_that_does_not_reach_back_leaves_a_gap_that_is_filled() {
    let mut chat = ChatLog::new(lines(1..=3, None), false);

    chat.hear(lines(7..=8, Some(6)));
    assert_eq!(chat.gap(), Some(cursor(6)));
    chat.hear(lines(8..=9, Some(7)));
    assert_eq!(chat.gap(), Some(cursor(6)));
    chat.fill(cursor(6), lines(3..=6, Some(2)));

    assert_eq!(known(&chat), (1..=9).collect::<Vec<_>>());
    assert_eq!((chat.before(), chat.gap()), (None, None));
}

#[test]
fn a_gap_that_one_answer_does_not_fill_takes_what_lies_before_it() {
    let mut chat = ChatLog::new(lines(1..=3, None), false);

    chat.hear(lines(90..=91, Some(89)));
    chat.fill(cursor(89), lines(80..=89, Some(79)));

    assert_eq!(known(&chat), (80..=91).collect::<Vec<_>>());
    assert_eq!(chat.before(), Some(cursor(79)));
    assert_eq!(chat.gap(), None);
}

#[test]
fn an_answer_to_an_older_question_leaves_a_newer_gap_open() {
    let mut chat = ChatLog::new(lines(1..=3, None), false);

    chat.hear(lines([10], Some(9)));
    chat.hear(lines([20], Some(19)));
    chat.fill(cursor(9), lines(4..=9, Some(3)));
    assert_eq!(chat.gap(), Some(cursor(19)));
    chat.fill(cursor(19), lines(10..=19, Some(9)));

    // The question was one too many: what lies before the answer is asked for again.
    assert_eq!(known(&chat), (10..=20).collect::<Vec<_>>());
    assert_eq!(chat.before(), Some(cursor(9)));
}

#[test]
fn older_lines_come_before_those_that_are_shown_once() {
    let mut chat = ChatLog::new(lines(50..=52, Some(49)), false);

    chat.look_back(cursor(49), lines(48..=49, Some(47)));
    chat.look_back(cursor(49), lines(48..=49, Some(47)));
    chat.look_back(cursor(47), lines([47], None));

    assert_eq!(known(&chat), (47..=52).collect::<Vec<_>>());
    assert_eq!(chat.before(), None);
}

#[test]
fn no_more_is_shown_than_a_room_keeps() {
    let kept = u64::from(CHAT_KEPT);
    let mut chat = ChatLog::new(lines(1..=kept, None), false);

    chat.hear(lines(kept..=kept + 5, Some(kept - 1)));

    assert_eq!(known(&chat), (6..=kept + 5).collect::<Vec<_>>());
    assert_eq!(chat.before(), None);
}

#[test]
fn where_older_lines_are_shown_news_waits_elsewhere() {
    let mut chat = ChatLog::new(lines(3..=5, Some(2)), true);

    chat.hear(lines(60..=70, Some(59)));

    assert_eq!(known(&chat), [3, 4, 5]);
    assert_eq!(chat.gap(), None);
}

#[test]
fn a_server_that_knows_less_is_believed_after_a_new_welcome_only() {
    let mut chat = ChatLog::new(lines(3..=9, Some(2)), false);

    chat.welcome();
    chat.hear(lines(3..=5, Some(2)));
    assert_eq!(known(&chat).len(), 7);

    chat.welcome();
    chat.hear(lines(3..=5, Some(2)));
    assert_eq!(known(&chat), [3, 4, 5]);
    chat.hear(lines(3..=6, Some(2)));
    assert_eq!(known(&chat), [3, 4, 5, 6]);
}

proptest! {
    /// Whichever frames are skipped, and whenever an answer comes, a room ends as a whole.
    #[test]
    fn lines_are_whole_in_order_and_once(
        steps in proptest::collection::vec((1_u64..40, any::<bool>(), any::<bool>()), 1..40),
        first in 0_u64..30,
    ) {
        let mut all = first;
        let mut chat = ChatLog::new(part(all, all, 10), false);
        for (said, fills, looks) in steps {
            all += said;
            chat.hear(part(all, all, 10));
            if let Some(up_to) = chat.gap().filter(|_| fills) {
                chat.fill(up_to, part(all, up_to.ms(), 10));
            }
            if let Some(up_to) = chat.before().filter(|_| looks) {
                chat.look_back(up_to, part(all, up_to.ms(), 10));
            }
        }
        while let Some(up_to) = chat.gap() {
            chat.fill(up_to, part(all, up_to.ms(), 10));
        }

        let shown = known(&chat);
        let oldest = chat.before().map_or(all.saturating_sub(u64::from(CHAT_KEPT)), |before| before.ms()) + 1;
        prop_assert_eq!(shown, (oldest..=all).collect::<Vec<_>>());
    }
}
