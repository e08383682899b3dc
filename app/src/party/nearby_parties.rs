//! Parties near the visitor.

use crate::address;
use crate::dispatch::{Candidate, TypedFields};
use leptos::prelude::*;
use live::format::{counted, distance};
use protocol::{NearbyParty, PartyCode, RegionCode};

/// The listed parties nearby, closest first, each with a link.
#[component]
pub(crate) fn NearbyParties(
    /// The parties.
    nearby: RwSignal<Vec<NearbyParty>>,
    /// The live regions, for their cities.
    candidates: Memo<Vec<Candidate>>,
    /// What moves with the visitor.
    typed: TypedFields,
    /// The party that the visitor is in.
    own: Option<PartyCode>,
    /// Whether they could be loaded.
    is_known: bool,
) -> impl IntoView {
    let empty = if is_known {
        "No parties nearby yet. Start the first."
    } else {
        "Couldn't load parties. Trying again every few seconds."
    };
    view! {
        <section class="list-card" aria-labelledby="nearby-title">
            <h2 class="card__title" id="nearby-title">"Parties nearby"</h2>
            <ul class="list-card__list" data-testid="nearby">
                <For each=move || nearby.get() key=|party| party.party_code let(party)>
                    <NearbyItem is_own=own == Some(party.party_code) first=party nearby candidates typed />
                </For>
            </ul>
            <p class="list-card__empty" hidden=move || !nearby.with(Vec::is_empty) data-testid="nearby-empty">{empty}</p>
        </section>
    }
}

/// One party.
#[component]
fn NearbyItem(
    /// Whether the visitor is in it.
    is_own: bool,
    /// What is known of it to begin with.
    first: NearbyParty,
    /// All of them: its own numbers are among them.
    nearby: RwSignal<Vec<NearbyParty>>,
    /// The live regions.
    candidates: Memo<Vec<Candidate>>,
    /// What moves with the visitor.
    typed: TypedFields,
) -> impl IntoView {
    let code = first.party_code;
    let city = candidates.with_untracked(|all| city(all, &first.region));
    let party = Memo::new(move |_| {
        let own =
            |all: &Vec<NearbyParty>| all.iter().find(|party| party.party_code == code).cloned();
        nearby.with(own).unwrap_or_else(|| first.clone())
    });
    let leader = move || party.with(|party| format!("{}’s party", party.leader_name));
    let word = if is_own { "Open" } else { "Join" };
    let label = move || party.with(|party| format!("{word} {}’s party", party.leader_name));
    view! {
        <li class="nearby-item" data-testid="nearby-party" data-code=code.to_string()>
            <span class="nearby-item__name">{leader}</span>
            <span class="nearby-item__facts">
                <span data-cell="distance" translate="no">{move || party.with(|party| distance(party.distance_km))}</span>
                <span data-cell="count" translate="no">
                    {move || party.with(|party| counted(party.participant_count, "person", "people"))}
                </span>
                <span data-cell="region">{city}</span>
            </span>
            <a
                class="button"
                data-kind="quiet"
                data-testid="nearby-join"
                href=move || typed.name.with(|name| address::party("", code, name))
                aria-label=label
            >
                {word}
            </a>
        </li>
    }
}

/// A region's city, or its code where it is no longer live.
fn city(candidates: &[Candidate], region: &RegionCode) -> String {
    let found = candidates
        .iter()
        .find(|candidate| candidate.manager.region == *region);
    found.map_or_else(
        || region.to_string(),
        |candidate| candidate.manager.city.clone(),
    )
}
