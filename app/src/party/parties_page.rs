//! `/party`: the region that a visitor is sent to, and the ways into a party.

use super::{CreateForm, JoinForm, NearbyParties, OwnParty};
use crate::components::{
    Masthead, Notices, PageFooter, ProblemNote, Route, Section, Way, WorldMap,
};
use crate::dispatch::{Candidate, Choice, Destination, Dispatch, RegionChoice, Typed};
use crate::live::{Live, Standing, Topic, decode_world, provide_live};
use leptos::prelude::*;
use protocol::{Coordinates, NearbyParty, PartiesState};

/// The kinds of problems with a code, which the field is marked for.
const OF_THE_CODE: [&str; 2] = ["bad-party-code", "unknown-party"];

/// The hall.
#[component]
pub(crate) fn PartiesPage(
    /// What the server knew when it rendered the page.
    state: PartiesState,
) -> impl IntoView {
    let PartiesState {
        page,
        here,
        managers,
        siblings,
        own,
        name,
        code,
        listed,
        nearby,
        is_known,
        stays,
        problem,
    } = state;
    let live = provide_live(page, decode_world, Topic::Parties, Standing::Unknown);
    let dispatch = Dispatch::new(here, managers, siblings);
    let typed = Typed::new(name.clone(), code, stays);
    let own_code = own.as_ref().map(|own| own.party_code);
    let hall = Hall::new(live, dispatch, typed, nearby);
    let is_wrong = problem
        .as_ref()
        .is_some_and(|problem| OF_THE_CODE.contains(&problem.kind.as_str()));
    view! {
        <a class="skip-link" href="#ways">"Skip to the parties"</a>
        <div class="sky" aria-hidden="true"></div>
        <Masthead section=Section::Parties connection=live.connection() waiting=live.waiting() />
        <main class="page">
            <header class="hall-head">
                <h1 class="hall-head__title">"Fly with others"</h1>
                <p class="hall-head__words">"A party is a few people from anywhere, together in every region at once."</p>
                <Destination
                    dispatch
                    choice=hall.choice
                    is_running=hall.is_running.read_only()
                    on_locate=Callback::new(move |()| crate::dispatch::locate(dispatch))
                />
            </header>
            {problem.map(|problem| view! { <ProblemNote problem /> })}
            {own.map(|own| view! { <OwnParty own name /> })}
            <div class="ways" id="ways">
                <JoinForm typed is_wrong />
                <CreateForm typed is_listed=listed dispatch />
                <NearbyParties nearby=hall.nearby candidates=hall.candidates typed own=own_code is_known />
            </div>
            <Regions live hall />
        </main>
        <PageFooter />
        <Notices problem=live.problem() result=live.result() />
    }
}

/// The way to the region, on the map, and all regions one by one.
#[component]
fn Regions(
    /// The world.
    live: Live,
    /// What the page shows.
    hall: Hall,
) -> impl IntoView {
    let rows = live.rows();
    let way = Memo::new(move |_| {
        let to = hall.choice.with(|choice| {
            let manager = &choice.as_ref()?.manager;
            Coordinates::new(manager.lat, manager.lng).ok()
        })?;
        let from = hall.dispatch.from()?;
        Some(Way { from, to })
    });
    view! {
        <div class="hall-regions">
            <WorldMap
                rows
                caption="The way to your region. Each light is a region, larger with more people."
                over=view! { <Route way /> }
            />
            <RegionChoice candidates=hall.candidates rows choice=hall.choice typed=hall.typed position=hall.dispatch.position />
        </div>
    }
}

/// What the page shows.
#[derive(Clone, Copy)]
struct Hall {
    dispatch: Dispatch,
    typed: Typed,
    candidates: Memo<Vec<Candidate>>,
    choice: Memo<Option<Choice>>,
    nearby: RwSignal<Vec<NearbyParty>>,
    is_running: RwSignal<bool>,
}

impl Hall {
    fn new(live: Live, dispatch: Dispatch, typed: Typed, nearby: Vec<NearbyParty>) -> Self {
        let candidates = dispatch.candidates();
        let hall = Self {
            dispatch,
            typed,
            candidates,
            choice: dispatch.choice(candidates),
            nearby: RwSignal::new(nearby),
            is_running: RwSignal::new(false),
        };
        hall.run(live);
        hall
    }

    /// Measures, moves and looks around; in browsers only, after hydration.
    fn run(self, live: Live) {
        use crate::dispatch::{arrive, follow_nearby, measure, stand_by};
        let Self {
            dispatch,
            typed,
            choice,
            nearby,
            is_running,
            ..
        } = self;
        Effect::new(move |_| {
            is_running.set(true);
            typed.read_fields();
            arrive(dispatch);
            measure(dispatch, choice, typed);
            follow_nearby(dispatch, nearby);
            stand_by(dispatch, live, move |url| {
                let (name, code) = (typed.name.get_untracked(), typed.code.get_untracked());
                let place = crate::address::place(dispatch.position.get_untracked());
                crate::address::hall(url, &name, &code) + &place
            });
        });
    }
}
