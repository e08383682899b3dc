//! Sends what is said, for as long as the page is there.

use super::browser::say;
use super::sayings::Saying;
use super::signals::Room;
use crate::browser::{now_ms, remember, remembered};
use leptos::prelude::*;
use protocol::MessageText;

impl Room {
    /// Says a text.
    pub(crate) fn say(self, text: MessageText) {
        self.sayings.update(|sayings| sayings.write(text, now_ms()));
        self.carry();
    }

    /// Says once more what was not said, or perhaps not.
    pub(crate) fn try_again(self, key: u32) {
        if let Some(Saying { text, .. }) = self.take(key) {
            self.say(text);
        }
    }

    /// Takes it back into the field.
    pub(crate) fn take_back(self, key: u32) {
        if let Some(Saying { text, .. }) = self.take(key) {
            self.taken_back.set(text.as_str().to_owned());
        }
    }

    fn take(self, key: u32) -> Option<Saying> {
        self.sayings.try_update(|sayings| sayings.take(key))?
    }

    /// What was typed and not said before the page was loaded again.
    pub(crate) fn draft(self) -> Option<String> {
        remembered(&self.store())
    }

    /// Remembers what is typed.
    pub(crate) fn keep_draft(self, text: &str) {
        remember(&self.store(), text);
    }

    fn store(self) -> String {
        format!("murmuration-draft:party:{}", self.code)
    }

    /// Starts the one task that sends, if it does not run.
    fn carry(self) {
        if self.is_carrying.get_value() {
            return;
        }
        self.is_carrying.set_value(true);
        leptos::task::spawn_local(async move {
            while let Some(next) = self.next() {
                let stage = say(self.code, &next.text).await;
                if self
                    .sayings
                    .try_update(|sayings| sayings.settle(next.key, stage))
                    .is_none()
                {
                    return;
                }
                self.forget();
            }
            self.is_carrying
                .try_update_value(|is_carrying| *is_carrying = false);
        });
    }

    fn next(self) -> Option<Saying> {
        self.chat.try_with_untracked(|chat| {
            self.sayings
                .try_update_untracked(|sayings| sayings.next(chat.messages()))
        })??
    }

    /// Forgets what has come into the room.
    pub(super) fn forget(self) {
        self.chat.try_with_untracked(|chat| {
            let own = self.own(chat.messages());
            self.sayings.try_update(|sayings| sayings.forget(&own));
        });
    }
}
