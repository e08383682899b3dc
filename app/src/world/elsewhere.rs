//! The same world, as another region serves it.

use leptos::html;
use leptos::prelude::*;
use live::bound::flag;
use live::{RegionRow, each_region};

/// What the pane is called, where links open in it.
const PANE: &str = "elsewhere";

/// A pane beside the page in which another region's own instance shows its page: a click on one side changes both. Nothing of
/// it is loaded before it is opened.
#[component]
pub(super) fn Elsewhere(
    /// The regions, ordered by code.
    rows: Memo<Vec<RegionRow>>,
) -> impl IntoView {
    let is_alone = move || rows.with(|rows| !rows.iter().any(is_elsewhere));
    let first = rows.with_untracked(|rows| rows.iter().find(|row| is_elsewhere(row)).map(path));
    let pane = html::iframe()
        .class("elsewhere__pane")
        .name(PANE)
        .title("The same world, served by another region")
        .src(first)
        .attr("loading", "lazy");
    view! {
        <details class="elsewhere" hidden=flag(is_alone)>
            <summary class="elsewhere__summary">"See it from elsewhere"</summary>
            <div class="elsewhere__regions">{each_region(rows, link)}</div>
            {pane}
        </details>
    }
}

/// Opens a region's page in the pane.
fn link(row: Memo<RegionRow>) -> impl IntoView {
    let RegionRow { city, .. } = row.get_untracked();
    view! {
        <a
            class="elsewhere__region"
            href=row.with_untracked(path)
            target=PANE
            hidden=flag(move || !row.with(is_elsewhere))
        >
            {city}
        </a>
    }
}

fn is_elsewhere(row: &RegionRow) -> bool {
    row.instances > 0 && !row.is_here
}

fn path(row: &RegionRow) -> String {
    format!("/elsewhere/{}", row.code)
}
