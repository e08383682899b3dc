//! A tab that shows a mailbox.

use super::{DEADLINE, person, read, session_id};
use edge::{Engine, Mail, Outgoing, Session};
use protocol::live::{ServerFrame, Topic};
use protocol::{Letter, MailAddress, Mailbox, MailboxTopic, MessageId};
use std::collections::BTreeMap;

/// A session, and what its frames told of the mailbox that it shows.
pub struct MailPage {
    mail: Mail,
    session: Session,
    /// What it watches.
    address: Option<MailAddress>,
    /// The newest that was told.
    told: Option<Mailbox>,
    /// Every letter that was told of, by its revision.
    letters: BTreeMap<u64, Letter>,
    /// How often letters were missing between two frames.
    gaps: u64,
    frames: u64,
}

impl MailPage {
    /// Opens a tab that shows that mailbox.
    pub fn open(engine: &Engine, address: &MailAddress) -> Self {
        let session = engine.session(&session_id("mail"), person("reader"));
        let mut page = Self {
            mail: engine.mail().clone(),
            session,
            address: None,
            told: None,
            letters: BTreeMap::new(),
            gaps: 0,
            frames: 0,
        };
        page.show(Some(address.clone()));
        page
    }

    /// Shows another mailbox, or none.
    pub fn show(&mut self, address: Option<MailAddress>) {
        let known = |address: MailAddress| self.mail.resolve(address.clone()).unwrap_or(address);
        let address = address.map(known);
        self.told = None;
        self.letters.clear();
        if let Some(before) = &self.address {
            self.session
                .unwatch(MailboxTopic::NAME, &before.to_string());
        }
        if let Some(address) = &address {
            self.session
                .watch_unchecked(MailboxTopic::NAME, &address.to_string());
        }
        self.address = address;
    }

    /// Waits for the next thing it hears, and takes it in.
    pub async fn listen(&mut self) {
        let outgoing = self.session.next().await;
        let Outgoing::Frame(json) = outgoing else {
            return;
        };
        if let ServerFrame::State(frame) = read(&json)
            && let Some((_, mailbox)) = frame.read::<MailboxTopic>()
        {
            self.hear(mailbox);
        }
    }

    fn hear(&mut self, mailbox: Mailbox) {
        let before = self.told.as_ref().map_or(0, |told| told.rev);
        assert!(mailbox.rev >= before, "{} after {before}", mailbox.rev);
        if before > 0 && mailbox.from_rev > before {
            self.gaps += 1;
        }
        self.frames += 1;
        let letters = mailbox.letters.iter().cloned();
        self.letters
            .extend(letters.map(|letter| (letter.rev, letter)));
        self.told = Some(mailbox);
    }

    /// Listens until the mailbox is as asked.
    pub async fn until(&mut self, what: &str, holds: impl Fn(&Mailbox) -> bool) {
        let wait = async {
            while !self.told.as_ref().is_some_and(&holds) {
                self.listen().await;
            }
        };
        if tokio::time::timeout(DEADLINE, wait).await.is_err() {
            panic!("never came: {what}; the mailbox is {:?}", self.told);
        }
    }

    /// Listens until that message is the newest letter.
    pub async fn until_newest(&mut self, id: &MessageId) {
        let newest = |mailbox: &Mailbox| {
            mailbox
                .letters
                .last()
                .is_some_and(|letter| letter.message.id == *id)
        };
        self.until("the newest letter", newest).await;
    }

    /// The mailbox as it was told last.
    pub fn mailbox(&self) -> &Mailbox {
        self.told.as_ref().unwrap()
    }

    /// Every letter that was told of, in order.
    pub fn letters(&self) -> Vec<Letter> {
        self.letters.values().cloned().collect()
    }

    pub fn gaps(&self) -> u64 {
        self.gaps
    }

    pub fn frames(&self) -> u64 {
        self.frames
    }
}
