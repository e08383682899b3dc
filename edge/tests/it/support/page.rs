//! A tab that shows a party.

use super::{DEADLINE, names, person, read, session_id};
use edge::{Engine, Outgoing, Session};
use protocol::live::{ServerFrame, Topic};
use protocol::{Chat, ChatTopic, Party, PartyCode, PartyTopic};

/// A session of a person, and what its frames told of the party that it shows.
pub struct Page {
    session: Session,
    code: Option<PartyCode>,
    /// The newest that was told; nothing where nothing was.
    told: Option<Option<Party>>,
    /// How many frames told of a party.
    frames: u64,
    /// The newest state of its chat.
    chat: Option<Chat>,
    /// The number of chat frames.
    chat_frames: u64,
}

impl Page {
    /// Opens a tab of the person of that name that shows parties, and that one where a code is given.
    pub fn open(engine: &Engine, name: &str, code: Option<PartyCode>) -> Self {
        let session = engine.session(&session_id(name), person(name));
        let mut page = Self {
            session,
            code: None,
            told: None,
            frames: 0,
            chat: None,
            chat_frames: 0,
        };
        page.show(code);
        page
    }

    /// Shows another party from now on.
    pub fn show(&mut self, code: Option<PartyCode>) {
        for topic in [PartyTopic::NAME, ChatTopic::NAME] {
            if let Some(code) = code {
                self.session.watch_unchecked(topic, &code.to_string());
            }
            if let Some(before) = self.code.filter(|before| Some(*before) != code) {
                self.session.unwatch(topic, &before.to_string());
            }
        }
        self.code = code;
        self.told = None;
        self.chat = None;
    }

    /// Waits for the next thing it hears, and takes it in.
    pub async fn listen(&mut self) {
        let outgoing = self.session.next().await;
        let Outgoing::Frame(json) = outgoing else {
            return;
        };
        let ServerFrame::State(frame) = read(&json) else {
            return;
        };
        if let Some((code, party)) = frame.read::<PartyTopic>() {
            assert_eq!(Some(code), self.code, "of the party that it shows");
            self.frames += 1;
            self.told = Some(party);
        }
        if let Some((code, chat)) = frame.read::<ChatTopic>() {
            assert_eq!(Some(code), self.code, "of the party that it shows");
            assert!(json.len() <= 65 << 10, "{} bytes", json.len());
            self.chat_frames += 1;
            self.chat = Some(chat);
        }
    }

    /// Listens until the texts of its chat, oldest first, are as asked.
    pub async fn until_messages(&mut self, what: &str, holds: impl Fn(&[&str]) -> bool) {
        let wait = async {
            while !self.texts().is_some_and(|texts| holds(&texts)) {
                self.listen().await;
            }
        };
        if tokio::time::timeout(DEADLINE, wait).await.is_err() {
            panic!("never came: {what}; the chat is {:?}", self.chat);
        }
    }

    /// The texts of its chat, oldest first.
    pub fn texts(&self) -> Option<Vec<&str>> {
        let messages = self.chat.as_ref()?.messages.iter();
        Some(messages.map(|message| message.message.as_str()).collect())
    }

    /// Its chat.
    pub fn chat(&self) -> Option<&Chat> {
        self.chat.as_ref()
    }

    /// The number of chat frames.
    pub fn chat_frames(&self) -> u64 {
        self.chat_frames
    }

    /// Listens until the party is as asked; nothing stands for one that is none.
    pub async fn until(&mut self, what: &str, holds: impl Fn(Option<&Party>) -> bool) {
        let wait = async {
            while !self.told.as_ref().is_some_and(|told| holds(told.as_ref())) {
                self.listen().await;
            }
        };
        if tokio::time::timeout(DEADLINE, wait).await.is_err() {
            panic!("never came: {what}; the party is {:?}", self.told);
        }
    }

    /// Listens until these are in, written as [`names`] does.
    pub async fn until_names(&mut self, expected: &[&str]) {
        let what = format!("{expected:?}");
        self.until(&what, |party| {
            party.is_some_and(|party| names(party) == expected)
        })
        .await;
    }

    /// Listens until there is no such party.
    pub async fn until_ended(&mut self) {
        self.until("the end", |party| party.is_none()).await;
    }

    /// How many frames told of a party.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// The party as it was told last.
    pub fn party(&self) -> Option<&Party> {
        self.told.as_ref()?.as_ref()
    }
}
