//! `/draw`: at most two of all players, asked for anew as often as you like, live.

use crate::components::{Masthead, Notices, PageFooter, Section};
use crate::live::{Standing, Topic, decode_draw, provide_live};
use leptos::prelude::*;
use protocol::DrawState;

/// The draw's page.
#[component]
pub(crate) fn DrawPage(
    /// What the server knew when it rendered the page.
    state: DrawState,
) -> impl IntoView {
    let live = provide_live(state.page, decode_draw, Topic::Draw, Standing::Unknown);
    view! {
        <a class="skip-link" href="#draw">"Skip to the draw"</a>
        <div class="sky" aria-hidden="true"></div>
        <Masthead section=Section::Draw connection=live.connection() waiting=live.waiting() />
        <main class="page" id="draw">
        </main>
        <PageFooter />
        <Notices problem=live.problem() result=live.result() />
    }
}
