//! A party's chat.

mod channel;
use channel::ChatChannel;
mod chat_card;
pub(crate) use chat_card::ChatCard;

#[cfg(test)]
pub(crate) mod samples;

use crate::conversation::{Log, OpenConversation, Words};
use crate::time::Clock;
use leptos::prelude::*;
use live::browser::{tell, when_looked_at};
use live::{Known, on_state};
use protocol::{CHAT_KEPT, Chat, PartyCode};
use std::time::Duration;

/// What a chat's parts are called.
pub(crate) const WORDS: Words = Words {
    log: "Chat messages",
    messages: "messages",
    beginning: "This is the beginning of the chat.",
    field: "Message",
};

/// The pause before the server is told what was seen.
const TELL_PAUSE: Duration = Duration::from_millis(500);

/// The chat that the server rendered. `you` is the visitor's id in the party, if they are in.
pub(super) fn open_chat(
    code: PartyCode,
    you: Option<u32>,
    chat: Chat,
    is_past: bool,
) -> OpenConversation {
    let channel = ChatChannel { code, you };
    let log = Log::new(channel.page(chat), is_past, CHAT_KEPT as usize);
    OpenConversation::new(channel, log, Clock::new())
}

/// Keeps the chat up to date; once, after hydration. `token` is the person's.
pub(super) fn follow(
    conversation: OpenConversation,
    topic: ReadSignal<Known<Chat>>,
    code: PartyCode,
    you: Option<u32>,
    token: Option<&str>,
) {
    conversation.clock.run();
    // The server knows what it rendered.
    let told = StoredValue::new(conversation.seen());
    let see = move || {
        let seen = conversation.seen().filter(|_| you.is_some());
        if let Some(newest) = seen
            && told.get_value() < seen
        {
            told.set_value(seen);
            // Many messages at once are told of together.
            let tell_all = move || {
                if told.try_get_value() == Some(seen) {
                    tell(format!("/party/{code}/seen?newest={newest}"));
                }
            };
            set_timeout(tell_all, TELL_PAUSE);
        }
    };
    when_looked_at(see);
    on_state(topic, move |chat, is_first| {
        let page = ChatChannel { code, you }.page(chat);
        conversation.hear(|log| {
            if is_first {
                log.welcome();
            }
            log.hear(page);
        });
        see();
    });
    conversation.take_carried(token);
    conversation.start();
}
