//! What a page of mail knows, as signals.

use super::outgoing::{Outgoing, Sent};
use super::post::Post;
use crate::time::Clock;
use leptos::prelude::*;
use protocol::{Letter, MailPlace};

/// An open mailbox.
#[derive(Clone, Copy)]
pub(crate) struct MailRoom {
    /// The mailbox.
    pub post: RwSignal<Post>,
    /// Letters on their way to the server.
    pub outgoing: RwSignal<Outgoing>,
    /// The places that there are.
    pub places: StoredValue<Vec<MailPlace>>,
    /// The reader's time.
    pub clock: Clock,
    /// How looking back goes.
    pub looking: RwSignal<Looking>,
    /// Whether a browser runs the page.
    pub is_running: RwSignal<bool>,
    /// A text that goes back into the field, where one was taken back.
    pub taken_back: RwSignal<String>,
    /// Whether the task runs that carries letters.
    pub(super) is_carrying: StoredValue<bool>,
    /// Whether the one runs that fills a gap.
    pub(super) is_filling: StoredValue<bool>,
}

/// How looking back goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Looking {
    /// Nobody does.
    #[default]
    Idle,
    /// The page waits for older letters.
    Asked,
    /// They did not come.
    Failed,
}

impl MailRoom {
    /// What the server knew.
    pub(crate) fn new(post: Post, places: Vec<MailPlace>) -> Self {
        Self {
            post: RwSignal::new(post),
            outgoing: RwSignal::new(Outgoing::default()),
            places: StoredValue::new(places),
            clock: Clock::new(),
            looking: RwSignal::new(Looking::Idle),
            is_running: RwSignal::new(false),
            taken_back: RwSignal::new(String::new()),
            is_carrying: StoredValue::new(false),
            is_filling: StoredValue::new(false),
        }
    }

    /// Whose mailbox it is, for forms and paths: the visitor may have taken another name in another tab.
    pub(crate) fn from(self) -> String {
        self.post.with_untracked(|post| post.address().to_string())
    }

    /// The open conversation's letters.
    pub(crate) fn letters(self) -> Memo<Vec<Letter>> {
        Memo::new(move |_| {
            let letters = |post: &Post| post.thread().map(|thread| thread.letters.clone());
            self.post.with(letters).unwrap_or_default()
        })
    }

    /// The letters on their way that are to be shown beneath.
    pub(crate) fn sent(self, letters: Memo<Vec<Letter>>) -> Memo<Vec<Sent>> {
        Memo::new(move |_| {
            letters.with(|letters| self.outgoing.with(|outgoing| outgoing.shown(letters)))
        })
    }
}
