//! The list of conversations.

use super::{MailboxMirror, OpenMailbox, TryEcho, place_of};
use crate::conversation::Written;
use crate::conversation::preview;
use leptos::prelude::*;
use live::format::counted;
use protocol::{Letter, MailAddress};

/// Characters of a letter that its row may show; it shows fewer where it is narrow.
const PREVIEW_CHARS: usize = 120;

/// All conversations, newest first.
#[component]
pub(crate) fn ConversationList(
    /// The mailbox.
    mailbox: OpenMailbox,
    /// The open conversation.
    open: Option<MailAddress>,
) -> impl IntoView {
    let conversations = Memo::new(move |_| {
        mailbox
            .mirror
            .with(|mirror| mirror.conversations().to_vec())
    });
    let unread = move || match mailbox.mirror.with(MailboxMirror::unread) {
        0 => String::new(),
        count => format!("{} unread", counted(count, "letter", "letters")),
    };
    view! {
        <section class="conversation-list" aria-labelledby="conversations-title">
            <h2 class="conversation-list__title" id="conversations-title">
                "Conversations "
                <span class="conversation-list__count" data-testid="unread-all" translate="no">{unread}</span>
            </h2>
            <ul class="conversation-list__list" data-testid="conversations">
                <For each=move || conversations.get() key=|letter| letter.with().clone() let(letter)>
                    <ConversationItem mailbox is_open=open.as_ref() == Some(letter.with()) first=letter />
                </For>
            </ul>
            <p class="conversation-list__empty" hidden=move || !conversations.with(Vec::is_empty) data-testid="conversations-empty">
                "No letters yet. Share your address, or write to somebody's. New mail appears here instantly. "
                <TryEcho echoes=mailbox.echoes.get_value() />
            </p>
        </section>
    }
}

/// One conversation. It stays the same element as letters arrive, so that it keeps the focus.
#[component]
fn ConversationItem(
    /// The mailbox.
    mailbox: OpenMailbox,
    /// Whether it is open.
    is_open: bool,
    /// Its newest letter, to begin with.
    first: Letter,
) -> impl IntoView {
    let with = first.with().clone();
    let href = format!("/mail/{with}");
    let (name, shown_name) = (with.to_string(), with.to_string());
    let place = mailbox
        .places
        .with_value(|places| shown_place(&with, places));
    let unread = {
        let with = with.clone();
        Memo::new(move |_| mailbox.mirror.with(|mirror| mirror.unread_of(&with)))
    };
    let letter = Memo::new(move |_| {
        mailbox.mirror.with(|mirror| {
            let own = mirror
                .conversations()
                .iter()
                .find(|letter| *letter.with() == with);
            own.cloned().unwrap_or_else(|| first.clone())
        })
    });
    let is_verified = move || letter.with(|letter| letter.is_own || letter.message.verified);
    let sent_at = move || letter.with(|letter| letter.message.sent_at.clone());
    let text =
        move || letter.with(|letter| preview(letter.message.message.as_str(), PREVIEW_CHARS));
    view! {
        <li class="conversation-item" data-testid="conversation-item" data-with=name data-unread=move || (unread.get() > 0).then_some("")>
            <a class="conversation-item__link" href=href aria-current=is_open.then_some("page")>
                <span class="conversation-item__with">{shown_name}</span>
                <time class="conversation-item__time" datetime=sent_at translate="no">{move || short_time(mailbox, &sent_at())}</time>
                <span class="conversation-item__place">
                    {place}
                    <span class="mark" data-kind="unverified" hidden=is_verified>"unverified"</span>
                </span>
                <span class="conversation-item__text" translate="no">
                    {move || letter.with(|letter| if letter.is_own { "You: " } else { "" })}
                    {move || view! { <Written text=text() /> }}
                </span>
                <span class="conversation-item__unread" hidden=move || unread.get() == 0 data-testid="unread" translate="no">
                    {move || unread.get()}
                    <span class="visually-hidden">" unread"</span>
                </span>
            </a>
        </li>
    }
}

/// When it was sent, in short.
fn short_time(mailbox: OpenMailbox, sent_at: &str) -> String {
    let Some(moment) = mailbox.clock.at(sent_at) else {
        return String::new();
    };
    match mailbox.clock.today() {
        Some(today) => moment.in_short(today),
        // A server does not know the reader's day.
        None => format!("{}, {} UTC", moment.in_short(moment.day + 2), moment.time()),
    }
}

/// The place of an address, in words.
pub(super) fn shown_place(address: &MailAddress, places: &[protocol::MailPlace]) -> String {
    match place_of(address.place(), places) {
        Some(place) if place.is_elsewhere => format!("Cluster {}", place.name),
        Some(place) => place.name.clone(),
        None => "Unknown region".into(),
    }
}
