//! Keeps the draw up to date, for as long as the page is there.

use super::browser::page_ms;
use super::signals::Desk;
use crate::live::{Live, News};
use leptos::prelude::*;
use protocol::live::ServerFrame;
use std::time::Duration;

/// How often the countdown is drawn anew.
const TICK: Duration = Duration::from_secs(1);

impl Desk {
    /// Begins; once, after hydration.
    pub(crate) fn follow(self, live: Live) {
        let begun_ms = page_ms();
        self.board.update(|board| board.begin(begun_ms));
        self.clock.run();
        self.tick();
        let ticks = set_interval_with_handle(move || self.tick(), TICK).ok();
        live.listen(move |news| self.hear(news));
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
        // Nothing is held back at most times: then nothing is drawn anew.
        let is_due = self
            .board
            .try_with_untracked(|board| board.is_due(at_ms))
            .unwrap_or_default();
        if is_due {
            self.board.try_update(|board| board.tick(at_ms));
            self.renew();
        }
    }

    fn hear(self, news: News) {
        let at_ms = page_ms();
        match news {
            News::Welcome => drop(self.board.try_update(|board| board.welcome(at_ms))),
            News::Frame(ServerFrame::Draw { draw }) => {
                self.now_ms.try_set(at_ms);
                let changes = self.board.try_update(|board| {
                    let before = board.report().round;
                    board.hear(draw, at_ms);
                    board.report().round != before
                });
                if changes == Some(true) {
                    self.renew();
                }
            }
            News::Frame(_) => {}
        }
    }
}
