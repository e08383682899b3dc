//! How far a letter of the visitor's own has come.

use crate::format::counted;
use crate::mail::{MailRoom, Stage, Trouble, place_of};
use leptos::either::Either;
use leptos::prelude::*;
use protocol::{MailAddress, MessageId, MessageStatus, Waiting};

/// Of a letter that is stored: delivered, or waiting for another cluster, or given up.
#[component]
pub(crate) fn OwnMark(
    /// The mailbox.
    room: MailRoom,
    /// The letter.
    id: MessageId,
    /// Whom it is for.
    to: MailAddress,
) -> impl IntoView {
    let place = room
        .places
        .with_value(|places| place_of(&to, places).cloned());
    let cluster = place
        .filter(|place| place.is_elsewhere)
        .map(|place| place.name);
    let Some(cluster) = cluster else {
        return Either::Left(
            view! { <span class="letter-mark" data-state="delivered" data-testid="letter-state">"✓ Delivered"</span> },
        );
    };
    let waiting = Memo::new(move |_| room.post.with(|post| post.waiting_of(&id).cloned()));
    Either::Right(view! {
        <span class="letter-mark" data-state=move || waiting.with(state_of) data-testid="letter-state">
            {move || waiting.with(|waiting| say(waiting.as_ref(), &cluster))}
        </span>
    })
}

fn state_of(waiting: &Option<Waiting>) -> &'static str {
    match waiting {
        None => "delivered",
        Some(waiting) if waiting.has_failed => "failed",
        Some(_) => "queued",
    }
}

fn say(waiting: Option<&Waiting>, cluster: &str) -> String {
    match waiting {
        None => "✓ Delivered".into(),
        Some(waiting) if waiting.has_failed => format!("✕ Not delivered: {}", waiting.reason),
        Some(_) => format!("… Stored, waits for {cluster}"),
    }
}

/// Of a letter that this page sends.
#[component]
pub(crate) fn SentMark(
    /// The mailbox.
    room: MailRoom,
    /// The letter's key.
    key: String,
) -> impl IntoView {
    let stage = {
        let key = key.clone();
        Memo::new(move |_| {
            room.outgoing
                .with(|outgoing| outgoing.get(&key).map(|sent| sent.stage.clone()))
        })
    };
    let state = move || stage.with(|stage| stage.as_ref().map_or("sending", name));
    let words = move || stage.with(|stage| stage.as_ref().map(words).unwrap_or_default());
    let is_refused =
        Memo::new(move |_| stage.with(|stage| matches!(stage, Some(Stage::Refused(_)))));
    let (again, back) = (key.clone(), key);
    view! {
        <span class="letter-mark" data-state=state data-testid="letter-state" role="status">{words}</span>
        <span class="letter-mark__ways" hidden=move || !is_refused.get()>
            <button class="link-button" type="button" data-testid="try-again" on:click=move |_| retry(room, &again)>"Try again"</button>
            <button class="link-button" type="button" data-testid="take-back" on:click=move |_| take_back(room, &back)>"Put it back into the field"</button>
        </span>
    }
}

fn name(stage: &Stage) -> &'static str {
    match stage {
        Stage::Sending => "sending",
        Stage::Again(..) => "again",
        Stage::Stored(sent) if sent.status == MessageStatus::Delivered => "delivered",
        Stage::Stored(_) => "queued",
        Stage::Refused(_) => "refused",
    }
}

fn words(stage: &Stage) -> String {
    match stage {
        Stage::Sending => "… Sending".into(),
        Stage::Again(failures, trouble) => {
            let why = match trouble {
                Trouble::Unreached => "the server is out of reach",
                Trouble::Busy => "the server asks to wait",
            };
            let tries = counted(*failures, "try", "tries");
            format!("… Sending again after {tries}: {why}")
        }
        Stage::Stored(sent) if sent.status == MessageStatus::Delivered => "✓ Delivered".into(),
        Stage::Stored(_) => "… Stored, waits for the other cluster".into(),
        Stage::Refused(problem) => format!("✕ {}", problem.words()),
    }
}

fn retry(room: MailRoom, key: &str) {
    room.retry(key);
}

fn take_back(room: MailRoom, key: &str) {
    room.take_back(key);
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Problem;

    #[test]
    fn a_letter_says_how_far_it_has_come_and_why_no_farther() {
        let mut waiting = Waiting {
            id: MessageId::of(1),
            attempts: 2,
            reason: "it does not answer".into(),
            has_failed: false,
        };

        assert_eq!(say(None, "starlings"), "✓ Delivered");
        assert_eq!(
            say(Some(&waiting), "starlings"),
            "… Stored, waits for starlings"
        );
        waiting.has_failed = true;
        assert_eq!(
            say(Some(&waiting), "starlings"),
            "✕ Not delivered: it does not answer"
        );
    }

    #[test]
    fn a_refused_letter_says_what_to_do() {
        let problem = Problem::new(404, "unknown-place", "There is no such place")
            .with_detail("Nobody knows it.");

        assert_eq!(
            words(&Stage::Refused(problem)),
            "✕ There is no such place. Nobody knows it."
        );
        assert!(words(&Stage::Again(1, Trouble::Unreached)).contains("after 1 try:"));
    }
}
