//! The distribution of points as a table.

use crate::draw::{Group, Spread};
use crate::format::{grouped, percent};
use leptos::prelude::*;

/// A table that opens on demand.
#[component]
pub(crate) fn SpreadTable(
    /// The points.
    spread: Memo<Spread>,
) -> impl IntoView {
    let groups = Memo::new(move |_| spread.with(Spread::groups));
    view! {
        <details class="spread-table" data-testid="spread-table">
            <summary class="spread-table__summary">"Show as table"</summary>
            <table class="spread-table__table">
                <caption class="visually-hidden">"How many players have how many points"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Points"</th>
                        <th scope="col" class="spread-table__number">"Players"</th>
                        <th scope="col" class="spread-table__number">"Share"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || 0..groups.with(Vec::len) key=|at| *at let(at)>
                        <GroupRow groups at />
                    </For>
                </tbody>
            </table>
        </details>
    }
}

/// One row. It stays the same element from round to round.
#[component]
fn GroupRow(
    /// All rows.
    groups: Memo<Vec<Group>>,
    /// Which one it is.
    at: usize,
) -> impl IntoView {
    let of = move |read: fn(&Group) -> String| {
        move || groups.with(|groups| groups.get(at).map(read).unwrap_or_default())
    };
    view! {
        <tr>
            <th scope="row">{of(|group| group.points.clone())}</th>
            <td class="spread-table__number">{of(|group| grouped(group.players))}</td>
            <td class="spread-table__number">{of(|group| percent(group.share_permille))}</td>
        </tr>
    }
}
