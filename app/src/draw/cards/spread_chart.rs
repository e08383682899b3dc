//! The distribution of points as a bar chart.

use crate::draw::{Pin, Spread};
use leptos::prelude::*;

/// A mark's row, in pixels: each mark has one of its own, so that none hides another.
const PIN_ROW_PX: usize = 24;
/// The middle of the first one.
const PIN_MIDDLE_PX: usize = 12;
/// A mark's radius.
const PIN_RADIUS_PX: usize = 10;
/// From a mark's middle down to the line on which its sign stands.
const SIGN_DOWN_PX: usize = 5;

/// A bar for each number of points, with marks over some.
///
/// Lengths along the chart are parts of its width, so that texts and marks keep their shapes at any width.
#[component]
pub(crate) fn SpreadChart(
    /// The points.
    spread: Memo<Spread>,
    /// The marks.
    pins: Memo<Vec<Pin>>,
) -> impl IntoView {
    let scale = move || {
        let scale = spread.with(Spread::scale);
        scale.map(|text| view! { <span>{text}</span> })
    };
    let points =
        move || -> Vec<_> { pins.with(|pins| pins.iter().map(|pin| pin.player.points).collect()) };
    let marked = move || spread.with(|spread| spread.bars_of(points()));
    let stems = move || spread.with(|spread| spread.stems_of(points()));
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
fn PinMarks(
    /// The points.
    spread: Memo<Spread>,
    /// The marks.
    pins: Memo<Vec<Pin>>,
) -> impl IntoView {
    move || {
        let mark = |(row, pin): (usize, Pin)| {
            let place = spread.with(|spread| spread.place(pin.player.points.into()));
            let (x1, x2, cx, x) = (place.clone(), place.clone(), place.clone(), place);
            let y = PIN_MIDDLE_PX + row * PIN_ROW_PX;
            let kind = pin.kind.name();
            view! {
                <line class="spread-chart__line" data-kind=kind x1=x1 x2=x2 y1=y.to_string() y2="100%" />
                <circle class="spread-chart__pin" data-kind=kind cx=cx cy=y.to_string() r=PIN_RADIUS_PX.to_string() />
                <text class="spread-chart__sign" data-kind=kind x=x y=(y + SIGN_DOWN_PX).to_string() text-anchor="middle">
                    {pin.kind.sign()}
                </text>
            }
        };
        pins.get().into_iter().enumerate().map(mark).collect_view()
    }
}
