//! An open conversation as signals.

use super::channel::{Channel, Submission, new_key, send};
use super::outbox::Answer;
use super::{EntryPage, Log, Outbox, Unsent};
use crate::time::Clock;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use live::browser::{is_visible, now_ms, read_text, remember, remembered};
use live::pending::{PendingRequest, forget, is_old, pending};
use protocol::{Cursor, MessageText};
use std::sync::Arc;

/// The pause before a gap that could not be filled is tried again, in milliseconds.
const GAP_PAUSE_MS: u32 = 3_000;

/// What a page knows of the conversation it shows.
#[derive(Clone, Copy)]
pub(crate) struct OpenConversation {
    /// The stored messages.
    pub log: RwSignal<Log>,
    /// The texts on their way.
    pub outbox: RwSignal<Outbox>,
    /// The reader's time.
    pub clock: Clock,
    /// How loading older messages goes.
    pub older: RwSignal<Loading>,
    /// Whether a browser runs the page.
    pub is_running: RwSignal<bool>,
    /// A text that goes back into the field to be edited.
    pub edited: RwSignal<String>,
    pub(super) channel: StoredValue<Arc<dyn Channel>>,
    /// Whether the task that sends is running.
    pub(super) is_sending: StoredValue<bool>,
    /// Whether the task that fills gaps is running.
    is_filling: StoredValue<bool>,
}

/// How loading older messages goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loading {
    Idle,
    Pending,
    Failed,
}

impl OpenConversation {
    /// What the server rendered.
    pub(crate) fn new(channel: impl Channel + 'static, log: Log, clock: Clock) -> Self {
        Self {
            log: RwSignal::new(log),
            outbox: RwSignal::new(Outbox::default()),
            clock,
            older: RwSignal::new(Loading::Idle),
            is_running: RwSignal::new(false),
            edited: RwSignal::new(String::new()),
            channel: StoredValue::new(Arc::new(channel)),
            is_sending: StoredValue::new(false),
            is_filling: StoredValue::new(false),
        }
    }

    /// Starts to send; once, after hydration.
    pub(crate) fn start(self) {
        self.is_running.set(true);
        self.resume();
    }

    /// Takes in news, and fills the gap that it leaves.
    pub(crate) fn hear(self, change: impl FnOnce(&mut Log)) {
        let gap = self.log.try_update(|log| {
            change(log);
            log.gap()
        });
        self.forget();
        if gap.flatten().is_some() && !self.is_filling.get_value() {
            self.is_filling.set_value(true);
            leptos::task::spawn_local(self.fill());
        }
    }

    /// Requests what a gap lacks until it is filled.
    async fn fill(self) {
        while let Some(gap) = self.log.try_with_untracked(Log::gap).flatten() {
            match self.load(gap.up_to).await {
                Some(found) => drop(self.log.try_update(|log| log.fill(gap, found))),
                None => TimeoutFuture::new(GAP_PAUSE_MS).await,
            }
        }
        self.is_filling.try_set_value(false);
        self.forget();
    }

    /// Loads older messages.
    pub(crate) fn look_back(self) {
        let Some(up_to) = self.log.with_untracked(Log::before) else {
            return;
        };
        if self.older.get_untracked() == Loading::Pending {
            return;
        }
        self.older.set(Loading::Pending);
        leptos::task::spawn_local(async move {
            let loading = match self.load(Some(up_to)).await {
                Some(older) => {
                    self.log.try_update(|log| log.look_back(up_to, older));
                    Loading::Idle
                }
                None => Loading::Failed,
            };
            self.older.try_set(loading);
        });
    }

    /// The newest message, where somebody looks at it.
    pub(crate) fn seen(self) -> Option<Cursor> {
        let newest = self.log.try_with_untracked(|log| {
            let newest = log.entries().last().map(|entry| entry.cursor);
            newest.filter(|_| !log.is_past())
        });
        newest.flatten().filter(|_| is_visible())
    }

    async fn load(self, up_to: Option<Cursor>) -> Option<EntryPage> {
        let channel = self.channel.try_get_value()?;
        let json = read_text(&channel.page_path(up_to)).await?;
        channel.read_page(&json)
    }
}

