//! The open conversation.

use super::conversation_list::shown_place;
use super::delivery::{delivery, say_waiting};
use super::{OpenMailbox, WORDS};
use crate::conversation::{Announcements, Composer, Entry, MessageLog, OpenConversation};
use leptos::prelude::*;
use protocol::{MailAddress, MailAttempt};

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
) -> impl IntoView {
    let place = mailbox
        .places
        .with_value(|places| shown_place(&with, places));
    let is_past = conversation.log.with_untracked(|log| log.is_past());
    let is_reserved = with.is_reserved();
    let has_unverified = move || {
        let is_unverified = |entry: &Entry| entry.is_unverified;
        conversation
            .log
            .with(|log| log.entries().iter().any(is_unverified))
    };
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
            </header>
            <MessageLog conversation words=WORDS address=(String::new(), "") delivery=delivery(mailbox, &with) />
            <WaitingNote mailbox conversation />
            {is_past.then(|| view! {
                <p class="conversation-card__past">
                    "These are older letters. "
                    <a href=newest data-testid="to-newest">"Go to the newest to reply"</a>
                </p>
            })}
            {is_reserved.then(|| view! {
                <p class="conversation-card__past">"Automatic notices. Replies aren't read."</p>
            })}
            {(!is_past && !is_reserved).then(|| view! {
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
        <p class="conversation-card__waiting" role="status" hidden=move || words.with(String::is_empty) data-testid="waiting-note">
            {move || words.get()}
        </p>
    }
}
