//! The same world, as another region serves it.

use leptos::prelude::*;
use live::RegionRow;
#[cfg(feature = "hydrate")]
use wasm_bindgen::JsCast;
#[cfg(feature = "hydrate")]
use wasm_bindgen::prelude::Closure;

/// What the pane is called, where links open in it.
const PANE: &str = "elsewhere";

/// A pane beside the page in which another region's own instance shows its page: a click on one side changes both.
///
/// Nothing of it is loaded before somebody opens it, or without JavaScript chooses a region: browsers that run no scripts load
/// lazy frames at once, and the page in the frame has such a pane, too. A server writes it whole; which regions live later is
/// [written](follow) by code that the page loads once it is live.
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
    view! { <details class="elsewhere" id="pane-elsewhere" hidden=is_alone inner_html=inside></details> }
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
        <div class="elsewhere__regions">{links}</div>
        <iframe class="elsewhere__pane" name=PANE title="The same world, served by another region"></iframe>
    }
}

/// Keeps the links to the regions that live, and shows the first one once the pane is opened.
#[cfg(feature = "hydrate")]
pub(super) fn follow(rows: Memo<Vec<RegionRow>>) {
    let Some(details) = document().get_element_by_id("pane-elsewhere") else {
        return;
    };
    let others = Memo::new(move |_| {
        let link = |row: &RegionRow| (path(row), row.city.clone());
        rows.with(|rows| {
            rows.iter()
                .filter(|row| is_elsewhere(row))
                .map(link)
                .collect::<Vec<_>>()
        })
    });
    let place = details.clone();
    Effect::new(move |known: Option<Vec<_>>| {
        let others = others.get();
        // The server wrote the first ones.
        if known.is_some_and(|known| known != others) {
            // What is set here cannot be refused.
            let _set = place.toggle_attribute_with_force("hidden", others.is_empty());
            draw_links(&place, &others);
        }
        others
    });
    let opened = Closure::<dyn FnMut()>::new(move || {
        let pane = document().query_selector(".elsewhere__pane").ok().flatten();
        if let (Some(pane), Some((path, _))) = (pane, others.get_untracked().first())
            && !pane.has_attribute("src")
        {
            let _set = pane.set_attribute("src", path);
        }
    });
    let _added =
        details.add_event_listener_with_callback("toggle", opened.as_ref().unchecked_ref());
    // It lasts as long as the page.
    opened.forget();
}

#[cfg(feature = "hydrate")]
fn draw_links(details: &web_sys::Element, others: &[(String, String)]) {
    let Some(list) = details.query_selector(".elsewhere__regions").ok().flatten() else {
        return;
    };
    list.set_text_content(None);
    for (path, city) in others {
        if let Ok(link) = document().create_element("a") {
            link.set_class_name("elsewhere__region");
            link.set_text_content(Some(city));
            let _set = link.set_attribute("href", path);
            let _set = link.set_attribute("target", PANE);
            let _added = list.append_child(&link);
        }
    }
}

fn is_elsewhere(row: &RegionRow) -> bool {
    row.instances > 0 && !row.is_here
}

#[cfg(any(feature = "ssr", feature = "hydrate"))]
fn path(row: &RegionRow) -> String {
    format!("/elsewhere/{}", row.code)
}
