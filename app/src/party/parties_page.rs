//! `/party`: the recommended region, and the forms that start and join a party.

use super::{CreateForm, JoinForm, NearbyParties, OwnParty};
use crate::components::{
    Masthead, Notices, PageFooter, ProblemNote, Route, RoutePoints, Section, WorldMap,
};
use crate::dispatch::{Candidate, ChosenRegion, Destination, Dispatch, RegionChoice, TypedFields};
use crate::head::Head;
use crate::live::{Live, provide_live};
use leptos::prelude::*;
use protocol::{Coordinates, NearbyParty, PartiesState};

/// The kinds of problems for which the code field is marked.
const OF_THE_CODE: [&str; 2] = ["bad-party-code", "unknown-party"];

/// The page of all parties.
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
    let live = provide_live(page);
    let dispatch = Dispatch::new(here, managers, siblings);
    let typed = TypedFields::new(name.clone(), code, stays);
    let own_code = own.as_ref().map(|own| own.party_code);
    let signals = PartiesSignals::new(live, dispatch, typed, nearby);
    let is_wrong = problem
        .as_ref()
        .is_some_and(|problem| OF_THE_CODE.contains(&problem.kind.as_str()));
    view! {
        <a class="skip-link" href="#parties-forms">"Skip to parties"</a>
        <div class="sky" aria-hidden="true"></div>
        <Masthead section=Section::Parties connection=live.connection() waiting=live.waiting() />
        <main class="page">
            <header class="parties-head">
                <h1 class="parties-head__title">"Start or join a party"</h1>
                <p class="parties-head__words">"A party brings a few people together, wherever they are."</p>
                <Destination
                    dispatch
                    choice=signals.choice
                    is_running=signals.is_running.read_only()
                    on_locate=Callback::new(move |()| crate::dispatch::locate(dispatch))
                />
            </header>
            {problem.map(|problem| view! { <ProblemNote problem /> })}
            {own.map(|own| view! { <OwnParty own name /> })}
            <div class="parties-forms" id="parties-forms">
                <JoinForm typed is_wrong />
                <CreateForm typed is_listed=listed dispatch />
                <NearbyParties nearby=signals.nearby candidates=signals.candidates typed own=own_code is_known />
            </div>
            <Regions live signals />
        </main>
        <PageFooter />
        <Notices problem=live.problem() result=live.result() />
    }
}

/// The route to the region on the map, and the list of regions.
#[component]
fn Regions(
    /// The world.
    live: Live,
    /// What the page shows.
    signals: PartiesSignals,
) -> impl IntoView {
    let rows = live.rows();
    let way = Memo::new(move |_| {
        let to = signals.choice.with(|choice| {
            let manager = &choice.as_ref()?.manager;
            Coordinates::new(manager.lat, manager.lng).ok()
        })?;
        let from = signals.dispatch.from()?;
        Some(RoutePoints { from, to })
    });
    view! {
        <div class="parties-regions">
            <WorldMap
                rows
                caption="Route to your region. Each light is a region and grows with its visitors."
                over=view! { <Route way /> }
            />
            <RegionChoice candidates=signals.candidates rows choice=signals.choice typed=signals.typed position=signals.dispatch.position />
        </div>
    }
}

/// What the page shows.
#[derive(Clone, Copy)]
struct PartiesSignals {
    dispatch: Dispatch,
    typed: TypedFields,
    candidates: Memo<Vec<Candidate>>,
    choice: Memo<Option<ChosenRegion>>,
    nearby: RwSignal<Vec<NearbyParty>>,
    is_running: RwSignal<bool>,
}

impl PartiesSignals {
    fn new(live: Live, dispatch: Dispatch, typed: TypedFields, nearby: Vec<NearbyParty>) -> Self {
        let candidates = dispatch.candidates();
        let signals = Self {
            dispatch,
            typed,
            candidates,
            choice: dispatch.choice(candidates),
            nearby: RwSignal::new(nearby),
            is_running: RwSignal::new(false),
        };
        signals.run(live);
        signals
    }

    /// Starts measuring, moving and updating; after hydration.
    fn run(self, live: Live) {
        use crate::dispatch::{arrive, follow_nearby, measure, watch_server};
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
            watch_server(dispatch, live, move |url| {
                let (name, code) = (typed.name.get_untracked(), typed.code.get_untracked());
                let place = crate::address::place(dispatch.position.get_untracked());
                crate::address::parties(url, &name, &code) + &place
            });
        });
    }
}

/// What the page says of itself.
pub(crate) fn head(_: &PartiesState) -> Head {
    Head {
        title: "Parties · Murmuration".into(),
        description: "Bring a few people together from anywhere: start a party, join one by its code, or find one \
                      nearby. The nearest live region hosts you."
            .into(),
        robots: None,
    }
}
