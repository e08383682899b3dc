//! Keeps a mailbox up to date, for as long as the page is there.

use super::browser::{ask, is_seen};
use super::post::newest;
use super::signals::{Looking, MailRoom};
use crate::browser::{now_ms, read};
use crate::live::{Known, on_state};
use gloo_timers::future::TimeoutFuture;
use leptos::ev;
use leptos::prelude::*;
use protocol::{Conversation, Letter, Mailbox};
use std::time::Duration;

/// How often the clock looks whether another day has begun.
const CLOCK_STEP: Duration = Duration::from_secs(20);
/// The pause before a gap that could not be filled is looked at again, in milliseconds.
const GAP_PAUSE_MS: u32 = 3_000;

impl MailRoom {
    /// Begins; once, after hydration.
    pub(crate) fn follow(self, mailbox: ReadSignal<Known<Mailbox>>) {
        self.clock.set(now_ms());
        let clock = set_interval_with_handle(move || self.clock.set(now_ms()), CLOCK_STEP).ok();
        let shown = window_event_listener_untyped("visibilitychange", move |_| self.see());
        let focused = window_event_listener(ev::focus, move |_| self.see());
        on_state(mailbox, move |news, is_first| self.hear(news, is_first));
        on_cleanup(move || {
            if let Some(clock) = clock {
                clock.clear();
            }
            shown.remove();
            focused.remove();
        });
        self.is_running.set(true);
        self.resume();
    }

    fn hear(self, news: Mailbox, is_first: bool) {
        let has_gap = self.post.try_update(|post| {
            if is_first {
                post.welcome();
            }
            post.hear(news)
        });
        self.forget();
        self.see();
        if has_gap == Some(true) {
            leptos::task::spawn_local(self.fill());
        }
    }

    /// Asks for what lies in a gap, until it comes.
    async fn fill(self) {
        if self
            .is_filling
            .try_update_value(|is_filling| std::mem::replace(is_filling, true))
            != Some(false)
        {
            return;
        }
        while !self.post.is_disposed() && !self.try_to_fill().await {
            TimeoutFuture::new(GAP_PAUSE_MS).await;
        }
        self.is_filling
            .try_update_value(|is_filling| *is_filling = false);
        self.forget();
        self.see();
    }

    async fn try_to_fill(self) -> bool {
        let Some(talks) = read::<Vec<Letter>>(&self.path_of_talks()).await else {
            return false;
        };
        if let Some(path) = self.path("letters") {
            let Some(newest) = read::<Conversation>(&path).await else {
                return false;
            };
            self.post.try_update(|post| post.catch_up(newest));
        }
        self.post.try_update(|post| post.hear_talks(&talks));
        true
    }

    /// Marks the open conversation as seen, where somebody looks at it.
    fn see(self) {
        if !is_seen() || self.post.try_update(|post| post.see()) != Some(true) {
            return;
        }
        let shown = self.post.with_untracked(|post| {
            let newest = post.thread().and_then(|thread| newest(&thread.letters));
            newest.map(|cursor| cursor.to_string())
        });
        if let (Some(newest), Some(path)) = (shown, self.path("seen")) {
            let path = format!("{path}&newest={newest}");
            leptos::task::spawn_local(async move {
                // What could not be marked is told unseen again with the next news.
                let _marked = ask(&path).await;
            });
        }
    }

    /// Asks for letters before those that are shown.
    pub(crate) fn look_back(self) {
        let before = self
            .post
            .with_untracked(|post| post.thread().and_then(|thread| thread.before));
        let (Some(before), Some(path)) = (before, self.path("letters")) else {
            return;
        };
        if self.looking.get_untracked() == Looking::Asked {
            return;
        }
        self.looking.set(Looking::Asked);
        leptos::task::spawn_local(async move {
            let older = read::<Conversation>(&format!("{path}&before={before}")).await;
            let looking = match older {
                Some(older) => {
                    self.post.try_update(|post| post.look_back(older));
                    Looking::Idle
                }
                None => Looking::Failed,
            };
            self.looking.try_set(looking);
        });
    }

    fn path_of_talks(self) -> String {
        format!("/mail/talks?of={}", self.from())
    }

    fn path(self, what: &str) -> Option<String> {
        let with = |post: &super::Post| {
            let with = &post.thread()?.with;
            Some(format!("/mail/{with}/{what}?of={}", post.address()))
        };
        self.post.try_with_untracked(with)?
    }
}
