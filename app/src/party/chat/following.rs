//! Keeps a room up to date, for as long as the page is there.

use super::browser::lines;
use super::signals::Room;
use crate::browser::now_ms;
use crate::live::{Known, on_state};
use crate::mail::Looking;
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use protocol::Chat;
use std::time::Duration;

/// How often the clock looks whether another day has begun.
const CLOCK_STEP: Duration = Duration::from_secs(20);
/// The pause before a gap that could not be filled is looked at again, in milliseconds.
const GAP_PAUSE_MS: u32 = 3_000;

impl Room {
    /// Begins; once, after hydration.
    pub(crate) fn follow(self, chat: ReadSignal<Known<Chat>>) {
        self.clock.set(now_ms());
        let clock = set_interval_with_handle(move || self.clock.set(now_ms()), CLOCK_STEP).ok();
        on_cleanup(move || {
            if let Some(clock) = clock {
                clock.clear();
            }
        });
        on_state(chat, move |news, is_first| self.hear(news, is_first));
        self.is_running.set(true);
    }

    fn hear(self, news: Chat, is_first: bool) {
        let gap = self.chat.try_update(|known| {
            if is_first {
                known.welcome();
            }
            known.hear(news);
            known.gap()
        });
        self.forget();
        if gap.flatten().is_some() {
            leptos::task::spawn_local(self.fill());
        }
    }

    /// Asks for what lies in a gap, until it comes.
    async fn fill(self) {
        let was_filling = self
            .is_filling
            .try_update_value(|is_filling| std::mem::replace(is_filling, true));
        if was_filling != Some(false) {
            return;
        }
        while let Some(up_to) = self.chat.try_with_untracked(|chat| chat.gap()).flatten() {
            match lines(self.code, up_to).await {
                Some(found) => drop(self.chat.try_update(|chat| chat.fill(up_to, found))),
                None => TimeoutFuture::new(GAP_PAUSE_MS).await,
            }
        }
        self.is_filling
            .try_update_value(|is_filling| *is_filling = false);
        self.forget();
    }

    /// Asks for lines before those that are shown.
    pub(crate) fn look_back(self) {
        let Some(up_to) = self.chat.with_untracked(|chat| chat.before()) else {
            return;
        };
        if self.looking.get_untracked() == Looking::Asked {
            return;
        }
        self.looking.set(Looking::Asked);
        leptos::task::spawn_local(async move {
            let looking = match lines(self.code, up_to).await {
                Some(older) => {
                    self.chat.try_update(|chat| chat.look_back(up_to, older));
                    Looking::Idle
                }
                None => Looking::Failed,
            };
            self.looking.try_set(looking);
        });
    }
}
