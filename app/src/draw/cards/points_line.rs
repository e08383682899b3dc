//! A player's points of a round, in a sentence.

use leptos::prelude::*;
use live::format::{counted, grouped};
use protocol::PlayerPoints;

/// The sentence, with the player's sign of the chart; hidden while there is no player.
#[component]
pub(crate) fn PointsLine(
    found: Memo<Option<PlayerPoints>>,
    /// The sign, and its kind.
    pin: (&'static str, &'static str),
    /// The words before the number and after it.
    words: (&'static str, &'static str),
    /// Its name for tests.
    name: &'static str,
) -> impl IntoView {
    let of = move |read: fn(PlayerPoints) -> String| move || found.get().map(read);
    view! {
        <p class="points-line" hidden=move || found.with(Option::is_none) data-testid=name>
            <span class="pin-sign" data-kind=pin.1 aria-hidden="true">{pin.0}</span>
            <span translate="no">
                {words.0} <strong>{of(|player| grouped(player.id))}</strong> {words.1}
                <strong class="points-line__points">{of(|player| counted(player.points, "point", "points"))}</strong>
                " in round " {of(|player| grouped(player.round))} "."
            </span>
        </p>
    }
}
