//! `/draw`: at most two of all players, asked for anew as often as you like, live.

use super::cards::{LookupCard, NextCard, SpreadCard, TheTwo};
use crate::components::{Masthead, Notices, PageFooter, Section, ServedByLine};
use crate::draw::Desk;
use crate::live::{Standing, Topic, decode_draw, provide_live};
use leptos::prelude::*;
use protocol::DrawState;

/// The draw's page.
#[component]
pub(crate) fn DrawPage(
    /// What the server knew when it rendered the page.
    state: DrawState,
) -> impl IntoView {
    let live = provide_live(
        state.page.clone(),
        decode_draw,
        Topic::Draw,
        Standing::Unknown,
    );
    let desk = Desk::new(state);
    Effect::new(move |_| desk.follow(live));
    view! {
        <a class="skip-link" href="#draw">"Skip to the draw"</a>
        <div class="sky" aria-hidden="true"></div>
        <Masthead section=Section::Draw connection=live.connection() waiting=live.waiting() />
        <main class="page draw" id="draw">
            <TheTwo desk />
            <div class="draw__cards">
                <NextCard desk next=desk.next(live) />
                <LookupCard desk />
                <SpreadCard desk />
            </div>
            <ServedByLine served_by=live.served_by() />
        </main>
        <PageFooter />
        <Notices problem=live.problem() result=live.result() />
    }
}
