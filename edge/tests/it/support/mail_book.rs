//! What must hold of mailboxes, whatever happens.

use super::Truth;
use edge::{Credentials, Engine, Mail, MailError, NewLetter};
use protocol::{Letter, MailAddress, MessageSent, MessageStatus};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Answered(MessageSent),
    /// It may have been sent.
    Unknown,
}

/// Remembers every message that was written, by what it says, and compares.
#[derive(Clone, Default)]
pub struct MailBook {
    /// In the order in which they were answered: for each sender, that in which they were sent.
    answered: Vec<(String, MessageSent)>,
    unknown: BTreeMap<String, (MailAddress, MailAddress)>,
}

impl MailBook {
    /// Writes down what became of a message; no two say the same.
    pub fn note(&mut self, message: &NewLetter, outcome: Outcome) {
        let text = message.text.as_str().to_owned();
        match outcome {
            Outcome::Answered(sent) => self.answered.push((text, sent)),
            Outcome::Unknown => {
                let ends = (message.from.clone(), message.to.clone());
                self.unknown.insert(text, ends);
            }
        }
    }

    /// Checks what a mailbox holds; nobody has claimed it where there is no proof.
    pub async fn check_mailbox(
        &self,
        engines: &[Engine],
        address: &MailAddress,
        proof: Option<&Credentials>,
    ) {
        let letters = all_letters(&engines[0], address, proof).await;
        assert_eq!(letters, all_letters(&engines[1], address, proof).await);
        let (own, came): (Vec<_>, Vec<_>) =
            letters.iter().cloned().partition(|letter| letter.is_own);
        self.check_came(address, &came);
        match proof {
            Some(proof) => {
                self.check_own(address, &own);
                check_conversations(&engines[1], (address, proof), &letters).await;
                let inbox = super::inbox(&engines[0], &address.to_string(), proof, 7).await;
                let came = came.iter().map(|letter| letter.message.clone());
                assert_eq!(inbox, came.collect::<Vec<_>>());
            }
            None => assert!(own.is_empty()),
        }
    }

    /// All that was answered has come, in order for each sender, and nothing twice.
    fn check_came(&self, address: &MailAddress, came: &[Letter]) {
        let mut senders = BTreeMap::<_, Vec<_>>::new();
        for (text, sent) in self.answered.iter().filter(|(_, sent)| sent.to == *address) {
            assert_eq!(sent.status, MessageStatus::Delivered);
            let message = (text.clone(), sent.id.clone(), sent.sent_at.clone());
            senders.entry(sent.from.clone()).or_default().push(message);
        }
        let mut found = BTreeMap::<_, Vec<_>>::new();
        for message in self.certain(came).map(|letter| &letter.message) {
            let text = message.message.as_str().to_owned();
            let what = (text, message.id.clone(), message.sent_at.clone());
            found.entry(message.from.clone()).or_default().push(what);
        }
        assert_eq!(found, senders, "what came to {address}");
        self.check_unknown(came, |(_, to)| to == address);
    }

    /// The owner has a copy of each message that was answered, in order, and of nothing twice.
    fn check_own(&self, address: &MailAddress, own: &[Letter]) {
        let is_copied = |sent: &MessageSent| sent.from == *address && sent.to != *address;
        let sent = self.answered.iter().filter(|(_, sent)| is_copied(sent));
        let expected: Vec<_> = sent.map(|(_, sent)| (&sent.id, &sent.sent_at)).collect();
        let found: Vec<_> = self
            .certain(own)
            .map(|letter| (&letter.message.id, &letter.message.sent_at))
            .collect();
        assert_eq!(found, expected, "what {address} wrote");
        self.check_unknown(own, |(from, _)| from == address);
    }

    /// Letters other than those of which nobody knows whether they were sent.
    fn certain<'a>(&'a self, letters: &'a [Letter]) -> impl Iterator<Item = &'a Letter> {
        let text = |letter: &&Letter| letter.message.message.as_str().to_owned();
        letters
            .iter()
            .filter(move |letter| !self.unknown.contains_key(&text(letter)))
    }

