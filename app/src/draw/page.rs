//! `/draw`: up to two of all players, drawn as often as you like, live.

use super::cards::{DrawnPlayers, LookupCard, NextCard, OwnCard, SpreadCard};
use crate::card::world_card;
use crate::components::{Frame, Section, ServedByLine};
use crate::draw::OpenDraw;
use leptos::prelude::*;
use live::format::counted;
use live::{Head, provide_live, use_topic};
use protocol::live::NoKey;
use protocol::{DrawState, DrawTopic};

/// The draw's page.
#[component]
pub(crate) fn DrawPage(state: DrawState) -> impl IntoView {
    let live = provide_live(state.page.clone());
    let topic = use_topic::<DrawTopic>(live, NoKey, Some(state.news.clone()));
    let draw = OpenDraw::new(state);
    Effect::new(move |_| draw.follow(topic));
    view! {
        <Frame live section=Section::Draw skip=("#draw", "Skip to draw")>
            <main class="page draw" id="draw">
                <DrawnPlayers draw />
                <div class="draw__cards">
                    <NextCard draw next=draw.next(live) />
                    <OwnCard draw />
                    <LookupCard draw />
                    <SpreadCard draw />
                </div>
                <ServedByLine live />
            </main>
        </Frame>
    }
}

pub(crate) fn head(state: &DrawState) -> Head {
    let players = counted(state.news.report.players, "player", "players");
    Head {
        title: "Draw · Murmuration".into(),
        description: format!(
            "{players}, scored anew every round, and a secret minimum: see at most two who are above it."
        ),
        path: "/draw".into(),
        card: world_card(),
        ..Head::default()
    }
}
