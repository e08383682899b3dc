//! The visitor's own player.

use super::PointsLine;
use crate::draw::{Lookup, LookupResult, OWN, OpenDraw, ShownPlayers};
use leptos::prelude::*;
use protocol::PlayerPoints;

/// The visitor's points and what is at stake, or how to take part: forms of the server.
///
/// Nothing here is announced: points change with each round, which those who are drawn announce.
#[component]
pub(crate) fn OwnCard(draw: OpenDraw) -> impl IntoView {
    let found = Memo::new(move |_| draw.own.with(Lookup::found));
    let is_player = Memo::new(move |_| found.with(Option::is_some));
    let is_wrong = move || {
        draw.own
            .with(|own| matches!(own.result, LookupResult::Refused(_)))
    };
    let is_drawn = Memo::new(move |_| {
        let own = found.get();
        draw.mirror.with(|mirror| is_drawn(own, mirror.shown()))
    });
    let words = move || draw.own.with(|own| words(&own.result, is_drawn.get()));
    let form = move || match is_player.get() {
        true => ("/draw/player/stop", "Stop playing", Some("quiet")),
        false => ("/draw/player", "Become a player", None),
    };
    view! {
        <form class="card own-card" id="own" method="post" action=move || form().0 aria-labelledby="own-title" data-testid="own" data-player=move || is_player.get().then_some("")>
            <h2 class="card__title" id="own-title">"Your player"</h2>
            <PointsLine found pin=OWN words=("You are player ", ": ") name="own-points" />
            <p
                class="own-card__words"
                data-wrong=move || is_wrong().then_some("")
                data-drawn=move || is_drawn.get().then_some("")
                data-testid="own-words"
                translate="no"
            >
                {words}
            </p>
            <button class="button own-card__button" data-kind=move || form().2 data-testid="own-button" translate="no">
                {move || form().1}
            </button>
        </form>
    }
}

/// Whether that player is among those on the page, in the same round.
fn is_drawn(own: Option<PlayerPoints>, shown: &ShownPlayers) -> bool {
    own.is_some_and(|own| {
        let mut ids = shown.players.iter().map(|player| player.id);
        shown.round == own.round && ids.any(|id| id == own.id)
    })
}

/// What the points mean, or why there are none.
fn words(own: &LookupResult, is_drawn: bool) -> String {
    let words = match own {
        LookupResult::Refused(problem) => return problem.words(),
        LookupResult::Found(player) => match (player.round, player.could_be_drawn) {
            (0, _) => "The first round, which gives everyone points, is on its way.",
            _ if is_drawn => "You were drawn! You are one of the players above.",
            (_, Some(true)) => "That is above the secret minimum: you could be drawn.",
            _ => "That is not above the secret minimum: you can’t be drawn this time.",
        },
        _ => {
            "Take part: get a number of your own, and see in each round whether you could be drawn."
        }
    };
    words.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::{DrawMirror, samples};
    use protocol::Problem;

    fn own(round: u64, could_be_drawn: bool) -> LookupResult {
        LookupResult::Found(PlayerPoints {
            id: 17,
            points: 73,
            round,
            could_be_drawn: Some(could_be_drawn),
        })
    }

    #[test]
    fn what_is_at_stake_is_said_of_each_round() {
        assert!(words(&LookupResult::Nothing, false).starts_with("Take part"));
        assert!(words(&own(0, false), false).contains("on its way"));
        assert!(words(&own(7, true), false).contains("you could be drawn"));
        assert!(words(&own(7, false), false).contains("can’t be drawn"));
        assert!(words(&own(7, true), true).contains("You were drawn!"));
        let gone = Problem::new(404, "number-beyond", "Your number is not in this round");
        assert_eq!(
            words(&LookupResult::Refused(gone), false),
            "Your number is not in this round."
        );
    }

    #[test]
    fn who_is_shown_in_the_same_round_was_drawn() {
        let two = samples::two(&[(17, 73), (5, 99)]);
        let mirror = DrawMirror::new(samples::news(7, 10_000), 7, Some(two));
        let player = |id, round| {
            Some(PlayerPoints {
                id,
                points: 73,
                round,
                could_be_drawn: Some(true),
            })
        };

        assert!(is_drawn(player(17, 7), mirror.shown()));
        for other in [player(18, 7), player(17, 6), None] {
            assert!(!is_drawn(other, mirror.shown()), "{other:?}");
        }
    }
}
