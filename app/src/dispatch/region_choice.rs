//! The live regions, with distance and round trip.

use crate::dispatch::{Candidate, ChosenRegion, Dispatch, TypedFields};
use leptos::prelude::*;
use live::RegionRow;
use live::format::{counted, distance, round_trip};
use protocol::RegionCode;

/// The live regions, nearest first, each with a link.
#[component]
pub(crate) fn RegionChoice(
    /// The regions.
    candidates: Memo<Vec<Candidate>>,
    /// Their numbers in the world.
    rows: Memo<Vec<RegionRow>>,
    /// The recommended region.
    choice: Memo<Option<ChosenRegion>>,
    /// What moves with the visitor.
    typed: TypedFields,
    dispatch: Dispatch,
) -> impl IntoView {
    let chosen = Memo::new(move |_| {
        choice.with(|choice| choice.as_ref().map(|choice| choice.manager.region.clone()))
    });
    view! {
        <section class="list-card" id="regions" aria-labelledby="regions-title">
            <h2 class="card__title" id="regions-title">"Live regions"</h2>
            <ul class="list-card__list" data-testid="regions">
                <For each=move || candidates.get() key=|candidate| candidate.manager.region.clone() let(candidate)>
                    <RegionItem first=candidate candidates rows chosen typed dispatch />
                </For>
            </ul>
            <p class="list-card__empty" hidden=move || !candidates.with(Vec::is_empty) data-testid="regions-empty">
                "No region is available right now. Reload the page in a moment."
            </p>
        </section>
    }
}

/// One region.
#[component]
fn RegionItem(
    /// What is known of it to begin with.
    first: Candidate,
    /// All of them: its own numbers are among them.
    candidates: Memo<Vec<Candidate>>,
    /// The world's numbers.
    rows: Memo<Vec<RegionRow>>,
    /// The recommended region.
    chosen: Memo<Option<RegionCode>>,
    /// What moves with the visitor.
    typed: TypedFields,
    dispatch: Dispatch,
) -> impl IntoView {
    let code = first.manager.region.clone();
    let (city, is_here, text) = (first.manager.city.clone(), first.is_here, code.to_string());
    let candidate = Memo::new({
        let code = code.clone();
        move |_| {
            let own = |all: &Vec<Candidate>| {
                all.iter()
                    .find(|candidate| candidate.manager.region == code)
                    .cloned()
            };
            candidates.with(own).unwrap_or_else(|| first.clone())
        }
    });
    let people = Memo::new({
        let code = code.clone();
        move |_| {
            rows.with(|rows| {
                rows.iter()
                    .find(|row| row.code == code)
                    .map(|row| row.people)
            })
        }
    });
    let is_chosen = Memo::new(move |_| chosen.with(|chosen| chosen.as_ref() == Some(&code)));
    let address = move || {
        let url = candidate.with(|candidate| candidate.manager.url.clone());
        typed.parties(&url, dispatch, "")
    };
    let label = format!("Go to {city}");
    view! {
        <li class="region-item" data-region=text.clone() data-here=is_here.then_some("") data-chosen=move || is_chosen.get().then_some("")>
            <span class="region-item__name">
                <span class="region-item__city">{city}</span>
                " "
                <span class="region-item__code">{text.clone()}</span>
            </span>
            <span class="region-item__facts">
                <span data-cell="distance" translate="no">{move || candidate.with(|candidate| distance(candidate.distance_km))}</span>
                <span data-cell="people" translate="no">{move || counted(people.get().unwrap_or_default(), "person", "people")}</span>
                <span data-cell="instances" translate="no">
                    {move || counted(candidate.with(|candidate| candidate.manager.instances), "instance", "instances")}
                </span>
            </span>
            <span class="region-item__trip" data-cell="round-trip" translate="no">{move || candidate.with(trip)}</span>
            <span class="region-item__way">
                {match is_here {
                    true => None,
                    false => Some(view! {
                        <a class="button" data-kind="quiet" data-testid="go" href=address aria-label=label>"Go"</a>
                    }),
                }}
                {is_here.then(|| view! { <span class="region-item__here">"serving you"</span> })}
            </span>
        </li>
    }
}

/// The round trip to a region, or why there is none.
fn trip(candidate: &Candidate) -> String {
    match candidate.trip.trip_ms {
        _ if candidate.trip.is_silent => "no answer".into(),
        Some(trip_ms) => round_trip(trip_ms),
        None => "not measured".into(),
    }
}
