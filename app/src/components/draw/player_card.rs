//! A player who is shown, and a place where there is none.

use crate::format::grouped;
use leptos::prelude::*;
use protocol::Player;

/// The gauge: half a circle, of a hundred parts.
const ARC: &str = "M10 60A50 50 0 0 1 110 60";

/// A player with their points.
#[component]
pub(crate) fn PlayerCard(
    /// Who.
    player: Player,
    /// Which of those who are shown.
    sign: &'static str,
    /// Whether they took somebody's place while the page was open.
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
            <p class="player-card__id">{grouped(id.into())}</p>
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
