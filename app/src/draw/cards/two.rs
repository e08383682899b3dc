//! At most two players, and asking for others.

use super::{EmptySeat, PlayerCard, TwoFacts};
use crate::draw::{Asking, Desk, Search, said_two};
use crate::format::grouped;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use protocol::Player;

/// The signs of those who are shown, as the chart has them.
const SIGNS: [&str; 2] = ["1", "2"];

/// Those who are shown, and the button that asks for others.
#[component]
pub(crate) fn TheTwo(
    /// The draw.
    desk: Desk,
) -> impl IntoView {
    let shown = Memo::new(move |_| desk.board.with(|board| board.shown().clone()));
    let all = Memo::new(move |_| desk.board.with(|board| board.report().players));
    let round = Memo::new(move |_| shown.with(|shown| shown.round));
    // What the page was loaded with is no news.
    let said = Memo::new(move |_| {
        shown.with(|shown| match shown.turn {
            0 => String::new(),
            _ => said_two(shown),
        })
    });
    view! {
        <section
            class="the-two"
            id="two"
            aria-labelledby="two-title"
            data-testid="two"
            data-round=move || round.get().to_string()
            data-asking=move || desk.asking.with(Asking::name)
        >
            <h1 class="the-two__title" id="two-title">
                {move || if all.get() == 1 { "At most " } else { "At most two of " }}
                <strong class="the-two__all" data-testid="all-players">{move || grouped(all.get())}</strong>
                {move || if all.get() == 1 { " player" } else { " players" }}
            </h1>
            <p class="the-two__words">
                "Each round deals every player new points, and sets a minimum that nobody gets to see. At most two of those above it are shown, picked at random."
            </p>
            <Seats desk />
            <AskForm desk />
            <TwoFacts desk shown=shown />
            <p class="visually-hidden" role="status" data-testid="two-said">{move || said.get()}</p>
        </section>
    }
}

/// A place for each of the two.
#[component]
fn Seats(
    /// The draw.
    desk: Desk,
) -> impl IntoView {
    let seats = Memo::new(move |_| {
        desk.board.with(|board| {
            let shown = board.shown();
            let seats = shown.players.iter().zip(SIGNS);
            let seats = seats.map(|(player, sign)| (shown.turn, sign, *player));
            seats.collect::<Vec<(u64, &'static str, Player)>>()
        })
    });
    let players = Memo::new(move |_| seats.with(Vec::len));
    let round = Memo::new(move |_| desk.board.with(|board| board.shown().round));
    let points_max = Memo::new(move |_| desk.board.with(|board| board.points_max()));
    view! {
        <div class="the-two__seats" data-count=move || players.get().to_string()>
            <ul class="the-two__players" hidden=move || players.get() == 0>
                <For each=move || seats.get() key=|(turn, sign, _)| (*turn, *sign) let((turn, sign, player))>
                    <PlayerCard player sign is_fresh=turn != 0 points_max />
                </For>
            </ul>
            <EmptySeat players round />
        </div>
    }
}

/// Asks again: a form of the server, or in place.
#[component]
fn AskForm(
    /// The draw.
    desk: Desk,
) -> impl IntoView {
    // The player who is looked up stays.
    let typed = Memo::new(move |_| {
        desk.search
            .with(|search: &Search| search.typed().to_owned())
    });
    let is_alone = move || typed.with(String::is_empty);
    let is_asked = move || desk.asking.with(|asking| *asking == Asking::Asked);
    let trouble = Memo::new(move |_| desk.asking.with(Asking::trouble));
    view! {
        <form class="the-two__form" method="get" action="/draw" data-testid="ask-form" on:submit=move |submit| ask(desk, &submit)>
            <input type="hidden" name="player" value=move || typed.get() disabled=is_alone />
            // To look a player up is not to ask: with one in the address, this says that both is wanted.
            <input type="hidden" name="ask" value="again" disabled=is_alone />
            // Never disabled: it would lose the focus.
            <button class="button the-two__ask" aria-disabled=move || is_asked().then_some("true") data-testid="ask">
                {move || if is_asked() { "Asking…" } else { "Ask again" }}
            </button>
        </form>
        <p class="the-two__trouble" role="status" data-shown=move || trouble.with(|trouble| !trouble.is_empty()).to_string() data-testid="ask-trouble">
            {move || trouble.get()}
        </p>
    }
}

/// Asks in place.
fn ask(desk: Desk, submit: &SubmitEvent) {
    submit.prevent_default();
    desk.ask();
}
