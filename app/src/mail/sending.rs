//! Carries letters to the server, for as long as the page is there.

use super::browser::{new_key, send};
use super::outgoing::{Sent, Stage};
use super::signals::MailRoom;
use crate::browser::{now_ms, remember, remembered};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use protocol::{MailAddress, MessageText};
use serde::{Deserialize, Serialize};

/// What a tab remembers of a letter that was not settled when the page went.
#[derive(Serialize, Deserialize)]
struct Kept {
    key: String,
    text: MessageText,
    written_ms: i64,
}

impl MailRoom {
    /// Goes on with what this tab was sending when its page went, under the keys that it had.
    pub(crate) fn resume(self) {
        let kept = self.store("outgoing").and_then(|store| remembered(&store));
        let kept: Vec<Kept> = kept
            .and_then(|json| serde_json::from_str(&json).ok())
            .unwrap_or_default();
        if kept.is_empty() {
            return;
        }
        self.outgoing.update(|outgoing| {
            for Kept {
                key,
                text,
                written_ms,
            } in kept
            {
                outgoing.write(key, text, written_ms);
            }
        });
        self.carry();
    }

    /// Sends a text to whom the open conversation is with.
    pub(crate) fn write(self, text: MessageText) {
        self.outgoing
            .update(|outgoing| outgoing.write(new_key(), text, now_ms()));
        self.keep();
        self.carry();
    }

    /// Sends a refused letter once more.
    pub(crate) fn retry(self, key: &str) {
        self.outgoing
            .update(|outgoing| outgoing.retry(key, new_key()));
        self.keep();
        self.carry();
    }

    /// Takes a refused letter back into the field.
    pub(crate) fn take_back(self, key: &str) {
        let taken = self
            .outgoing
            .try_update(|outgoing| outgoing.take(key))
            .flatten();
        self.keep();
        if let Some(Sent { text, .. }) = taken {
            self.taken_back.set(text.as_str().to_owned());
        }
    }

    /// What was typed and not sent before the page was loaded again.
    pub(crate) fn draft(self) -> Option<String> {
        self.store("draft").and_then(|store| remembered(&store))
    }

    /// Remembers what is typed.
    pub(crate) fn keep_draft(self, text: &str) {
        if let Some(store) = self.store("draft") {
            remember(&store, text);
        }
    }

    /// Starts the one task that carries letters, if it does not run.
    fn carry(self) {
        if self.is_carrying.get_value() {
            return;
        }
        self.is_carrying.set_value(true);
        leptos::task::spawn_local(async move {
            while let Some((from, to, sent)) = self.next() {
                let answer = send(&from, &to, &sent.text, &sent.key).await;
                let roll = js_sys::Math::random();
                let settle = self
                    .outgoing
                    .try_update(|outgoing| outgoing.settle(&sent.key, answer, roll));
                let Some(pause_ms) = settle else {
                    return;
                };
                self.forget();
                self.keep();
                if pause_ms > 0 {
                    TimeoutFuture::new(u32::try_from(pause_ms).unwrap_or(u32::MAX)).await;
                }
            }
            self.is_carrying
                .try_update_value(|is_carrying| *is_carrying = false);
        });
    }

    /// The letter to send now, from and to whom.
    fn next(self) -> Option<(MailAddress, MailAddress, Sent)> {
        self.post.try_with_untracked(|post| {
            let thread = post.thread()?;
            let next = self
                .outgoing
                .try_update_untracked(|outgoing| outgoing.next(&thread.letters));
            Some((post.address().clone(), thread.with.clone(), next??))
        })?
    }

    /// Forgets letters whose copies are in the conversation.
    pub(super) fn forget(self) {
        let letters = self
            .post
            .try_with_untracked(|post| post.thread().map(|thread| thread.letters.clone()));
        if let Some(Some(letters)) = letters {
            self.outgoing
                .try_update(|outgoing| outgoing.forget(&letters));
        }
    }

    fn keep(self) {
        let kept = self.outgoing.try_with_untracked(|outgoing| {
            let kept = outgoing
                .unsettled()
                .filter(|sent| !matches!(sent.stage, Stage::Refused(_)));
            let kept: Vec<_> = kept
                .map(|sent| Kept {
                    key: sent.key.clone(),
                    text: sent.text.clone(),
                    written_ms: sent.written_ms,
                })
                .collect();
            match kept.is_empty() {
                true => String::new(),
                false => serde_json::to_string(&kept).unwrap_or_default(),
            }
        });
        if let (Some(json), Some(store)) = (kept, self.store("outgoing")) {
            remember(&store, &json);
        }
    }

    /// Where the tab remembers something of the open conversation.
    fn store(self, what: &str) -> Option<String> {
        let parties =
            |post: &super::Post| Some(format!("{}:{}", post.address(), post.thread()?.with));
        let parties = self.post.try_with_untracked(parties)??;
        Some(format!("murmuration-{what}:{parties}"))
    }
}
