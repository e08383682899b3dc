//! Looks up a player by number.

use super::PointsLine;
use crate::draw::{LOOKED_UP, Lookup, LookupResult, OpenDraw};
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use live::format::{counted, grouped};
use protocol::PlayerPoints;

/// Looks up a player: a form of the server, or in place.
#[component]
pub(crate) fn LookupCard(draw: OpenDraw) -> impl IntoView {
    let typed = draw.lookup.with_untracked(|lookup| lookup.typed.clone());
    let field = NodeRef::<Input>::new();
    let players = move || draw.mirror.with(|mirror| mirror.report().players);
    let note = Memo::new(move |_| draw.lookup.with(|lookup| note(lookup, players())));
    let is_wrong = Memo::new(move |_| draw.lookup.with(|lookup| lookup.result.is_nobody()));
    let is_pending = Memo::new(move |_| {
        draw.lookup
            .with(|lookup| matches!(&lookup.result, LookupResult::Pending))
    });
    let hint = Memo::new(move |_| draw.lookup.with(|lookup| hint(lookup, players())));
    let look_up = move |submit: SubmitEvent| {
        submit.prevent_default();
        if let Some(field) = field.get_untracked() {
            draw.look_up(&field.value());
        }
    };
    view! {
        <form class="card lookup-card" id="lookup" method="get" action="/draw#lookup" aria-labelledby="lookup-title" data-testid="lookup" on:submit=look_up>
            <h2 class="card__title" id="lookup-title">"Look up a player"</h2>
            <div class="field">
                <label class="field__label" for="lookup-player">"Player"</label>
                <div class="lookup-card__row">
                    <input
                        class="field__input"
                        id="lookup-player"
                        name="player"
                        value=typed
                        required
                        inputmode="numeric"
                        autocomplete="off"
                        maxlength="32"
                        data-kind="code"
                        node_ref=field
                        aria-invalid=move || is_wrong.get().then_some("true")
                        aria-describedby="lookup-hint lookup-note"
                        data-testid="lookup-player"
                    />
                    <button class="button" data-kind="quiet" aria-disabled=move || is_pending.get().then_some("true") data-testid="look-up">
                        "Look up"
                    </button>
                </div>
                <p class="field__note" id="lookup-hint" translate="no">{move || hint.get()}</p>
                <p
                    class="lookup-card__note"
                    id="lookup-note"
                    role="status"
                    data-wrong=move || is_wrong.get().then_some("")
                    data-testid="lookup-note"
                >
                    {move || note.get()}
                </p>
            </div>
            <FoundPlayer draw />
        </form>
    }
}

/// The player who was found.
#[component]
fn FoundPlayer(draw: OpenDraw) -> impl IntoView {
    let found = Memo::new(move |_| draw.lookup.with(Lookup::found));
    let announced = Memo::new(move |_| draw.lookup.with(Lookup::announced));
    let news =
        move || announced.with(|player| player.as_ref().map(describe_found).unwrap_or_default());
    view! {
        // Apart from the visible text, which changes with each round.
        <p class="visually-hidden" role="status" data-testid="found-news" translate="no">{news}</p>
        <PointsLine found pin=LOOKED_UP words=("Player ", " has ") name="found" />
    }
}

/// The hint below the field.
fn hint(lookup: &Lookup, players: u32) -> String {
    match lookup.result.is_nobody() {
        // The note says it then.
        true => String::new(),
        false => numbers(players),
    }
}

/// The numbers that exist.
fn numbers(players: u32) -> String {
    match players {
        1 => "There is one player: number 1.".into(),
        players => format!("Enter a number from 1 to {}.", grouped(players)),
    }
}

/// The note below the field.
fn note(lookup: &Lookup, players: u32) -> String {
    match &lookup.result {
        LookupResult::Nothing | LookupResult::Found(_) => String::new(),
        LookupResult::Pending => "Searching…".into(),
        LookupResult::OutOfRange => numbers(players),
        LookupResult::Refused(_) if lookup.result.is_nobody() => numbers(players),
        LookupResult::Refused(problem) => problem.words(),
        LookupResult::Unreached => "The server did not answer. Try again.".into(),
    }
}

/// A player who was looked up, as a sentence for screen readers.
fn describe_found(player: &PlayerPoints) -> String {
    format!(
        "Player {} has {} in round {}.",
        grouped(player.id),
        counted(player.points, "point", "points"),
        grouped(player.round)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{PlayerLookup, Problem};

    fn refused(problem: Problem) -> Lookup {
        Lookup::new(Some(PlayerLookup {
            typed: "10".into(),
            found: None,
            problem: Some(problem),
        }))
    }

    #[test]
    fn a_problem_is_told_with_what_to_do() {
        let away = Problem::new(503, "not-ready", "This server is not ready yet");
        let away = away.with_detail("Try again in a few seconds.");

        assert_eq!(
            note(&refused(away), 1_000),
            "This server is not ready yet. Try again in a few seconds."
        );
        assert_eq!(note(&Lookup::default(), 1_000), "");
    }

    #[test]
    fn the_range_is_given_once() {
        let nobody = Problem::new(404, "unknown-player", "There is no such player");
        let nobody = nobody.with_detail("Players' ids are whole numbers, 1 to 1000.");
        let mut typed = Lookup::default();
        let turn = typed.begin("wren");
        typed.settle(turn, LookupResult::OutOfRange);

        for lookup in [refused(nobody), typed] {
            assert_eq!(hint(&lookup, 1_000), "");
            assert_eq!(note(&lookup, 1_000), "Enter a number from 1 to 1,000.");
        }
        let nothing = Lookup::default();
        assert_eq!(hint(&nothing, 1_000), "Enter a number from 1 to 1,000.");
        assert_eq!(numbers(1), "There is one player: number 1.");
    }

    #[test]
    fn a_player_who_was_found_is_told_in_a_sentence() {
        let player = PlayerPoints {
            id: 7_200,
            points: 1,
            round: 1_234,
            could_be_drawn: None,
        };

        assert_eq!(
            describe_found(&player),
            "Player 7,200 has 1 point in round 1,234."
        );
    }
}
