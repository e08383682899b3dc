//! How news changes the log.

use super::samples::{cursor, entry, own, page};
use crate::conversation::{EntryPage, Log};
use proptest::prelude::*;
use protocol::{CHAT_KEPT, Cursor};

const KEPT: u64 = CHAT_KEPT as u64;

fn log(known: EntryPage) -> Log {
    Log::new(known, false, CHAT_KEPT as usize)
}

fn gap(log: &Log) -> Option<Cursor> {
    log.gap().and_then(|gap| gap.up_to)
}

fn known(log: &Log) -> Vec<u64> {
    log.entries()
        .iter()
        .map(|entry| entry.cursor.ms())
        .collect()
}

/// What a chat of so many messages answers when asked for at most `limit` up to one.
fn part(all: u64, up_to: u64, limit: u64) -> EntryPage {
    let (last, kept) = (up_to.min(all), all.saturating_sub(KEPT));
    let first = last.saturating_sub(limit).max(kept) + 1;
    page(first..=last, (first > kept + 1).then(|| first - 1))
}

#[test]
fn known_messages_are_not_repeated() {
    let mut messages = log(page(3..=5, Some(2)));

    messages.hear(page(4..=7, Some(3)));
    messages.hear(page(4..=6, Some(3)));

    assert_eq!(known(&messages), [3, 4, 5, 6, 7]);
    assert_eq!((messages.before(), gap(&messages)), (Some(cursor(2)), None));
}

#[test]
fn the_first_messages_of_an_empty_log_leave_no_gap() {
    let mut messages = log(EntryPage::default());

    messages.hear(page(60..=70, Some(59)));

    assert_eq!(known(&messages).len(), 11);
    assert_eq!(
        (messages.before(), gap(&messages)),
        (Some(cursor(59)), None)
    );
}

#[test]
fn news_that_does_not_reach_back_leaves_a_gap_that_is_filled() {
    let mut messages = log(page(1..=3, None));

    messages.hear(page(7..=8, Some(6)));
    assert_eq!(gap(&messages), Some(cursor(6)));
    messages.hear(page(8..=9, Some(7)));
    assert_eq!(gap(&messages), Some(cursor(6)));
    messages.fill(messages.gap().unwrap(), page(3..=6, Some(2)));

    assert_eq!(known(&messages), (1..=9).collect::<Vec<_>>());
    assert_eq!((messages.before(), gap(&messages)), (None, None));
}

#[test]
fn a_gap_too_wide_for_one_answer_drops_what_lies_before_it() {
    let mut messages = log(page(1..=3, None));

    messages.hear(page(90..=91, Some(89)));
    messages.fill(messages.gap().unwrap(), page(80..=89, Some(79)));

    assert_eq!(known(&messages), (80..=91).collect::<Vec<_>>());
    assert_eq!(messages.before(), Some(cursor(79)));
    assert_eq!(gap(&messages), None);
}

#[test]
fn an_answer_for_an_older_gap_leaves_a_newer_one_open() {
    let mut messages = log(page(1..=3, None));

    messages.hear(page([10], Some(9)));
    let older = messages.gap().unwrap();
    messages.hear(page([20], Some(19)));
    messages.fill(older, page(4..=9, Some(3)));
    assert_eq!(gap(&messages), Some(cursor(19)));
    messages.fill(messages.gap().unwrap(), page(10..=19, Some(9)));

    // The first answer was too late: what lies before the second is loaded again.
    assert_eq!(known(&messages), (10..=20).collect::<Vec<_>>());
    assert_eq!(messages.before(), Some(cursor(9)));
}

#[test]
fn older_messages_come_before_the_others_once() {
    let mut messages = log(page(50..=52, Some(49)));

    messages.look_back(cursor(49), page(48..=49, Some(47)));
    messages.look_back(cursor(49), page(48..=49, Some(47)));
    messages.look_back(cursor(47), page([47], None));

    assert_eq!(known(&messages), (47..=52).collect::<Vec<_>>());
    assert_eq!(messages.before(), None);
}

