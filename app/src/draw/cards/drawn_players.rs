//! At most two players, and request for others.

use super::{DrawFacts, EmptySlot, PlayerCard};
use crate::draw::{DrawRequest, OpenDraw, Origin, Pin, ShownPlayers};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use live::format::{announced, counted, grouped};
use protocol::Player;

/// Up to two players, and the button that draws others.
#[component]
pub(crate) fn DrawnPlayers(
    /// The draw.
    draw: OpenDraw,
) -> impl IntoView {
    let shown = Memo::new(move |_| draw.mirror.with(|mirror| mirror.shown().clone()));
    let all = Memo::new(move |_| draw.mirror.with(|mirror| mirror.report().players));
    let round = Memo::new(move |_| shown.with(|shown| shown.round));
    // What the page was loaded with is not news.
    let news = Memo::new(move |before: Option<&String>| {
        shown.with(|shown| match (shown.turn, before) {
            (0, _) | (_, None) => String::new(),
            (_, Some(before)) => announced(describe_drawn(shown), before),
        })
    });
    view! {
        <section
            class="drawn-players"
            id="drawn-players"
            aria-labelledby="drawn-players-title"
            data-testid="drawn-players"
            data-round=move || round.get().to_string()
            data-request=move || draw.request.with(DrawRequest::name)
        >
            <h1 class="drawn-players__title" id="drawn-players-title" translate="no">
                {move || if all.get() == 1 { "At most " } else { "Two players out of " }}
                <strong class="drawn-players__all" data-testid="all-players" translate="no">{move || grouped(all.get())}</strong>
                {move || if all.get() == 1 { " player" } else { "" }}
            </h1>
            <p class="drawn-players__words">
                "Each round gives every player new points and sets a secret minimum. Up to two players above it are picked at random."
            </p>
            <PlayerSlots draw />
            <DrawForm draw />
            <DrawFacts draw shown=shown />
            <p class="visually-hidden" role="status" data-testid="drawn-news" translate="no">{move || news.get()}</p>
        </section>
    }
}

/// A place for each of the two.
#[component]
fn PlayerSlots(
    /// The draw.
    draw: OpenDraw,
) -> impl IntoView {
    let slots = Memo::new(move |_| {
        draw.mirror.with(|mirror| {
            let shown = mirror.shown();
            let pins = Pin::of_drawn(&shown.players);
            pins.map(|pin| (shown.turn, pin)).collect::<Vec<_>>()
        })
    });
    let players = Memo::new(move |_| slots.with(Vec::len));
    let round = Memo::new(move |_| draw.mirror.with(|mirror| mirror.shown().round));
    let points_max = Memo::new(move |_| draw.mirror.with(|mirror| mirror.points_max()));
    view! {
        <div class="drawn-players__slots" data-count=move || players.get().to_string()>
            <ul class="drawn-players__players" hidden=move || players.get() == 0>
                <For each=move || slots.get() key=|(turn, pin)| (*turn, pin.sign) let((turn, pin))>
                    <PlayerCard pin is_fresh=turn != 0 points_max />
                </For>
            </ul>
            <EmptySlot players round />
        </div>
    }
}

/// Draws again: a form of the server, or in place.
#[component]
fn DrawForm(
    /// The draw.
    draw: OpenDraw,
) -> impl IntoView {
    // The lookup stays.
    let typed = Memo::new(move |_| draw.lookup.with(|lookup| lookup.typed.clone()));
    let is_alone = move || typed.with(String::is_empty);
    let is_pending = move || {
        draw.request
            .with(|request| *request == DrawRequest::Pending)
    };
    let problem = Memo::new(move |_| draw.request.with(DrawRequest::problem));
    let draw_again = move |submit: SubmitEvent| {
        submit.prevent_default();
        draw.draw_again();
    };
    view! {
        <form class="drawn-players__form" method="get" action="/draw" data-testid="draw-form" on:submit=draw_again>
            <input type="hidden" name="player" value=move || typed.get() disabled=is_alone />
            // Looking up a player alone draws nobody: with one in the address, this requests both.
            <input type="hidden" name="ask" value="again" disabled=is_alone />
            // Not disabled: it would lose the focus.
            <button class="button drawn-players__button" aria-disabled=move || is_pending().then_some("true") data-testid="draw-again" translate="no">
                {move || if is_pending() { "Drawing…" } else { "Draw again" }}
            </button>
        </form>
        <p class="drawn-players__problem" role="status" data-shown=move || problem.with(|problem| !problem.is_empty()).to_string() data-testid="draw-problem" translate="no">
            {move || problem.get()}
        </p>
    }
}

/// The players on the page, as a sentence for screen readers.
fn describe_drawn(shown: &ShownPlayers) -> String {
    let who = match shown.players.as_slice() {
        [] if shown.round == 0 => "no one has points yet".into(),
        [] => "no one is above the minimum".into(),
        [one] => format!("only {}", describe_player(one)),
        [one, other, ..] => format!("{} and {}", describe_player(one), describe_player(other)),
    };
    let when = match shown.origin {
        Origin::Requested { .. } => "In",
        Origin::Opening => "Now in",
    };
    let round = grouped(shown.round);
    format!("{when} round {round}: {who}.")
}

/// A player and their points.
fn describe_player(player: &Player) -> String {
    format!(
        "player {} with {}",
        grouped(player.id),
        counted(player.points, "point", "points")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(players: &[(u32, u8)], round: u64, turn: u64) -> ShownPlayers {
        ShownPlayers {
            round,
            players: players
                .iter()
                .map(|&(id, points)| Player { id, points })
                .collect(),
            origin: Origin::Opening,
            turn,
        }
    }

    #[test]
    fn those_who_are_shown_are_told_in_a_sentence() {
        assert_eq!(
            describe_drawn(&shown(&[(1, 30), (7_200, 1)], 1_234, 1)),
            "Now in round 1,234: player 1 with 30 points and player 7,200 with 1 point."
        );
        assert!(describe_drawn(&shown(&[(1, 30)], 2, 1)).contains("only player 1 with 30 points"));
        assert!(describe_drawn(&shown(&[], 2, 1)).contains("no one is above"));
        assert!(describe_drawn(&shown(&[], 0, 1)).contains("no one has points yet"));
    }
}
