//! The open conversation.

use super::conversation_list::shown_place;
use super::{BlockSender, OpenMailbox, WORDS, place_of};
use crate::conversation::{Announcements, Composer, Entry, Mark, MessageLog, OpenConversation};
use leptos::prelude::*;
use live::format::counted;
use protocol::{MailAddress, MailAttempt, MessageId, Waiting};

/// Whom it is with, its letters, and the form that sends one.
#[component]
pub(crate) fn ConversationCard(
    /// The mailbox.
    mailbox: OpenMailbox,
    /// The conversation.
    conversation: OpenConversation,
    /// Whom it is with.
    with: MailAddress,
    /// A letter that could not be sent.
    attempt: Option<MailAttempt>,
    /// Whether the visitor blocks them.
    is_blocked: bool,
) -> impl IntoView {
    let place = mailbox
        .places
        .with_value(|places| shown_place(&with, places));
    let is_past = conversation.log.with_untracked(|log| log.is_past());
    let is_postmaster = with.is_postmaster();
    let has_unverified = move || {
        let is_unverified = |entry: &Entry| entry.is_unverified;
        conversation
            .log
            .with(|log| log.entries().iter().any(is_unverified))
    };
    let may_block = !is_postmaster && with != mailbox.address();
    let sender = with.clone();
    let path = format!("/mail/{with}");
    let newest = path.clone();
    let attempt = attempt.map(|attempt| (attempt.draft, attempt.problem));
    view! {
        <section class="conversation-card" id="conversation" aria-labelledby="with-title" data-testid="conversation" data-with=with.to_string()>
            <header class="conversation-card__head">
                <a class="conversation-card__back" href="/mail" data-testid="to-mailbox">
                    <span aria-hidden="true">"‹ "</span>
                    "All mail"
                </a>
                <h1 class="conversation-card__with" id="with-title">{with.to_string()}</h1>
                <p class="conversation-card__place">{place}</p>
                <p class="conversation-card__unverified" hidden=move || !has_unverified() data-testid="unverified-note">
                    "Unverified: sent before anyone owned this address."
                </p>
                {may_block.then(|| view! { <BlockSender mailbox with=sender is_blocked /> })}
            </header>
            <MessageLog conversation words=WORDS address=(String::new(), "") delivery=delivery(mailbox, &with) />
            <WaitingNote mailbox conversation />
            {is_past.then(|| view! {
                <p class="conversation-card__past">
                    "These are older letters. "
                    <a href=newest data-testid="to-newest">"Go to the newest to reply"</a>
                </p>
            })}
            {is_postmaster.then(|| view! {
                <p class="conversation-card__past">"Automatic notices. Replies aren't read."</p>
            })}
            {(!is_past && !is_postmaster).then(|| view! {
                <Composer
                    conversation
                    words=WORDS
                    action=path
                    label=format!("Write to {with}")
                    from=Some(mailbox.address().to_string())
                    attempt
                />
            })}
            <Announcements conversation words=WORDS from=Some(with.to_string()) />
        </section>
    }
}

/// What waits for another cluster, and why.
#[component]
fn WaitingNote(
    /// The mailbox.
    mailbox: OpenMailbox,
    /// The conversation.
    conversation: OpenConversation,
) -> impl IntoView {
    let words = Memo::new(move |_| {
        conversation.log.with(|log| {
            mailbox.mirror.with(|mirror| {
                let own = log.entries().iter().filter(|entry| entry.is_own);
                let waiting: Vec<_> = own
                    .filter_map(|entry| mirror.waiting_of(&entry.id))
                    .collect();
                say_waiting(&waiting)
            })
        })
    });
    view! {
        <p class="conversation-card__waiting" role="status" hidden=move || words.with(String::is_empty) data-testid="waiting-note" translate="no">
            {move || words.get()}
        </p>
    }
}

/// Tells of a letter to that address: delivered, waiting for another cluster, or given up.
fn delivery(mailbox: OpenMailbox, to: &MailAddress) -> Callback<MessageId, Mark> {
    let place = mailbox
        .places
        .with_value(|places| place_of(to.place(), places).cloned());
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
fn say_waiting(waiting: &[&Waiting]) -> String {
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
