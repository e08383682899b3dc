//! The rules of a document's changes, one by one.

use super::samples::{List, Own};
use crate::changes::Changes;
use protocol::{CHANGES_WAITING_MAX, Revised, Seen};

fn changes() -> Changes<List> {
    let (value, own) = (List(vec![900]), Own::default());
    Changes::new(Some(Seen { rev: 5, value, own }))
}

pub(super) fn list(rev: u64, value: &[u32]) -> Option<Revised<List>> {
    let value = List(value.to_vec());
    Some(Revised { rev, value })
}

fn own(ids: &[u32]) -> Own {
    Own(ids.to_vec())
}

/// What is shown to everybody, and what of the person.
pub(super) fn shown(changes: &Changes<List>) -> (Vec<u32>, Vec<u32>) {
    let Seen { value, own, .. } = changes.shown().unwrap();
    (value.0, own.0)
}

fn seqs(sent: &[(u64, u32)]) -> Vec<u64> {
    sent.iter().map(|(seq, _)| *seq).collect()
}

#[test]
fn a_change_shows_at_once_and_settles_without_a_dip_or_a_double() {
    let mut changes = changes();
    changes.change(1).unwrap();
    assert_eq!(changes.send(false), [(1, 1)]);
    assert_eq!(changes.send(false), []);
    assert_eq!(shown(&changes), (vec![900, 1], vec![1]));

    changes.hear_own(6, 1, own(&[1]));
    assert_eq!(
        (shown(&changes), changes.waiting()),
        ((vec![900, 1], vec![1]), 0)
    );

    changes.hear(list(6, &[900, 1]));
    assert_eq!(shown(&changes), (vec![900, 1], vec![1]));
}

#[test]
fn a_document_that_may_include_a_change_waits_for_its_answer() {
    let mut changes = changes();
    changes.change(1).unwrap();
    changes.send(false);

    changes.hear(list(6, &[900, 901]));
    changes.hear(list(7, &[900, 901, 1]));
    assert_eq!(shown(&changes).0, [900, 1]);

    changes.hear_own(7, 1, own(&[1]));
    assert_eq!(shown(&changes).0, [900, 901, 1]);
}

#[test]
fn a_change_that_was_never_sent_holds_nothing_back() {
    let mut changes = changes();
    changes.change(1).unwrap();

    changes.hear(list(6, &[900, 901]));

    assert_eq!(shown(&changes).0, [900, 901, 1]);
}

#[test]
fn a_change_that_counted_before_a_reconnect_is_not_shown_twice() {
    let mut changes = changes();
    changes.change(1).unwrap();
    changes.send(false);

    assert_eq!(changes.send(true), [(1, 1)]);
    changes.hear(list(7, &[900, 1, 901]));
    // Answered at the revision of that moment: nobody knows since when it counts.
    changes.hear_own(8, 1, own(&[1]));
    assert_eq!(shown(&changes).0, [900, 1]);

    changes.hear(list(8, &[900, 1, 901, 902]));
    assert_eq!(shown(&changes).0, [900, 1, 901, 902]);
}

#[test]
fn a_stream_of_changes_does_not_keep_those_of_others_away() {
    let mut changes = changes();
    for id in 1..=40 {
        changes.change(id).unwrap();
        changes.send(false);
        // Two are always on their way.
        if let Some(answered) = id.checked_sub(2).filter(|answered| *answered > 0) {
            let rev = 5 + 2 * u64::from(answered);
            changes.hear_own(rev, answered.into(), Own((1..=answered).collect()));
            let others = 901..=900 + answered;
            let all: Vec<u32> = [900]
                .into_iter()
                .chain(1..=answered)
                .chain(others)
                .collect();
            changes.hear(list(rev + 1, &all));
        }
    }

    let others = shown(&changes).0.into_iter().filter(|id| *id > 900).count();
    assert!((30..=38).contains(&others), "{others}");
}

#[test]
fn a_refused_change_is_taken_back_alone() {
    let mut changes = changes();
    for id in 1..=3 {
        changes.change(id).unwrap();
    }
    changes.send(false);

    assert!(changes.refuse(2));
    assert!(!changes.refuse(2));
    assert_eq!(shown(&changes).0, [900, 1, 3]);
    assert_eq!(seqs(&changes.send(true)), [1, 3]);

    changes.change(4).unwrap();
    assert_eq!(seqs(&changes.send(false)), [4]);
}

#[test]
fn a_change_that_the_rules_refuse_is_never_sent() {
    let mut changes = changes();

    assert_eq!(changes.change(900).unwrap_err().kind, "listed");

    assert!(changes.send(true).is_empty());
    assert_eq!(shown(&changes), (vec![900], vec![]));
}

#[test]
fn a_change_that_others_made_impossible_is_not_shown_meanwhile() {
    let mut changes = changes();
    changes.change(1).unwrap();
    changes.hear(list(6, &[900, 1]));

    assert_eq!(shown(&changes), (vec![900, 1], vec![]));
    assert_eq!(changes.waiting(), 1);
}

#[test]
fn too_many_waiting_changes_are_not_taken() {
    let mut changes = changes();
    for id in (1..).take(CHANGES_WAITING_MAX) {
        changes.change(id).unwrap();
    }

    assert_eq!(changes.change(500).unwrap_err().kind, "too-many-waiting");
}

#[test]
fn a_document_that_came_back_older_is_the_truth() {
    let mut changes = changes();
    changes.change(1).unwrap();
    changes.send(false);
    changes.hear_own(6, 1, own(&[1]));

    changes.hear(list(2, &[800]));
    changes.hear_own(2, 0, own(&[]));

    assert_eq!(shown(&changes), (vec![800], vec![]));
}

#[test]
fn a_document_that_is_gone_is_missing_until_it_is_there() {
    let mut changes = changes();
    changes.hear(None);
    assert!(changes.is_missing() && changes.shown().is_none());
    assert_eq!(changes.change(1).unwrap_err().kind, "not-loaded");

    changes.hear(list(1, &[]));

    assert!(!changes.is_missing());
    assert!(Changes::<List>::new(None).shown().is_none());
}

#[test]
fn an_unknown_document_is_shown_once_both_parts_are_known() {
    let mut changes = Changes::<List>::new(None);

    changes.hear(list(4, &[1]));
    assert_eq!(changes.shown(), None);
    changes.hear_own(4, 0, own(&[1]));

    assert_eq!(shown(&changes), (vec![1], vec![1]));
}
