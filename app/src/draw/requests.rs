//! Asks the draw, and for players.

use super::browser::{max_two, player, put_in_address, up_to_ms};
use super::lookup::LookupResult;
use super::signals::{DrawRequest, OpenDraw};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use protocol::read_player_id;

/// Pages ask for a player anew within this time after a round's beginning, in milliseconds: each at a moment of its
/// own, so that they do not all ask at once.
const RENEW_WITHIN_MS: u32 = 2_000;

impl OpenDraw {
    /// Asks for at most two players, unless the page does already.
    pub(crate) fn ask(self) {
        if self.request.get_untracked() == DrawRequest::Pending {
            return;
        }
        self.request.set(DrawRequest::Pending);
        leptos::task::spawn_local(async move {
            let request = match max_two().await {
                Ok((round, two)) => {
                    // What is too old to be shown is so because its round is over: another one's two are there.
                    self.mirror.try_update(|mirror| mirror.answer(round, two));
                    DrawRequest::Idle
                }
                Err(request) => request,
            };
            self.request.try_set(request);
        });
    }

    /// Looks a player up.
    pub(crate) fn look_up(self, typed: &str) {
        let Some(turn) = self.lookup.try_update(|lookup| lookup.begin(typed)) else {
            return;
        };
        // Whatever comes of it: the address never names another than the page.
        put_in_address(typed.trim());
        if typed.trim().is_empty() {
            self.lookup
                .update(|lookup| lookup.settle(turn, LookupResult::Nothing));
            return;
        }
        let id = read_player_id(typed);
        leptos::task::spawn_local(async move {
            let finding = player(id).await;
            self.lookup
                .try_update(|lookup| lookup.settle(turn, finding));
            // A round may have begun meanwhile, which was not the player's yet.
            self.renew();
        });
    }

    /// Asks for the player who is shown anew, once, if another round runs than theirs.
    pub(super) fn renew(self) {
        let running = move || {
            self.mirror
                .try_with_untracked(|mirror| mirror.report().round)
        };
        let outdated = running().and_then(|round| {
            self.lookup
                .try_with_untracked(|lookup| lookup.outdated(round))
        });
        let Some(Some((turn, id))) = outdated else {
            return;
        };
        leptos::task::spawn_local(async move {
            TimeoutFuture::new(up_to_ms(RENEW_WITHIN_MS)).await;
            let is_there = self
                .lookup
                .try_with_untracked(|lookup| lookup.found().map(|player| player.id) == Some(id));
            if is_there == Some(true) {
                let finding = player(id.into()).await;
                // Rounds may have come meanwhile.
                if let Some(running) = running() {
                    self.lookup
                        .try_update(|lookup| lookup.renew(turn, finding, running));
                }
            }
        });
    }
}
