//! Keeps the draw up to date, for as long as the page is open.

use super::browser::page_ms;
use super::signals::OpenDraw;
use crate::live::{Known, on_state};
use leptos::prelude::*;
use protocol::DrawNews;
use std::time::Duration;

/// How often the countdown is redrawn.
const TICK: Duration = Duration::from_secs(1);

impl OpenDraw {
    /// Starts; once, after hydration.
    pub(crate) fn follow(self, draw: ReadSignal<Known<DrawNews>>) {
        let begun_ms = page_ms();
        self.mirror.update(|mirror| mirror.begin(begun_ms));
        self.clock.run();
        self.tick();
        let ticks = set_interval_with_handle(move || self.tick(), TICK).ok();
        on_state(draw, move |news, is_first| self.hear(news, is_first));
        // A round may have begun while the server rendered the page.
        self.renew();
        on_cleanup(move || {
            if let Some(ticks) = ticks {
                ticks.clear();
            }
        });
    }

    fn tick(self) {
        let at_ms = page_ms();
        self.now_ms.try_set(at_ms);
        // Usually nothing is held back, and nothing needs to be redrawn.
        let is_due = self
            .mirror
            .try_with_untracked(|mirror| mirror.is_due(at_ms))
            .unwrap_or_default();
        if is_due {
            self.mirror.try_update(|mirror| mirror.tick(at_ms));
            self.renew();
        }
    }

    fn hear(self, news: DrawNews, is_first: bool) {
        let at_ms = page_ms();
        self.now_ms.try_set(at_ms);
        let changes = self.mirror.try_update(|mirror| {
            if is_first {
                mirror.welcome(at_ms);
            }
            let before = mirror.report().round;
            mirror.hear(news, at_ms);
            mirror.report().round != before
        });
        if changes == Some(true) {
            self.renew();
        }
    }
}
