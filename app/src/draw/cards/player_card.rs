//! A drawn player.

use crate::format::grouped;
use leptos::prelude::*;
use protocol::Player;

/// The gauge: half a circle, of a hundred parts.
pub(super) const ARC: &str = "M10 60A50 50 0 0 1 110 60";

/// A player with their points.
#[component]
pub(crate) fn PlayerCard(
    /// Who.
    player: Player,
    /// The player's sign.
    sign: &'static str,
    /// Whether they were drawn while the page was open.
    is_fresh: bool,
    /// The most points that a player can have.
    points_max: Memo<usize>,
) -> impl IntoView {
    let Player { id, points } = player;
    let filled = move || {
        let percent = usize::from(points) * 100 / points_max.get().max(1);
        format!("{} 100", percent.min(100))
    };
    view! {
        <li class="player-card" data-testid="player" data-player=id.to_string() data-points=points.to_string() data-fresh=is_fresh.then_some("")>
            <p class="player-card__who">
                <span class="pin-sign" data-kind=if sign == "1" { "first" } else { "second" } aria-hidden="true">{sign}</span>
                "Player "
            </p>
            <p class="player-card__id">{grouped(id)}</p>
            <div class="player-card__gauge">
                <svg class="player-card__arc" viewBox="0 0 120 66" aria-hidden="true">
                    <path class="player-card__track" d=ARC pathLength="100" />
                    <path class="player-card__fill" d=ARC pathLength="100" stroke-dasharray=filled />
                </svg>
                <p class="player-card__points">
                    <span class="player-card__number">{points.to_string()}</span>
                    " "
                    <span class="player-card__of">
                        {move || format!("of {}", points_max.get())}
                        <span class="player-card__unit">" points"</span>
                    </span>
                </p>
            </div>
        </li>
    }
}
