//! How far a stored letter of the visitor's own has come.

use super::{OpenMailbox, place_of};
use crate::conversation::Mark;
use crate::format::counted;
use leptos::prelude::*;
use protocol::{MailAddress, MessageId, Waiting};

/// Tells of a letter to that address: delivered, waiting for another cluster, or given up.
pub(super) fn delivery(mailbox: OpenMailbox, to: &MailAddress) -> Callback<MessageId, Mark> {
    let place = mailbox
        .places
        .with_value(|places| place_of(to, places).cloned());
    let cluster = place.filter(|place| place.is_elsewhere);
    Callback::new(move |id| match &cluster {
        None => Mark::delivered(),
        Some(cluster) => mailbox
            .mirror
            .with(|mirror| mark(mirror.waiting_of(&id), &cluster.name)),
    })
}

fn mark(waiting: Option<&Waiting>, cluster: &str) -> Mark {
    match waiting {
        None => Mark::delivered(),
        Some(waiting) if waiting.has_failed => {
            Mark::new("failed", format!("✕ Not delivered: {}", waiting.reason))
        }
        Some(_) => Mark::new("queued", format!("… Waiting for {cluster}")),
    }
}

/// What still waits for another cluster, and why.
pub(super) fn say_waiting(waiting: &[&Waiting]) -> String {
    let left: Vec<_> = waiting
        .iter()
        .filter(|waiting| !waiting.has_failed)
        .collect();
    let Some(worst) = left.iter().max_by_key(|waiting| waiting.attempts) else {
        return String::new();
    };
    let waits = counted(left.len(), "letter is", "letters are");
    match worst.attempts {
        0 => format!("{waits} waiting for the other cluster."),
        tries => format!(
            "{waits} waiting for the other cluster ({} so far). {}",
            counted(tries, "try", "tries"),
            worst.reason
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(attempts: u32, has_failed: bool) -> Waiting {
        Waiting {
            id: MessageId::of(attempts.into()),
            attempts,
            reason: "It does not answer.".into(),
            has_failed,
        }
    }

    #[test]
    fn a_letter_says_how_far_it_has_come_and_why_no_farther() {
        assert_eq!(mark(None, "starlings").words, "✓ Delivered");
        assert_eq!(
            mark(Some(&waiting(2, false)), "starlings").words,
            "… Waiting for starlings"
        );
        assert_eq!(
            mark(Some(&waiting(2, true)), "starlings").words,
            "✕ Not delivered: It does not answer."
        );
    }

    #[test]
    fn what_waits_is_counted_with_the_reason() {
        assert_eq!(say_waiting(&[]), "");
        assert_eq!(
            say_waiting(&[&waiting(0, false)]),
            "1 letter is waiting for the other cluster."
        );
        assert_eq!(
            say_waiting(&[&waiting(3, false), &waiting(0, false), &waiting(9, true)]),
            "2 letters are waiting for the other cluster (3 tries so far). It does not answer."
        );
        assert_eq!(say_waiting(&[&waiting(9, true)]), "");
    }
}
