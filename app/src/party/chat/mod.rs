//! A party's chat.

mod channel;
use channel::ChatChannel;
mod chat_card;
pub(crate) use chat_card::ChatCard;

#[cfg(test)]
pub(crate) mod samples;

use crate::conversation::{Log, OpenConversation, Words};
use crate::time::Clock;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use live::browser::{tell, when_looked_at};
use live::{Known, on_state};
use protocol::{CHAT_KEPT, Chat, Cursor, PartyCode};

/// What a chat's parts are called.
pub(crate) const WORDS: Words = Words {
    log: "Chat messages",
    messages: "messages",
    beginning: "This is the beginning of the chat.",
    field: "Message",
};

/// The pause after which the server is told of what was seen since, in milliseconds: of many messages at once.
const TELL_PAUSE_MS: u32 = 500;

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
    let seeing = Seeing {
        conversation,
        code,
        // The server knows what it rendered.
        told: StoredValue::new(conversation.seen()),
        is_telling: StoredValue::new(false),
    };
    let see = move || {
        if you.is_some() {
            seeing.see();
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

/// Tells the server which messages a participant has looked at.
#[derive(Clone, Copy)]
struct Seeing {
    conversation: OpenConversation,
    code: PartyCode,
    /// The newest one that the server knows of.
    told: StoredValue<Option<Cursor>>,
    is_telling: StoredValue<bool>,
}

impl Seeing {
    /// Tells of what is seen by now, if that is news. What fails is told of with the next message, or look.
    fn see(self) {
        if self.is_telling.get_value() || self.news().is_none() {
            return;
        }
        self.is_telling.set_value(true);
        leptos::task::spawn_local(async move {
            while let Some(newest) = self.news() {
                let path = format!("/party/{}/seen?newest={newest}", self.code);
                if !tell(&path).await {
                    break;
                }
                self.told.try_set_value(Some(newest));
                TimeoutFuture::new(TELL_PAUSE_MS).await;
            }
            self.is_telling.try_set_value(false);
        });
    }

    /// The newest message that is seen, where the server does not know that.
    fn news(self) -> Option<Cursor> {
        let told = self.told.try_get_value()?;
        self.conversation
            .seen()
            .filter(|newest| told < Some(*newest))
    }
}
