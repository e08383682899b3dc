//! A party's chat: its messages, and the form that sends one.

use super::WORDS;
use crate::conversation::{Announcements, Composer, MessageLog, OpenConversation};
use leptos::either::EitherOf3;
use leptos::prelude::*;
use live::format::grouped;
use protocol::{CHAT_KEPT, ChatAttempt, PartyCode};

/// The chat.
#[component]
pub(crate) fn ChatCard(
    /// The party's code.
    code: PartyCode,
    /// The chat.
    conversation: OpenConversation,
    /// Whether the visitor is in the party.
    is_in: Memo<bool>,
    /// A message that could not be sent.
    attempt: Option<ChatAttempt>,
) -> impl IntoView {
    let is_past = conversation.log.with_untracked(|log| log.is_past());
    let path = format!("/party/{code}");
    let newest = format!("{path}#chat");
    let attempt = attempt.map(|attempt| (attempt.draft, attempt.problem));
    let foot = move || match is_in.get() {
        _ if is_past => EitherOf3::A(view! {
            <p class="chat-card__foot">
                "These are older messages. "
                <a href=newest.clone() data-testid="to-newest">"Go to the newest to chat"</a>
            </p>
        }),
        true => EitherOf3::B(view! {
            <Composer
                conversation
                words=WORDS
                action=format!("/party/{code}/chat")
                label="Send a chat message".to_owned()
                from=None
                attempt=attempt.clone()
            />
        }),
        false => EitherOf3::C(view! {
            <p class="chat-card__foot" data-testid="join-to-chat">
                <a href="#guest-title">"Join to chat"</a>
                ". Anyone with the code can read."
            </p>
        }),
    };
    view! {
        <section class="chat-card" id="chat" aria-labelledby="chat-title" data-testid="chat">
            <header class="chat-card__head">
                <h2 class="card__title" id="chat-title">"Chat"</h2>
                <p class="chat-card__kept" data-testid="chat-kept">{kept()}</p>
            </header>
            <MessageLog conversation words=WORDS address=(path, "#chat") />
            {foot}
            <Announcements conversation words=WORDS from=None />
        </section>
    }
}

/// What a chat keeps, in words.
fn kept() -> String {
    format!(
        "The last {} messages, deleted when the party ends",
        grouped(CHAT_KEPT)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_what_a_chat_keeps() {
        assert_eq!(
            kept(),
            "The last 1,000 messages, deleted when the party ends"
        );
    }
}