    /// Those of which nobody knows are there once at most, and where they belong.
    fn check_unknown(
        &self,
        letters: &[Letter],
        belongs: impl Fn(&(MailAddress, MailAddress)) -> bool,
    ) {
        let mut seen = BTreeSet::new();
        for letter in letters {
            let text = letter.message.message.as_str();
            if let Some(ends) = self.unknown.get(text) {
                assert!(belongs(ends) && seen.insert(text), "{text} is there twice");
            }
        }
    }

    /// What is for another cluster waits there once, in order for each sender.
    pub async fn check_outbox(&self, truth: &mut Truth) {
        let key = format!("{}{{mail:outbox:starlings}}:1:messages", super::PREFIX);
        let found: Vec<(String, BTreeMap<String, String>)> =
            truth.run(&["XRANGE", &key, "-", "+"]).await;
        let mut senders = BTreeMap::<_, Vec<_>>::new();
        for (_, fields) in &found {
            if !self.unknown.contains_key(&fields["text"]) {
                senders
                    .entry(fields["from"].clone())
                    .or_default()
                    .push(fields["id"].clone());
            }
        }
        let mut expected = BTreeMap::<_, Vec<_>>::new();
        let queued = |sent: &MessageSent| sent.status == MessageStatus::Queued;
        for (_, sent) in self.answered.iter().filter(|(_, sent)| queued(sent)) {
            let ids = expected.entry(sent.from.to_string()).or_default();
            ids.push(sent.id.to_string());
        }
        assert_eq!(senders, expected, "what waits");
        let ids: BTreeSet<_> = found.iter().map(|(_, fields)| &fields["id"]).collect();
        assert_eq!(ids.len(), found.len(), "nothing twice");
    }
}

/// Sends a message, at another instance each time, until there is an answer.
pub async fn attempt(mails: &[Mail], message: &NewLetter, at: usize, tries: usize) -> Outcome {
    for number in 0..tries {
        let mail = &mails[(at + number) % mails.len()];
        match mail.send(message.clone()).await {
            Ok(sent) => return Outcome::Answered(sent),
            Err(MailError::Link(_)) => tokio::time::sleep(Duration::from_millis(10)).await,
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(tries, 1, "no answer at all");
    Outcome::Unknown
}

/// Everything in a mailbox, read in parts.
async fn all_letters(
    engine: &Engine,
    address: &MailAddress,
    proof: Option<&Credentials>,
) -> Vec<Letter> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let some = engine.mail().letters(address.clone(), proof, after, 50);
        let some = some.await.unwrap();
        let Some(last) = some.last() else {
            return all;
        };
        after = Some(last.message.cursor);
        all.extend(some);
    }
}

/// Conversations are the letters that are in the mailbox, and what came is unseen.
async fn check_conversations(
    engine: &Engine,
    (address, proof): (&MailAddress, &Credentials),
    letters: &[Letter],
) {
    let mut conversations = BTreeMap::<_, Vec<_>>::new();
    for letter in letters {
        conversations
            .entry(letter.with().clone())
            .or_default()
            .push(letter.clone());
    }
    let told = engine
        .mail()
        .conversations(address.clone(), proof, 100)
        .await
        .unwrap();
    let unread = told.mailbox.unread.iter();
    let unread: BTreeMap<_, _> = unread
        .map(|unread| (unread.with.clone(), unread.count))
        .collect();
    assert_eq!(told.newest.len(), conversations.len());
    for (with, letters) in conversations {
        let came = letters.iter().filter(|letter| !letter.is_own).count() as u32;
        assert_eq!(
            unread.get(&with).copied().unwrap_or(0),
            came,
            "unseen of {with}"
        );
        assert!(told.newest.contains(letters.last().unwrap()));
        let whose = (address.clone(), proof);
        let chain = engine
            .mail()
            .conversation(whose, with, None, 1_000)
            .await
            .unwrap();
        assert_eq!(chain.letters, letters);
    }
    let waiting = told.mailbox.waiting.iter().map(|waiting| &waiting.id);
    let queued = letters
        .iter()
        .filter(|letter| letter.with().place().as_str() == "moon");
    let queued: BTreeSet<_> = queued.map(|letter| &letter.message.id).collect();
    let waiting: BTreeSet<_> = waiting.collect();
    assert!(waiting.is_subset(&queued) && waiting.len() == queued.len().min(100));
}
