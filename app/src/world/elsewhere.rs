//! The same world, as another region serves it.

use leptos::prelude::*;
use live::RegionRow;

/// What the pane is called, where links open in it.
#[cfg(feature = "ssr")]
const PANE: &str = "elsewhere";

/// A pane beside the page in which another region's own instance shows its page: a click on one side changes both.
///
/// Nothing of it is loaded before somebody opens it, or without JavaScript chooses a region: browsers that run no scripts load
/// lazy frames at once, and the page in the frame has such a pane, too. A server writes it whole, with the regions that live
/// then: the content security policy allows no others. `public/sky-….js` shows the first of them when it is opened.
#[component]
pub(super) fn Elsewhere(
    /// The regions, ordered by code.
    rows: Memo<Vec<RegionRow>>,
) -> impl IntoView {
    let is_alone = rows.with_untracked(|rows| !rows.iter().any(is_elsewhere));
    #[cfg(feature = "ssr")]
    let inside = rows.with_untracked(|rows| inside(rows)).to_html();
    // A browser takes over what the server wrote.
    #[cfg(not(feature = "ssr"))]
    let inside = "";
    view! { <details class="elsewhere" hidden=is_alone inner_html=inside></details> }
}

/// The pane, and what opens regions in it.
#[cfg(feature = "ssr")]
fn inside(rows: &[RegionRow]) -> impl IntoView + use<> {
    let link = |row: &RegionRow| {
        view! { <a class="elsewhere__region" href=path(row) target=PANE>{row.city.clone()}</a> }
    };
    let links: Vec<_> = rows
        .iter()
        .filter(|row| is_elsewhere(row))
        .map(link)
        .collect();
    view! {
        <summary class="elsewhere__summary">"See it from elsewhere"</summary>
        <p class="elsewhere__regions">"Another region’s own page, live. While it is open, you are counted there, too." {links}</p>
        <iframe class="elsewhere__pane" name=PANE title="The same world, served by another region"></iframe>
    }
}

fn is_elsewhere(row: &RegionRow) -> bool {
    row.instances > 0 && !row.is_here
}

#[cfg(feature = "ssr")]
fn path(row: &RegionRow) -> String {
    format!("/elsewhere/{}", row.code)
}
