//! `/party`: the recommended region, and the forms that start and join a party.

use super::spoken_code::code_in_groups;
use super::{CreateForm, JoinForm, NearbyParties};
use crate::address;
use crate::card::world_card;
use crate::components::{Frame, Route, Section, WorldMap};
use crate::dispatch::{
    Candidate, ChosenRegion, Destination, Dispatch, RegionChoice, TypedFields, arrive,
    follow_nearby, locate, measure, watch_server,
};
use leptos::prelude::*;
use live::browser::focused_id;
use live::{Head, Live, ProblemNote, provide_live};
use protocol::{Coordinates, NearbyParty, PartiesState, PartyJoined};

/// The kinds of problems for which the code field is marked.
const OF_THE_CODE: [&str; 2] = ["bad-party-code", "unknown-party"];

/// The page of all parties.
#[component]
pub(crate) fn PartiesPage(state: PartiesState) -> impl IntoView {
    let live = provide_live(state.page);
    let dispatch = Dispatch::new(state.here, state.managers, state.siblings);
    let typed = TypedFields::new(state.name.clone(), state.code, state.stays);
    let own_code = state.own.as_ref().map(|own| own.party_code);
    let candidates = Memo::new(move |_| dispatch.candidates());
    let choice = dispatch.choice(candidates);
    let nearby = RwSignal::new(state.nearby);
    let is_running = run(live, dispatch, typed, choice, nearby);
    let is_wrong = state
        .problem
        .as_ref()
        .is_some_and(|problem| OF_THE_CODE.contains(&problem.kind.as_str()));
    view! {
        <Frame live section=Section::Parties skip=("#parties-forms", "Skip to parties")>
            <main class="page">
                <header class="parties-head">
                    <h1 class="parties-head__title">"Start or join a party"</h1>
                    <p class="parties-head__words">"A party brings a few people together, wherever they are."</p>
                    <Destination
                        dispatch
                        choice
                        is_running
                        on_locate=Callback::new(move |()| locate(dispatch))
                    />
                </header>
                {state.problem.map(|problem| view! { <ProblemNote problem /> })}
                {state.own.map(|own| view! { <OwnParty own name=state.name /> })}
                <div class="parties-forms" id="parties-forms">
                    <JoinForm typed is_wrong />
                    <CreateForm typed is_listed=state.listed dispatch />
                    <NearbyParties nearby candidates typed own=own_code is_known=state.is_known />
                </div>
                <Regions live dispatch typed candidates choice />
            </main>
        </Frame>
    }
}

/// The route to the region on the map, and the list of regions.
#[component]
fn Regions(
    live: Live,
    dispatch: Dispatch,
    typed: TypedFields,
    candidates: Memo<Vec<Candidate>>,
    choice: Memo<Option<ChosenRegion>>,
) -> impl IntoView {
    let rows = live.rows();
    let way = Memo::new(move |_| {
        let to = choice.with(|choice| {
            let manager = &choice.as_ref()?.manager;
            Coordinates::new(manager.lat, manager.lng).ok()
        })?;
        let from = dispatch.from()?;
        Some([from, to])
    });
    view! {
        <div class="parties-regions">
            <WorldMap
                rows
                caption="Route to your region. Each light is a region and grows with its visitors."
                over=view! { <Route way /> }
            />
            <RegionChoice candidates rows choice typed dispatch />
        </div>
    }
}

/// Starts measuring, moving and updating after hydration; set once that is done.
fn run(
    live: Live,
    dispatch: Dispatch,
    typed: TypedFields,
    choice: Memo<Option<ChosenRegion>>,
    nearby: RwSignal<Vec<NearbyParty>>,
) -> ReadSignal<bool> {
    let (is_running, set_running) = signal(false);
    Effect::new(move |_| {
        set_running.set(true);
        typed.read_fields();
        arrive(dispatch);
        measure(dispatch, choice, typed);
        follow_nearby(dispatch, nearby);
        watch_server(dispatch, live, move |url| {
            untrack(|| typed.parties(url, dispatch, &focused_id()))
        });
    });
    is_running
}

pub(crate) fn head(_: &PartiesState) -> Head {
    Head {
        title: "Parties · Murmuration".into(),
        description: "Bring a few people together from anywhere: start a party, join one by its code, or find one \
                      nearby. The nearest live region hosts you."
            .into(),
        path: "/party".into(),
        card: world_card(),
        ..Head::default()
    }
}

/// A link back to the visitor's own party.
#[component]
fn OwnParty(
    own: PartyJoined,
    /// The visitor's name there; may be empty.
    name: String,
) -> impl IntoView {
    let code = own.party_code;
    let words = if name.is_empty() {
        "You are in a party".to_owned()
    } else {
        format!("You are in a party, as {name}")
    };
    view! {
        <section class="own-party" aria-label="Your party" data-testid="own-party" data-code=code.to_string()>
            <div class="own-party__words">
                <h2 class="own-party__title">{words}</h2>
                <p class="own-party__hint">"Starting or joining another party leaves this one."</p>
            </div>
            <span class="own-party__code">{code_in_groups(code)}</span>
            <a class="button" href=address::party("", code, "") data-testid="own-party-link">"Open your party"</a>
        </section>
    }
}