/// Sends what is written, for as long as the page is open.
impl OpenConversation {
    /// Resumes what a page was sending when it was closed, under the same keys.
    pub(super) fn resume(self) {
        let Some(name) = self.name() else {
            return;
        };
        let of_this = pending()
            .into_iter()
            .filter(|request| request.conversation == name);
        self.outbox.update(|outbox| {
            for PendingRequest {
                key,
                text,
                written_ms,
                ..
            } in of_this
            {
                if let Ok(text) = MessageText::parse(&text) {
                    outbox.resume(key, text, written_ms, is_old(written_ms));
                }
            }
        });
        self.send_all();
    }

    /// Sends a text.
    pub(super) fn write(self, text: MessageText) {
        self.keep_and(new_key(), &text, |outbox, key| {
            outbox.write(key, text.clone(), now_ms());
        });
    }

    /// Sends a refused text once more.
    pub(super) fn retry(self, key: &str) {
        let text = self
            .outbox
            .with_untracked(|outbox| outbox.get(key).map(|unsent| unsent.text.clone()));
        if let Some(text) = text {
            self.keep_and(new_key(), &text, |outbox, new_key| {
                outbox.retry(key, new_key, now_ms())
            });
            forget(key);
        }
    }

    /// Has the browser keep a text until it is answered, and sends it.
    fn keep_and(self, key: String, text: &MessageText, write: impl FnOnce(&mut Outbox, String)) {
        if let Some(request) = self.request(text, &key, now_ms()) {
            request.keep();
        }
        self.outbox.update(|outbox| write(outbox, key));
        self.send_all();
    }

    /// What sends a text.
    fn request(self, text: &MessageText, key: &str, written_ms: i64) -> Option<PendingRequest> {
        let channel = self.channel.try_get_value()?;
        let Submission {
            path,
            body,
            content_type,
        } = channel.submission(text)?;
        Some(PendingRequest {
            key: key.to_owned(),
            conversation: channel.name(),
            text: text.as_str().to_owned(),
            written_ms,
            path,
            content_type: content_type.to_owned(),
            body,
            ..PendingRequest::default()
        })
    }

    /// Puts a refused text back into the field.
    pub(super) fn edit(self, key: &str) {
        let taken = self.outbox.try_update(|outbox| outbox.take(key)).flatten();
        if let Some(Unsent { text, .. }) = taken {
            forget(key);
            self.edited.set(text.as_str().to_owned());
        }
    }

    /// What was typed and not sent before the page was reloaded.
    pub(super) fn draft(self) -> Option<String> {
        self.draft_key().and_then(|key| remembered(&key))
    }

    /// Remembers what is typed.
    pub(super) fn keep_draft(self, text: &str) {
        if let Some(key) = self.draft_key() {
            remember(&key, text);
        }
    }

    /// Starts the task that sends, if it is not running.
    fn send_all(self) {
        if self.is_sending.get_value() {
            return;
        }
        self.is_sending.set_value(true);
        leptos::task::spawn_local(async move {
            while self.send_next().await.is_some() {}
            self.is_sending.try_set_value(false);
        });
    }

    /// Sends one text and waits as long as its answer asks for; `None` where there is none left, or no page.
    async fn send_next(self) -> Option<()> {
        let next = self.log.try_with_untracked(|log| {
            self.outbox
                .try_update_untracked(|outbox| outbox.next(log.entries()))
        })???;
        let mut request = self.request(&next.text, &next.key, next.written_ms)?;
        let answer = send(&request).await.or_ask(is_old(next.written_ms));
        match answer {
            Answer::Stored(_) => forget(&next.key),
            Answer::Refused(_) => {
                request.asks = true;
                request.keep();
            }
            Answer::Unknown(_) => {}
        }
        let roll = js_sys::Math::random();
        let pause_ms = self
            .outbox
            .try_update(|outbox| outbox.settle(&next.key, answer, roll))?;
        self.forget();
        if pause_ms > 0 {
            TimeoutFuture::new(u32::try_from(pause_ms).unwrap_or(u32::MAX)).await;
        }
        Some(())
    }

    /// Removes texts whose copies are in the conversation.
    pub(super) fn forget(self) {
        self.log.try_with_untracked(|log| {
            self.outbox
                .try_update(|outbox| outbox.forget(log.entries()))
        });
    }

    pub(super) fn name(self) -> Option<String> {
        self.channel.try_with_value(|channel| channel.name())
    }

    fn draft_key(self) -> Option<String> {
        Some(format!("murmuration-draft:{}", self.name()?))
    }
}
