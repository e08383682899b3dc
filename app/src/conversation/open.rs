//! An open conversation as signals.

use super::channel::Channel;
use super::{EntryPage, Log, Outbox};
use crate::browser::read_text;
use crate::time::Clock;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use protocol::Cursor;
use std::sync::Arc;

/// The pause before a gap that could not be filled is tried again, in milliseconds.
const GAP_PAUSE_MS: u32 = 3_000;

/// What a page knows of the conversation it shows.
#[derive(Clone, Copy)]
pub(crate) struct OpenConversation {
    pub log: RwSignal<Log>,
    pub outbox: RwSignal<Outbox>,
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

    async fn load(self, up_to: Option<Cursor>) -> Option<EntryPage> {
        let channel = self.channel.try_get_value()?;
        let json = read_text(&channel.page_path(up_to)).await?;
        channel.read_page(&json)
    }
}
