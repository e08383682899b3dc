//! The distribution of points over all players.

use crate::draw::{Group, OpenDraw, Pin, Spread};
use leptos::prelude::*;
use live::format::{counted, grouped, percent};

/// A mark's row, in pixels: each mark has one of its own, so that none hides another.
const PIN_ROW_PX: usize = 24;
/// The middle of the first one.
const PIN_MIDDLE_PX: usize = 12;
/// A mark's radius.
const PIN_RADIUS_PX: usize = 10;
/// From a mark's middle down to the line on which its sign stands.
const SIGN_DOWN_PX: usize = 5;

/// The chart, what it says in words, and the numbers themselves.
#[component]
pub(crate) fn SpreadCard(draw: OpenDraw) -> impl IntoView {
    let spread = Memo::new(move |_| {
        draw.mirror
            .with(|mirror| Spread::new(&mirror.report().histogram))
    });
    let round = move || grouped(draw.mirror.with(|mirror| mirror.report().round));
    let pins = draw.pins();
    view! {
        <section class="spread-card" aria-labelledby="spread-title" data-testid="spread">
            <h2 class="card__title" id="spread-title" translate="no">"Points in round " {round}</h2>
            <p class="spread-card__words" id="spread-words" data-testid="spread-words" translate="no">{move || spread.with(Spread::words)}</p>
            <SpreadChart spread pins />
            <ul class="spread-card__pins" aria-label="Marked in the chart" hidden=move || pins.with(Vec::is_empty) data-testid="pins">
                <For each=move || pins.get() key=|pin| (pin.kind, pin.player.id, pin.player.points) let(pin)>
                    <li class="spread-card__pin" data-kind=pin.kind>
                        <span class="pin-sign" data-kind=pin.kind aria-hidden="true">{pin.sign}</span>
                        <span>
                            "Player " {grouped(pin.player.id)} ": " {counted(pin.player.points, "point", "points")}
                        </span>
                    </li>
                </For>
            </ul>
            <SpreadTable spread />
        </section>
    }
}

/// A bar for each number of points, with marks over some.
///
/// Lengths along the chart are parts of its width, so that texts and marks keep their shapes at any width.
#[component]
fn SpreadChart(spread: Memo<Spread>, pins: Memo<Vec<Pin>>) -> impl IntoView {
    let scale = move || {
        let scale = spread.with(Spread::scale);
        scale.map(|text| view! { <span>{text}</span> })
    };
    let points = move || -> Vec<_> {
        pins.with(|pins| pins.iter().map(|pin| pin.player.points.into()).collect())
    };
    let marked = move || spread.with(|spread| spread.bars_of(&points()));
    let stems = move || spread.with(|spread| spread.stems_of(&points()));
    let ticks = move || {
        let ticks = spread.with(|spread| {
            let ticks = spread.ticks().into_iter();
            ticks
                .map(|points| (points, spread.place(points)))
                .collect::<Vec<_>>()
        });
        let tick = |(points, x): (usize, String)| {
            view! { <text class="spread-chart__tick" x=x y="16" text-anchor="middle">{points.to_string()}</text> }
        };
        ticks.into_iter().map(tick).collect_view()
    };
    view! {
        <div class="spread-chart">
            <p class="spread-chart__axis" aria-hidden="true">"Players"</p>
            <div class="spread-chart__scale" aria-hidden="true">{scale}</div>
            <svg class="spread-chart__pins" aria-hidden="true">
                <PinMarks spread pins />
            </svg>
            <svg
                class="spread-chart__bars"
                viewBox=move || spread.with(Spread::view_box)
                preserveAspectRatio="none"
                role="img"
                aria-labelledby="spread-chart-title spread-chart-words"
                data-testid="bars"
            >
                <title id="spread-chart-title">"How many players have how many points"</title>
                <desc id="spread-chart-words">{move || spread.with(Spread::words)}</desc>
                <path class="spread-chart__bar" d=move || spread.with(Spread::bars) />
                <path class="spread-chart__bar" data-kind="marked" d=marked />
                <path class="spread-chart__line" d=stems vector-effect="non-scaling-stroke" />
            </svg>
            <svg class="spread-chart__ticks" aria-hidden="true">{ticks}</svg>
            <p class="spread-chart__axis" data-kind="points" aria-hidden="true">"Points"</p>
        </div>
    }
}

/// The marks over the bars.
#[component]
fn PinMarks(spread: Memo<Spread>, pins: Memo<Vec<Pin>>) -> impl IntoView {
    move || {
        let mark = |(row, pin): (usize, Pin)| {
            let place = spread.with(|spread| spread.place(pin.player.points.into()));
            let (x1, x2, cx, x) = (place.clone(), place.clone(), place.clone(), place);
            let y = PIN_MIDDLE_PX + row * PIN_ROW_PX;
            let kind = pin.kind;
            view! {
                <line class="spread-chart__line" data-kind=kind x1=x1 x2=x2 y1=y.to_string() y2="100%" />
                <circle class="spread-chart__pin" data-kind=kind cx=cx cy=y.to_string() r=PIN_RADIUS_PX.to_string() />
                <text class="spread-chart__sign" data-kind=kind x=x y=(y + SIGN_DOWN_PX).to_string() text-anchor="middle">
                    {pin.sign}
                </text>
            }
        };
        pins.get().into_iter().enumerate().map(mark).collect_view()
    }
}

/// A table that opens on demand.
#[component]
fn SpreadTable(spread: Memo<Spread>) -> impl IntoView {
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
    groups: Memo<Vec<Group>>,
    /// Which one it is.
    at: usize,
) -> impl IntoView {
    let of = move |read: fn(&Group) -> String| {
        move || groups.with(|groups| groups.get(at).map(read).unwrap_or_default())
    };
    view! {
        <tr translate="no">
            <th scope="row">{of(|group| group.points.clone())}</th>
            <td class="spread-table__number">{of(|group| grouped(group.players))}</td>
            <td class="spread-table__number">{of(|group| percent(group.share_permille))}</td>
        </tr>
    }
}
