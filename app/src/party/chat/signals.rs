//! What a page knows of a room, as signals.

use super::log::ChatLog;
use super::sayings::Sayings;
use crate::mail::Looking;
use crate::time::Clock;
use leptos::prelude::*;
use protocol::{Chat, ChatMessage, PartyCode};

/// A party's room.
#[derive(Clone, Copy)]
pub(crate) struct Room {
    /// The party's code.
    pub code: PartyCode,
    /// The visitor's id in it, if they are in.
    pub you: Option<u32>,
    /// What was said.
    pub chat: RwSignal<ChatLog>,
    /// What this page says.
    pub sayings: RwSignal<Sayings>,
    /// The reader's time.
    pub clock: Clock,
    /// How looking back goes.
    pub looking: RwSignal<Looking>,
    /// Whether a browser runs the page.
    pub is_running: RwSignal<bool>,
    /// A text that goes back into the field, where one was taken back.
    pub taken_back: RwSignal<String>,
    /// Whether the task runs that sends.
    pub(super) is_carrying: StoredValue<bool>,
    /// Whether the one runs that fills a gap.
    pub(super) is_filling: StoredValue<bool>,
}

impl Room {
    /// What the server knew.
    pub(crate) fn new(code: PartyCode, you: Option<u32>, shown: Chat, is_past: bool) -> Self {
        Self {
            code,
            you,
            chat: RwSignal::new(ChatLog::new(shown, is_past)),
            sayings: RwSignal::new(Sayings::default()),
            clock: Clock::new(),
            looking: RwSignal::new(Looking::Idle),
            is_running: RwSignal::new(false),
            taken_back: RwSignal::new(String::new()),
            is_carrying: StoredValue::new(false),
            is_filling: StoredValue::new(false),
        }
    }

    /// Whether the visitor said it.
    pub(crate) fn is_own(&self, line: &ChatMessage) -> bool {
        self.you == Some(line.participant_id)
    }

    /// The visitor's own lines.
    pub(super) fn own<'a>(&self, lines: &'a [ChatMessage]) -> Vec<&'a ChatMessage> {
        lines.iter().filter(|line| self.is_own(line)).collect()
    }

    /// What was said, oldest first.
    pub(crate) fn lines(self) -> Memo<Vec<ChatMessage>> {
        Memo::new(move |_| self.chat.with(|chat| chat.messages().to_vec()))
    }

    /// The keys of what the page says, to be shown beneath.
    pub(crate) fn shown(self, lines: Memo<Vec<ChatMessage>>) -> Memo<Vec<u32>> {
        Memo::new(move |_| {
            lines.with(|lines| {
                let own = self.own(lines);
                self.sayings.with(|sayings| sayings.shown(&own))
            })
        })
    }
}
