//! Any player, by their number.

use crate::draw::{Desk, Finding, Search, said_found};
use crate::format::{counted, grouped};
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use protocol::{PlayerPoints, Problem};

/// Looks a player up: a form of the server, or in place.
#[component]
pub(crate) fn LookupCard(
    /// The draw.
    desk: Desk,
) -> impl IntoView {
    let typed = desk
        .search
        .with_untracked(|search| search.typed().to_owned());
    let field = NodeRef::<Input>::new();
    let note = Memo::new(move |_| desk.search.with(note));
    let is_wrong = Memo::new(move |_| desk.search.with(|search| search.finding().is_nobody()));
    let is_asked = Memo::new(move |_| {
        desk.search
            .with(|search| matches!(search.finding(), Finding::Asked))
    });
    let hint = Memo::new(move |_| hint(desk.board.with(|board| board.report().players)));
    let look_up = move |submit| look_up(desk, field, &submit);
    view! {
        <form class="card lookup-card" id="lookup" method="get" action="/draw#lookup" aria-labelledby="lookup-title" data-testid="lookup" on:submit=look_up>
            <h2 class="card__title" id="lookup-title">"Look a player up"</h2>
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
                    <button class="button" data-kind="quiet" aria-disabled=move || is_asked.get().then_some("true") data-testid="look-up">
                        "Look up"
                    </button>
                </div>
                <p class="field__note" id="lookup-hint">{move || hint.get()}</p>
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
            <FoundPlayer desk />
        </form>
    }
}

/// The player who was found.
#[component]
fn FoundPlayer(
    /// The draw.
    desk: Desk,
) -> impl IntoView {
    let found = Memo::new(move |_| desk.search.with(Search::found));
    let told = Memo::new(move |_| desk.search.with(Search::told));
    let said = move || told.with(|told| told.as_ref().map(said_found).unwrap_or_default());
    let of = move |read: fn(PlayerPoints) -> String| move || found.get().map(read);
    view! {
        // Apart from what is seen: that changes with each round, which is told once already, by those who are shown.
        <p class="visually-hidden" role="status" data-testid="found-said">{said}</p>
        <p class="lookup-card__found" hidden=move || found.with(Option::is_none) data-testid="found">
            <span class="pin-sign" data-kind="looked-up" aria-hidden="true">"?"</span>
            <span>
                "Player " <strong>{of(|player| grouped(player.id))}</strong> " has "
                <strong class="lookup-card__points">{of(|player| counted(player.points, "point", "points"))}</strong>
                " in round " {of(|player| grouped(player.round))} "."
            </span>
        </p>
    }
}

/// Whom there is to be looked up.
fn hint(players: u32) -> String {
    match players {
        1 => "There is one player: number 1.".into(),
        players => format!("A number from 1 to {}.", grouped(players)),
    }
}

/// What is to be said at the field.
fn note(search: &Search) -> String {
    match search.finding() {
        Finding::Nothing | Finding::Found(_) => String::new(),
        Finding::Asked => "Looking…".into(),
        // Who there is, the hint says.
        Finding::Refused(Problem { title, .. }) if search.finding().is_nobody() => {
            format!("{title}.")
        }
        Finding::Refused(problem) => problem.words(),
        Finding::Unreached => "The server did not answer. Look once more.".into(),
    }
}

/// Looks the player up in place.
fn look_up(desk: Desk, field: NodeRef<Input>, submit: &SubmitEvent) {
    submit.prevent_default();
    if let Some(field) = field.get_untracked() {
        desk.look_up(&field.value());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::PlayerLookup;

    fn refused(problem: Problem) -> Search {
        Search::new(Some(PlayerLookup {
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
            note(&refused(away)),
            "This server is not ready yet. Try again in a few seconds."
        );
        assert_eq!(note(&Search::default()), "");
    }

    #[test]
    fn who_there_is_is_told_once() {
        let nobody = Problem::new(404, "unknown-player", "There is no such player");
        let nobody = nobody.with_detail("Players' ids are whole numbers, 1 to 1000.");

        assert_eq!(note(&refused(nobody)), "There is no such player.");
        assert_eq!(hint(1_000), "A number from 1 to 1,000.");
        assert_eq!(hint(1), "There is one player: number 1.");
    }
}
