//! A place where nobody is.

use super::player_card::ARC;
use leptos::prelude::*;

/// The place of a player who is not there.
#[component]
pub(crate) fn EmptySeat(
    /// How many players are shown.
    players: Memo<usize>,
    /// The round.
    round: Memo<u64>,
) -> impl IntoView {
    let words = Memo::new(move |_| words(players.get(), round.get()));
    view! {
        <div class="empty-seat" hidden=move || words.with(Option::is_none) data-testid="nobody">
            <svg class="empty-seat__arc" viewBox="0 0 120 66" aria-hidden="true">
                <path class="empty-seat__track" d=ARC pathLength="100" />
            </svg>
            <p class="empty-seat__title">{move || words.get().map(|(title, _)| title)}</p>
            <p class="empty-seat__words">{move || words.get().map(|(_, words)| words)}</p>
        </div>
    }
}

/// Why the place is empty; nothing where none is.
fn words(players: usize, round: u64) -> Option<(&'static str, &'static str)> {
    match (players, round) {
        (0, 0) => Some((
            "Everybody starts with 0 points",
            "The first round is on its way. It gives each player points of their own, and then there is somebody to show.",
        )),
        (0, _) => Some((
            "Nobody, this time",
            "No player is above the hidden minimum of this round. That is nobody’s fault: the next round deals everyone new points.",
        )),
        (1, _) => Some((
            "Nobody else",
            "Only this one player is above the hidden minimum of this round. The next round deals everyone new points.",
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_place_is_told_kindly() {
        assert!(words(0, 0).unwrap().1.contains("on its way"));
        assert!(words(0, 3).unwrap().1.contains("nobody’s fault"));
        assert!(words(1, 3).unwrap().1.contains("Only this one"));
        assert_eq!(words(2, 3), None);
    }
}
