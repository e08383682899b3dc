//! What a page of mail knows, as signals.

use super::outgoing::{Outgoing, Sent};
use super::post::Post;
use super::{Moment, read_ms};
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

/// The reader's time: nothing on a server and until the page runs, where it is UTC.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    now_ms: RwSignal<Option<i64>>,
}

impl Clock {
    /// A clock that stands still.
    pub(crate) fn new() -> Self {
        Self {
            now_ms: RwSignal::new(None),
        }
    }

    /// Sets it.
    #[cfg(feature = "hydrate")]
    pub(crate) fn set(self, now_ms: i64) {
        self.now_ms.try_set(Some(now_ms));
    }

    /// A time as the reader's clock shows it.
    pub(crate) fn at(self, sent_at: &str) -> Option<Moment> {
        read_ms(sent_at).map(|ms| self.at_ms(ms))
    }

    /// Likewise, of milliseconds since 1970.
    pub(crate) fn at_ms(self, ms: i64) -> Moment {
        Moment::of(ms, if self.runs() { ahead_minutes(ms) } else { 0 })
    }

    /// The day that is today; nothing where that is not known.
    pub(crate) fn today(self) -> Option<i64> {
        let now_ms = self.now_ms.get()?;
        Some(Moment::of(now_ms, ahead_minutes(now_ms)).day)
    }

    /// Whether it shows the reader's own time.
    pub(crate) fn runs(self) -> bool {
        self.now_ms.with(Option::is_some)
    }
}

/// How many minutes the reader's clocks are, or were then, ahead of UTC.
#[cfg(feature = "hydrate")]
fn ahead_minutes(ms: i64) -> i64 {
    let date = js_sys::Date::new(&(ms as f64).into());
    // Not a number for a time that no calendar has.
    -(date.get_timezone_offset() as i64)
}

/// A server's clock is UTC.
#[cfg(not(feature = "hydrate"))]
fn ahead_minutes(_ms: i64) -> i64 {
    0
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
