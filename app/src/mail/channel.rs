//! How a page reaches a mail conversation.

use crate::conversation::{Channel, Entry, EntryPage, Submission};
use protocol::{Conversation, Cursor, Letter, MailAddress, MessageText};
use serde::Serialize;

/// A conversation of two addresses.
pub(super) struct LetterChannel {
    /// The mailbox's own address.
    pub from: MailAddress,
    /// The other one.
    pub with: MailAddress,
}

/// The body of a letter that is sent.
#[derive(Serialize)]
struct Body<'a> {
    message: &'a MessageText,
    to: &'a MailAddress,
    from: &'a MailAddress,
}

impl Channel for LetterChannel {
    fn name(&self) -> String {
        format!("{}:{}", self.from, self.with)
    }

    fn submission(&self, text: &MessageText) -> Option<Submission> {
        let body = Body {
            message: text,
            to: &self.with,
            from: &self.from,
        };
        Some(Submission {
            path: "/api/messages".to_owned(),
            body: serde_json::to_string(&body).ok()?,
            content_type: "application/json",
        })
    }

    fn page_path(&self, up_to: Option<Cursor>) -> String {
        let path = format!("/mail/{}/letters?of={}", self.with, self.from);
        match up_to {
            Some(up_to) => format!("{path}&before={up_to}"),
            None => path,
        }
    }

    fn read_page(&self, json: &str) -> Option<EntryPage> {
        serde_json::from_str(json).ok().map(page)
    }
}

/// Letters as entries of the log.
pub(super) fn page(conversation: Conversation) -> EntryPage {
    EntryPage {
        entries: conversation.letters.into_iter().map(entry).collect(),
        before: conversation.before,
    }
}

/// A letter as an entry of the log.
pub(super) fn entry(letter: Letter) -> Entry {
    let Letter {
        is_own, message, ..
    } = letter;
    Entry {
        id: message.id,
        cursor: message.cursor,
        is_own,
        author: (!is_own).then(|| message.from.name().to_owned()),
        is_unverified: !is_own && !message.verified,
        text: message.message,
        sent_at: message.sent_at,
    }
}