#[test]
fn no_more_is_shown_than_is_kept() {
    let mut messages = log(page(1..=KEPT, None));

    messages.hear(page(KEPT..=KEPT + 5, Some(KEPT - 1)));

    assert_eq!(known(&messages), (6..=KEPT + 5).collect::<Vec<_>>());
    assert_eq!(messages.before(), None);
}

#[test]
fn a_page_of_older_messages_stays_one() {
    let mut messages = Log::new(page(3..=5, Some(2)), true, CHAT_KEPT as usize);

    messages.hear(page(60..=70, Some(59)));

    assert_eq!(known(&messages), [3, 4, 5]);
    assert_eq!(gap(&messages), None);
}

#[test]
fn a_server_that_knows_less_is_believed_after_a_new_welcome_only() {
    let mut messages = log(page(3..=9, Some(2)));

    messages.welcome();
    messages.hear(page(3..=5, Some(2)));
    assert_eq!(known(&messages).len(), 7);

    messages.welcome();
    messages.hear(page(3..=5, Some(2)));
    assert_eq!(known(&messages), [3, 4, 5]);
    messages.hear(page(3..=6, Some(2)));
    assert_eq!(known(&messages), [3, 4, 5, 6]);
}

#[test]
fn a_gap_of_unknown_end_is_filled_where_the_messages_meet() {
    let mut messages = log(page([1], None));

    messages.open_gap(None);
    messages.add([entry(9, "9")]);
    messages.fill(messages.gap().unwrap(), page([1, 5, 9], Some(1)));

    assert_eq!(known(&messages), [1, 5, 9]);
    assert_eq!((messages.before(), messages.gap()), (None, None));
}

#[test]
fn a_gap_of_unknown_end_that_is_too_wide_drops_what_lies_before_it() {
    let mut messages = log(page([1], None));

    messages.open_gap(None);
    messages.add([entry(9, "9")]);
    messages.fill(messages.gap().unwrap(), page([5, 9], Some(4)));

    assert_eq!(known(&messages), [5, 9]);
    assert_eq!(messages.before(), Some(cursor(4)));
}

#[test]
fn what_went_missing_while_a_gap_was_filled_is_asked_for_too() {
    let mut messages = log(page([1], None));

    messages.open_gap(None);
    let first = messages.gap().unwrap();
    messages.open_gap(None);
    messages.fill(first, page([1, 5], None));

    assert!(messages.gap().is_some());
}

#[test]
fn a_message_to_oneself_is_ones_own() {
    let mut messages = log(EntryPage::default());

    messages.add([entry(1, "note"), own(1, "note")]);

    assert_eq!(messages.entries(), [own(1, "note")]);
}

proptest! {
    /// Whichever frames are skipped, and whenever answers arrive, the log ends complete.
    #[test]
    fn messages_are_complete_in_order_and_once(
        steps in proptest::collection::vec((1_u64..40, any::<bool>(), any::<bool>()), 1..40),
        first in 0_u64..30,
    ) {
        let mut all = first;
        let mut messages = log(part(all, all, 10));
        for (said, fills, looks) in steps {
            all += said;
            messages.hear(part(all, all, 10));
            if let Some(gap) = messages.gap().filter(|_| fills) {
                messages.fill(gap, part(all, gap.up_to.unwrap().ms(), 10));
            }
            if let Some(up_to) = messages.before().filter(|_| looks) {
                messages.look_back(up_to, part(all, up_to.ms(), 10));
            }
        }
        while let Some(gap) = messages.gap() {
            messages.fill(gap, part(all, gap.up_to.unwrap().ms(), 10));
        }

        let shown = known(&messages);
        let oldest = messages.before().map_or(all.saturating_sub(KEPT), |before| before.ms()) + 1;
        prop_assert_eq!(shown, (oldest..=all).collect::<Vec<_>>());
    }
}
