//! An empty slot.

use super::player_card::ARC;
use leptos::prelude::*;

/// Stands in for a missing player.
#[component]
pub(crate) fn EmptySlot(
    /// How many players are shown.
    players: Memo<usize>,
    /// The round.
    round: Memo<u64>,
) -> impl IntoView {
    let words = Memo::new(move |_| words(players.get(), round.get()));
    view! {
        <div class="empty-slot" hidden=move || words.with(Option::is_none) data-testid="nobody">
            <svg class="empty-slot__arc" viewBox="0 0 120 66" aria-hidden="true">
                <path class="empty-slot__track" d=ARC pathLength="100" />
            </svg>
            <p class="empty-slot__title">{move || words.get().map(|(title, _)| title)}</p>
            <p class="empty-slot__words">{move || words.get().map(|(_, words)| words)}</p>
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
