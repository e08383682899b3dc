//! An open mailbox as signals.

use super::channel::{LetterChannel, page};
use super::mirror::MailboxMirror;
use crate::conversation::{EntryPage, Log, OpenConversation};
use crate::time::Clock;
use leptos::prelude::*;
use protocol::{MailAddress, MailPlace, MailState};

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
    /// The reader's time.
    pub clock: Clock,
    /// Whether a browser runs the page.
    pub is_running: RwSignal<bool>,
    /// Whether the task that loads the list of conversations is running.
    pub(super) is_loading: StoredValue<bool>,
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
            clock,
            is_running: RwSignal::new(false),
            is_loading: StoredValue::new(false),
        })
    }

    /// Whose mailbox it is, for forms and paths: the visitor may have claimed another name in another tab.
    pub(crate) fn address(self) -> MailAddress {
        self.mirror
            .with_untracked(|mirror| mirror.address().clone())
    }
}
