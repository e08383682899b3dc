//! Mail for tests.

use crate::samples::page;
use protocol::{
    Conversation, Cursor, Letter, MailAddress, MailBlocks, MailState, Mailbox, Message, MessageId,
    MessageText,
};

pub(crate) fn address(text: &str) -> MailAddress {
    MailAddress::parse(text).unwrap()
}

pub(crate) fn cursor(number: u64) -> Cursor {
    Cursor::parse(&format!("{number}-0")).unwrap()
}

/// A letter that came to ord-wren at that revision.
pub(crate) fn came(rev: u64, from: &str, text: &str) -> Letter {
    Letter {
        rev,
        is_own: false,
        is_unclaimed: false,
        message: Message {
            id: MessageId::of(rev.into()),
            cursor: cursor(rev),
            to: address("ord-wren"),
            from: address(from),
            message: MessageText::parse(text).unwrap(),
            sent_at: "2026-11-21T12:00:00Z".into(),
            verified: true,
        },
    }
}

/// A letter that ord-wren wrote.
pub(crate) fn own(rev: u64, to: &str, text: &str) -> Letter {
    let mut letter = came(rev, "ord-wren", text);
    letter.is_own = true;
    letter.message.to = address(to);
    letter
}

pub(crate) fn mailbox(rev: u64, from_rev: u64, letters: &[Letter]) -> Mailbox {
    Mailbox {
        address: address("ord-wren"),
        rev,
        from_rev,
        letters: letters.into(),
        unread: vec![],
        waiting: vec![],
    }
}

pub(crate) fn conversation(letters: &[Letter], before: Option<u64>) -> Conversation {
    Conversation {
        letters: letters.into(),
        before: before.map(cursor),
    }
}

/// A page of ord-wren's with that conversation open.
pub(crate) fn state(with: Option<&str>, letters: &[Letter]) -> MailState {
    let rev = letters.iter().map(|letter| letter.rev).max();
    MailState {
        page: page(),
        mailbox: Some(mailbox(rev.unwrap_or_default(), 0, &[])),
        conversations: letters.last().cloned().into_iter().collect(),
        with: with.map(address),
        conversation: Some(conversation(letters, None)),
        is_past: false,
        places: vec![],
        blocks: MailBlocks::default(),
        is_known: true,
        kept_max: 10_000,
        kept_days: 30,
        to: String::new(),
        attempt: None,
    }
}
