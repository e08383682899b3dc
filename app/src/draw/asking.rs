//! Asks the draw, and for players.

use super::browser::{max_two, player, put_in_address, up_to_ms};
use super::search::Finding;
use super::signals::{Asking, Desk};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use protocol::read_player_id;

/// Pages ask for a player anew within this time after a round's beginning, in milliseconds: each at a moment of its
/// own, so that they do not all ask at once.
const RENEW_WITHIN_MS: u32 = 2_000;

impl Desk {
    /// Asks for at most two players, unless the page does already.
    pub(crate) fn ask(self) {
        if self.asking.get_untracked() == Asking::Asked {
            return;
        }
        self.asking.set(Asking::Asked);
        leptos::task::spawn_local(async move {
            let asking = match max_two().await {
                Ok((round, two)) => {
                    // What is too old to be shown is so because its round is over: another one's two are there.
                    self.board.try_update(|board| board.answer(round, two));
                    Asking::Idle
                }
                Err(asking) => asking,
            };
            self.asking.try_set(asking);
        });
    }

    /// Looks a player up.
    pub(crate) fn look_up(self, typed: &str) {
        let Some(turn) = self.search.try_update(|search| search.begin(typed)) else {
            return;
        };
        // Whatever comes of it: the address never names another than the page.
        put_in_address(typed.trim());
        if typed.trim().is_empty() {
            self.search
                .update(|search| search.settle(turn, Finding::Nothing));
            return;
        }
        let id = read_player_id(typed);
        leptos::task::spawn_local(async move {
            let finding = player(id).await;
            self.search
                .try_update(|search| search.settle(turn, finding));
            // A round may have begun meanwhile, which was not the player's yet.
            self.renew();
        });
    }

    /// Asks for the player who is shown anew, once, if another round runs than theirs.
    pub(super) fn renew(self) {
        let running = move || self.board.try_with_untracked(|board| board.report().round);
        let outdated = running().and_then(|round| {
            self.search
                .try_with_untracked(|search| search.outdated(round))
        });
        let Some(Some((turn, id))) = outdated else {
            return;
        };
        leptos::task::spawn_local(async move {
            TimeoutFuture::new(up_to_ms(RENEW_WITHIN_MS)).await;
            let is_there = self
                .search
                .try_with_untracked(|search| search.found().map(|player| player.id) == Some(id));
            if is_there == Some(true) {
                let finding = player(id.into()).await;
                // Rounds may have come meanwhile.
                if let Some(running) = running() {
                    self.search
                        .try_update(|search| search.renew(turn, finding, running));
                }
            }
        });
    }
}
