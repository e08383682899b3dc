//! `/`: every region's clicks and people, live.

use super::{Counter, Elsewhere, RegionTable, Sparkline};
use crate::card::world_card;
use crate::components::{Frame, Section, ServedByLine, WorldMap};
use leptos::prelude::*;
use live::{Head, Live, provide_live};
use protocol::PageState;

/// What shares the page, by share.js. A server writes it whole: a browser takes it over as it is.
const SHARE: &str = if cfg!(feature = "ssr") {
    "<button class=\"button\" type=\"button\" data-kind=\"quiet\" data-share=\"share-note\" data-testid=\"share\">Share</button> \
     <span class=\"share__note\" id=\"share-note\" role=\"status\" data-testid=\"share-note\" translate=\"no\"></span>"
} else {
    ""
};

/// The world page.
#[component]
pub(crate) fn WorldPage(
    /// What the server knew when it rendered the page.
    state: PageState,
) -> impl IntoView {
    let live = provide_live(state);
    view! {
        <Frame live section=Section::World skip=("#regions", "Skip to regions")>
            <main class="page" id="pane">
                <Overview live />
                <Elsewhere rows=live.rows() />
                <Details live />
            </main>
        </Frame>
    }
}

/// The number, and where in the world it comes from.
#[component]
fn Overview(
    /// What the page shows.
    live: Live,
) -> impl IntoView {
    view! {
        <Counter
            total=live.total()
            people=live.people()
            places=live.places()
            on_step=Callback::new(move |step| live.click(step))
        />
        <ServedByLine live trips=live.trips() />
        <p class="share" inner_html=SHARE></p>
        <WorldMap
            rows=live.rows()
            caption="Each light is a region. It grows with its visitors and flashes on every click."
            // A group for each flight, and one for the figures.
            over=view! { <g class="flights" id="flights" inner_html="<g></g><g></g><g></g><g></g><g></g>"></g> }
        />
        <p class="flock-words" id="flock-words"></p>
    }
}

/// The same numbers one by one, and over time.
#[component]
fn Details(
    /// What the page shows.
    live: Live,
) -> impl IntoView {
    view! {
        <div class="details">
            <RegionTable rows=live.rows() total=live.total() />
            <Sparkline steps=live.steps() />
        </div>
    }
}

/// What the page says of itself.
pub(crate) fn head(_: &PageState) -> Head {
    Head {
        title: "Murmuration".into(),
        description: "One number, shared live by servers all over the world. \
                      Click in one region and watch every other region follow."
            .into(),
        path: "/".into(),
        card: world_card(),
        ..Head::default()
    }
}
