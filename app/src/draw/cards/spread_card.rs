//! The distribution of points over all players.

use super::{SpreadChart, SpreadTable};
use crate::draw::{OpenDraw, Pin, Spread};
use crate::format::{counted, grouped};
use leptos::prelude::*;

/// The chart, what it says in words, and the numbers themselves.
#[component]
pub(crate) fn SpreadCard(
    /// The draw.
    draw: OpenDraw,
) -> impl IntoView {
    let spread = Memo::new(move |_| {
        draw.mirror
            .with(|mirror| Spread::new(&mirror.report().histogram))
    });
    let round = move || grouped(draw.mirror.with(|mirror| mirror.report().round));
    let pins = draw.pins();
    view! {
        <section class="spread-card" aria-labelledby="spread-title" data-testid="spread">
            <h2 class="card__title" id="spread-title">"Points in round " {round}</h2>
            <p class="spread-card__words" id="spread-words" data-testid="spread-words">{move || spread.with(Spread::words)}</p>
            <SpreadChart spread pins />
            <ul class="spread-card__pins" aria-label="Marked in the chart" hidden=move || pins.with(Vec::is_empty) data-testid="pins">
                <For each=move || pins.get() key=|pin| (pin.kind.name(), pin.player.id, pin.player.points) let(pin)>
                    <PinItem pin />
                </For>
            </ul>
            <SpreadTable spread />
        </section>
    }
}

/// Who is marked.
#[component]
fn PinItem(
    /// Who, and why.
    pin: Pin,
) -> impl IntoView {
    let Pin { player, kind } = pin;
    view! {
        <li class="spread-card__pin" data-kind=kind.name()>
            <span class="pin-sign" data-kind=kind.name() aria-hidden="true">{kind.sign()}</span>
            <span>
                "Player " {grouped(player.id)} ": " {counted(player.points, "point", "points")}
            </span>
        </li>
    }
}
