//! One letter of a conversation.

use super::letter_mark::{OwnMark, SentMark};
use crate::conversation::Written;
use crate::mail::MailRoom;
use leptos::prelude::*;
use protocol::Letter;

/// A letter that is stored.
#[component]
pub(crate) fn LetterLine(
    /// The mailbox.
    room: MailRoom,
    /// The letter.
    letter: Letter,
) -> impl IntoView {
    let Letter {
        is_own, message, ..
    } = letter;
    let who = if is_own {
        "You".to_owned()
    } else {
        message.from.name().to_owned()
    };
    let is_unverified = !is_own && !message.verified;
    let sent_at = message.sent_at.clone();
    let time = move || {
        room.clock
            .at(&sent_at)
            .map(|moment| said_time(room, moment.time()))
    };
    view! {
        <li class="letter-line" data-own=is_own.then_some("") data-testid="letter" data-id=message.id.to_string()>
            <p class="letter-line__who">{who}</p>
            <div class="letter-line__text"><Written text=message.message.as_str().to_owned() /></div>
            <p class="letter-line__facts">
                {is_unverified.then(|| view! { <span class="mark" data-kind="unverified">"unverified"</span> " " })}
                <time datetime=message.sent_at.clone()>{time}</time>
                {is_own.then(|| view! { " " <OwnMark room id=message.id.clone() to=message.to.clone() /> })}
            </p>
        </li>
    }
}

/// A letter on its way to the server.
#[component]
pub(crate) fn SentLine(
    /// The mailbox.
    room: MailRoom,
    /// The letter's key.
    key: String,
) -> impl IntoView {
    let sent = room
        .outgoing
        .with_untracked(|outgoing| outgoing.get(&key).cloned());
    sent.map(|sent| {
        let time = move || said_time(room, room.clock.at_ms(sent.written_ms).time());
        view! {
            <li class="letter-line" data-own="" data-sending="" data-testid="letter">
                <p class="letter-line__who">"You"</p>
                <div class="letter-line__text"><Written text=sent.text.as_str().to_owned() /></div>
                <div class="letter-line__facts"><span>{time}</span> " " <SentMark room key=sent.key.clone() /></div>
            </li>
        }
    })
}

/// The time, with the clock that it is by where that is not the reader's.
fn said_time(room: MailRoom, time: String) -> String {
    match room.clock.runs() {
        true => time,
        false => format!("{time} UTC"),
    }
}
