//! How a page reaches a party's chat.

use crate::conversation::{Channel, Entry, EntryPage, Submission};
use protocol::{Chat, ChatMessage, Cursor, MessageText, PartyCode, json};

/// A party's chat, as its page sees it.
#[derive(Clone, Copy)]
pub(super) struct ChatChannel {
    /// The party's code.
    pub code: PartyCode,
    /// The visitor's id in the party, if they are in.
    pub you: Option<u32>,
}

impl ChatChannel {
    /// Its messages as entries of the log.
    pub(super) fn page(self, chat: Chat) -> EntryPage {
        EntryPage {
            entries: chat
                .messages
                .into_iter()
                .map(|message| self.entry(message))
                .collect(),
            before: chat.before,
        }
    }

    fn entry(self, message: ChatMessage) -> Entry {
        Entry {
            id: message.id,
            cursor: message.cursor,
            is_own: self.you == Some(message.participant_id),
            author: Some(message.participant_name),
            is_unverified: false,
            is_unclaimed: false,
            text: message.message,
            sent_at: message.sent_at,
        }
    }
}

impl Channel for ChatChannel {
    fn name(&self) -> String {
        format!("party:{}", self.code)
    }

    fn submission(&self, text: &MessageText) -> Option<Submission> {
        let text = String::from(js_sys::encode_uri_component(text.as_str()));
        Some(Submission {
            path: format!("/party/{}/chat", self.code),
            body: format!("message={text}"),
            content_type: "application/x-www-form-urlencoded",
        })
    }

    fn page_path(&self, up_to: Option<Cursor>) -> String {
        let path = format!("/party/{}/messages", self.code);
        match up_to {
            Some(up_to) => format!("{path}?before={up_to}"),
            None => path,
        }
    }

    fn read_page(&self, json: &str) -> Option<EntryPage> {
        Some(self.page(json::read(json)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::party::chat::samples::chat;

    #[test]
    fn the_visitors_own_messages_are_marked() {
        let chat = chat(&[(1, 4, "hi"), (2, 5, "hello")], None);
        let channel = ChatChannel {
            code: PartyCode::parse("457495738").unwrap(),
            you: Some(4),
        };

        let entries = channel.page(chat.clone()).entries;
        assert!(entries[0].is_own && !entries[1].is_own);
        assert_eq!(entries[0].author.as_deref(), Some("Guest 4"));
        let onlooker = ChatChannel {
            you: None,
            ..channel
        };
        assert!(!onlooker.page(chat).entries[0].is_own);
    }
}
