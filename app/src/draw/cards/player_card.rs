//! A drawn player.

use crate::draw::Pin;
use leptos::prelude::*;
use live::format::grouped;
use protocol::Player;

/// The gauge: half a circle, of a hundred parts.
pub(super) const ARC: &str = "M10 60A50 50 0 0 1 110 60";

/// A player with their points.
#[component]
pub(crate) fn PlayerCard(
    pin: Pin,
    /// Whether they were drawn while the page was open.
    is_fresh: bool,
    points_max: Memo<usize>,
) -> impl IntoView {
    let Player { id, points } = pin.player;
    let filled = move || {
        let percent = usize::from(points) * 100 / points_max.get().max(1);
        format!("{} 100", percent.min(100))
    };
    view! {
        <li class="player-card" data-testid="player" data-player=id.to_string() data-points=points.to_string() data-fresh=is_fresh.then_some("")>
            <p class="player-card__who">
                <span class="pin-sign" data-kind=pin.kind aria-hidden="true">{pin.sign}</span>
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
                    <span class="player-card__of" translate="no">
                        {move || format!("of {}", points_max.get())}
                        <span class="player-card__unit">" points"</span>
                    </span>
                </p>
            </div>
        </li>
    }
}

/// Stands in for a missing player.
#[component]
pub(crate) fn EmptySlot(players: Memo<usize>, round: Memo<u64>) -> impl IntoView {
    let words = Memo::new(move |_| words(players.get(), round.get()));
    view! {
        <div class="empty-slot" hidden=move || words.with(Option::is_none) data-testid="nobody">
            <svg class="empty-slot__arc" viewBox="0 0 120 66" aria-hidden="true">
                <path class="empty-slot__track" d=ARC pathLength="100" />
            </svg>
            <p class="empty-slot__title" translate="no">{move || words.get().map(|(title, _)| title)}</p>
            <p class="empty-slot__words" translate="no">{move || words.get().map(|(_, words)| words)}</p>
        </div>
    }
}

/// Why the slot is empty, if it is.
fn words(players: usize, round: u64) -> Option<(&'static str, &'static str)> {
    match (players, round) {
        (0, 0) => Some((
            "Everyone starts with 0 points",
            "The first round is on its way. It gives every player new points.",
        )),
        (0, _) => Some((
            "No one this time",
            "No player is above this round’s secret minimum. The next round gives everyone new points.",
        )),
        (1, _) => Some((
            "No one else",
            "Only this player is above this round’s secret minimum. The next round gives everyone new points.",
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_slot_says_why() {
        assert!(words(0, 0).unwrap().1.contains("on its way"));
        assert!(words(0, 3).unwrap().1.contains("secret minimum"));
        assert!(words(1, 3).unwrap().1.contains("Only this player"));
        assert_eq!(words(2, 3), None);
    }
}
