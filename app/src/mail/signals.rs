//! An open mailbox as signals.

use super::echoes;
use super::mirror::{MailboxMirror, NewLetters};
use crate::conversation::{Channel, Entry, EntryPage, Log, OpenConversation, Submission};
use crate::time::Clock;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use live::browser::{read, tell, when_looked_at};
use live::{Known, on_state};
use protocol::{
    Conversation, Cursor, Letter, MailAddress, MailPlace, MailState, Mailbox, MessageText, json,
};
use serde::Serialize;

/// The pause before the conversations are loaded again, in milliseconds.
const LOAD_PAUSE_MS: u32 = 3_000;

/// What a page knows of the visitor's mailbox.
#[derive(Clone, Copy)]
pub(crate) struct OpenMailbox {
    /// The mailbox.
    pub mirror: RwSignal<MailboxMirror>,
    /// The open conversation, if any.
    pub conversation: Option<OpenConversation>,
    /// Whom it is with.
    pub with: StoredValue<Option<MailAddress>>,
    /// The known places.
    pub places: StoredValue<Vec<MailPlace>>,
    /// The regions whose echoes to suggest.
    pub echoes: StoredValue<Vec<MailPlace>>,
    /// The reader's time.
    pub clock: Clock,
    /// Whether the task that loads the list of conversations is running.
    is_loading: StoredValue<bool>,
}

impl OpenMailbox {
    /// What the server rendered; `None` where the visitor has no mailbox.
    pub(crate) fn new(state: &MailState) -> Option<Self> {
        let mirror = MailboxMirror::new(state)?;
        let clock = Clock::new();
        let conversation = state.with.clone().map(|with| {
            let letters = state
                .conversation
                .clone()
                .map_or_else(EntryPage::default, page);
            let log = Log::new(letters, state.is_past, usize::MAX);
            let from = mirror.address().clone();
            OpenConversation::new(LetterChannel { from, with }, log, clock)
        });
        Some(Self {
            mirror: RwSignal::new(mirror),
            conversation,
            with: StoredValue::new(state.with.clone()),
            places: StoredValue::new(state.places.clone()),
            echoes: StoredValue::new(echoes(state)),
            clock,
            is_loading: StoredValue::new(false),
        })
    }

    /// Whose mailbox it is, for forms and paths: the visitor may have claimed another name in another tab.
    pub(crate) fn address(self) -> MailAddress {
        self.mirror
            .with_untracked(|mirror| mirror.address().clone())
    }
}

/// Keeps the mailbox up to date, for as long as the page is open.
impl OpenMailbox {
    /// Starts; once, after hydration.
    pub(crate) fn follow(self, topic: ReadSignal<Known<Mailbox>>) {
        self.clock.run();
        when_looked_at(move || self.see());
        on_state(topic, move |mailbox, is_first| self.hear(mailbox, is_first));
        if let Some(conversation) = self.conversation {
            conversation.start();
        }
    }

    fn hear(self, mailbox: Mailbox, is_first: bool) {
        let news = self.mirror.try_update(|mirror| {
            if is_first {
                mirror.welcome();
            }
            mirror.hear(mailbox)
        });
        let Some(news) = news.flatten() else {
            return;
        };
        let has_gap = news.has_gap;
        if let Some((conversation, with)) = self.open() {
            conversation.hear(|log| put(log, news, &with));
        }
        self.see();
        if has_gap && !self.is_loading.get_value() {
            self.is_loading.set_value(true);
            leptos::task::spawn_local(self.load());
        }
    }

    /// The open conversation, and whom it is with.
    fn open(self) -> Option<(OpenConversation, MailAddress)> {
        self.conversation.zip(self.with.try_get_value().flatten())
    }

    /// Loads the newest letter of each conversation, until they come.
    async fn load(self) {
        let path = format!("/mail/conversations?of={}", self.address());
        loop {
            if let Some(letters) = read::<Vec<Letter>>(&path).await {
                self.mirror
                    .try_update(|mirror| mirror.hear_conversations(&letters));
                break;
            }
            TimeoutFuture::new(LOAD_PAUSE_MS).await;
            if self.mirror.is_disposed() {
                return;
            }
        }
        self.is_loading.try_set_value(false);
    }

    /// Marks the open conversation as seen while somebody looks at it.
    fn see(self) {
        let Some((conversation, with)) = self.open() else {
            return;
        };
        let Some(newest) = conversation.seen() else {
            return;
        };
        if self.mirror.try_update(|mirror| mirror.see(&with)) == Some(true) {
            let path = format!("/mail/{with}/seen?of={}&newest={newest}", self.address());
            leptos::task::spawn_local(async move {
                // If it fails, the next news says that they are unread.
                let _told = tell(&path).await;
            });
        }
    }
}

/// Puts new letters into the log of the conversation with an address.
pub(super) fn put(log: &mut Log, news: NewLetters, with: &MailAddress) {
    if news.has_gap {
        log.open_gap(None);
    }
    let letters = news.letters.into_iter();
    log.add(letters.filter(|letter| letter.with() == with).map(entry));
}

/// A conversation of two addresses.
struct LetterChannel {
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
        json::read(json).map(page)
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
fn entry(letter: Letter) -> Entry {
    let Letter {
        is_own,
        is_unclaimed,
        message,
        ..
    } = letter;
    Entry {
        id: message.id,
        cursor: message.cursor,
        is_own,
        author: (!is_own).then(|| message.from.name().to_owned()),
        is_unverified: !is_own && !message.verified,
        is_unclaimed,
        text: message.message,
        sent_at: message.sent_at,
    }
}
