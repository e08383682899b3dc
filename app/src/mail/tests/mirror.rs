//! How news changes a mailbox.

use crate::conversation::Log;
use crate::mail::mirror::MailboxMirror;
use crate::mail::samples::{address, came, conversation, mailbox, own, state};
use crate::mail::signals::{page, put};
use protocol::{Letter, MailState, Mailbox, Unread};

/// A mailbox with an open conversation.
struct Opened {
    mirror: MailboxMirror,
    log: Log,
    state: MailState,
}

impl Opened {
    fn new(state: MailState) -> Self {
        let letters = page(state.conversation.clone().unwrap());
        Self {
            mirror: MailboxMirror::new(&state).unwrap(),
            log: Log::new(letters, state.is_past, usize::MAX),
            state,
        }
    }

    /// Takes in news; whether it left a gap, if it was any.
    fn hear(&mut self, news: Mailbox) -> Option<bool> {
        let news = self.mirror.hear(news)?;
        let has_gap = news.has_gap;
        put(&mut self.log, news, self.state.with.as_ref().unwrap());
        Some(has_gap)
    }

    fn texts(&self) -> Vec<&str> {
        let entries = self.log.entries().iter();
        entries.map(|entry| entry.text.as_str()).collect()
    }
}

fn opened(with: &str, letters: &[Letter]) -> Opened {
    Opened::new(state(Some(with), letters))
}

#[test]
fn news_comes_into_its_conversation_and_its_row() {
    let mut mail = opened("fra-finch", &[came(1, "fra-finch", "one")]);

    let has_gap = mail.hear(mailbox(
        3,
        1,
        &[own(2, "fra-finch", "two"), came(3, "syd-teal", "else")],
    ));

    assert_eq!(has_gap, Some(false));
    assert_eq!(mail.log.gap(), None);
    assert_eq!(mail.texts(), ["one", "two"]);
    let rows = mail.mirror.conversations().iter();
    let rows: Vec<_> = rows.map(|row| row.with().to_string()).collect();
    assert_eq!(rows, ["syd-teal", "fra-finch"]);
}

#[test]
fn older_news_of_the_same_server_changes_nothing() {
    let mut mail = opened("fra-finch", &[]);
    mail.mirror.welcome();
    mail.hear(mailbox(5, 0, &[came(5, "fra-finch", "five")]));
    let known = mail.mirror.clone();

    assert_eq!(mail.hear(mailbox(4, 0, &[])), None);

    assert_eq!(mail.mirror, known);
}

#[test]
fn after_another_welcome_a_lower_revision_is_the_truth() {
    let mut mail = opened("fra-finch", &[]);
    mail.mirror.welcome();
    mail.hear(mailbox(5, 0, &[came(5, "fra-finch", "five")]));

    mail.mirror.welcome();

    assert_eq!(
        mail.hear(mailbox(2, 0, &[])),
        Some(true),
        "it loads the rest"
    );
    assert_eq!(mail.hear(mailbox(1, 0, &[])), None, "but only once");
}

#[test]
fn news_that_does_not_reach_back_leaves_a_gap_in_the_conversation() {
    let mut mail = opened("fra-finch", &[came(1, "fra-finch", "1")]);

    assert_eq!(
        mail.hear(mailbox(9, 8, &[came(9, "fra-finch", "9")])),
        Some(true)
    );

    let newest = [came(1, "fra-finch", "1"), came(5, "fra-finch", "5")];
    let gap = mail.log.gap().unwrap();
    mail.log.fill(gap, page(conversation(&newest, Some(1))));
    assert_eq!(mail.texts(), ["1", "5", "9"]);
}

#[test]
fn what_one_writes_to_oneself_is_ones_own() {
    let mut mail = opened("ord-wren", &[]);
    let kept = Letter {
        is_own: true,
        ..came(1, "ord-wren", "note")
    };

    mail.hear(mailbox(2, 0, &[came(1, "ord-wren", "note"), kept]));

    assert_eq!(mail.texts(), ["note"]);
    assert!(mail.log.entries()[0].is_own);
}

#[test]
fn a_page_of_older_letters_stays_one() {
    let mut past = state(Some("fra-finch"), &[came(1, "fra-finch", "1")]);
    past.is_past = true;
    let mut mail = Opened::new(past);

    mail.hear(mailbox(9, 0, &[came(9, "fra-finch", "9")]));

    assert_eq!(mail.texts(), ["1"]);
}

#[test]
fn unread_letters_are_counted_until_they_are_seen() {
    let finch = address("fra-finch");
    let mut mail = opened("fra-finch", &[]);
    let mut news = mailbox(4, 0, &[]);
    news.unread = [("fra-finch", 2), ("syd-teal", 3)]
        .map(|(with, count)| Unread {
            with: address(with),
            count,
        })
        .into();

    mail.hear(news);
    assert_eq!(
        (mail.mirror.unread(), mail.mirror.unread_of(&finch)),
        (5, 2)
    );

    assert!(mail.mirror.see(&finch) && !mail.mirror.see(&finch));
    assert_eq!(
        (mail.mirror.unread(), mail.mirror.unread_of(&finch)),
        (3, 0)
    );
}

#[test]
fn news_of_another_mailbox_is_none() {
    let mut mail = opened("fra-finch", &[]);
    let mut news = mailbox(7, 0, &[came(7, "fra-finch", "x")]);
    news.address = address("syd-teal");

    assert_eq!(mail.hear(news), None);
    assert!(mail.mirror.conversations().is_empty());
}
