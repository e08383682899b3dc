//! Requests draws and players.

use super::browser::{again, max_two, player, put_in_address};
use super::lookup::{Lookup, LookupResult};
use super::signals::{DrawRequest, OpenDraw};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::*;
use protocol::read_player_id;

/// Pages reload a player within this time after a round starts, in milliseconds: each at a random moment, so that the
/// requests do not all arrive at once.
const RENEW_WITHIN_MS: u32 = 2_000;

impl OpenDraw {
    /// Draws up to two players, unless a request is pending.
    pub(crate) fn draw_again(self) {
        if self.request.get_untracked() == DrawRequest::Pending {
            return;
        }
        self.request.set(DrawRequest::Pending);
        leptos::task::spawn_local(async move {
            let request = match max_two().await {
                Ok((round, two)) => {
                    // An answer too old to be shown is of a round that is over: another one's players are shown.
                    self.mirror.try_update(|mirror| mirror.answer(round, two));
                    DrawRequest::Idle
                }
                Err(request) => request,
            };
            self.request.try_set(request);
        });
    }

    /// Looks up a player.
    pub(crate) fn look_up(self, typed: &str) {
        let Some(turn) = self.lookup.try_update(|lookup| lookup.begin(typed)) else {
            return;
        };
        // In any case: the address never names another player than the page.
        put_in_address(typed.trim());
        let players = self.mirror.with_untracked(|mirror| mirror.report().players);
        if let Some(result) = LookupResult::without_asking(typed, players) {
            self.lookup.update(|lookup| lookup.settle(turn, result));
            return;
        }
        let id = read_player_id(typed);
        leptos::task::spawn_local(async move {
            let finding = player(id).await;
            self.lookup
                .try_update(|lookup| lookup.settle(turn, finding));
            // A round that the answer does not include may have started meanwhile.
            self.renew();
        });
    }

    /// Reloads the shown players, each once, if another round is running than theirs.
    pub(super) fn renew(self) {
        for lookup in [self.lookup, self.own] {
            self.renew_one(lookup);
        }
    }

    fn renew_one(self, lookup: RwSignal<Lookup>) {
        let running = move || {
            self.mirror
                .try_with_untracked(|mirror| mirror.report().round)
        };
        let outdated =
            running().and_then(|round| lookup.try_with_untracked(|lookup| lookup.outdated(round)));
        let Some(Some((turn, id))) = outdated else {
            return;
        };
        leptos::task::spawn_local(async move {
            let pause_ms = js_sys::Math::random() * f64::from(RENEW_WITHIN_MS);
            TimeoutFuture::new(pause_ms as u32).await;
            let shown = lookup.try_with_untracked(Lookup::found).flatten();
            if let Some(shown) = shown.filter(|shown| shown.id == id) {
                let finding = again(shown).await;
                // Rounds may have started meanwhile.
                if let Some(running) = running() {
                    lookup.try_update(|lookup| lookup.renew(turn, finding, running));
                }
            }
        });
    }
}
