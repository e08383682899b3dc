//! The participants of a party.

use leptos::prelude::*;
use protocol::{Participant, Party};

/// The participants in the order of joining.
#[component]
pub(crate) fn ParticipantList(
    /// The party.
    party: Memo<Option<Party>>,
    /// The visitor's id in it, if they are in.
    you: Option<u32>,
) -> impl IntoView {
    let people = Memo::new(move |_| {
        party.with(|party| {
            party
                .as_ref()
                .map_or_else(Vec::new, |party| party.participants.clone())
        })
    });
    let size = move || {
        party.with(|party| {
            party
                .as_ref()
                .map(|party| format!("{} of {}", party.participants.len(), party.limit))
        })
    };
    view! {
        <section class="list-card" id="participants" aria-labelledby="participants-title">
            <h2 class="card__title" id="participants-title">
                "People "
                <span class="list-card__count" data-testid="party-size">{size}</span>
            </h2>
            <ol class="list-card__list" data-testid="participants">
                <For each=move || people.get() key=|person| person.participant_id let(person)>
                    <ParticipantItem first=person people you />
                </For>
            </ol>
        </section>
    }
}

/// One participant.
#[component]
fn ParticipantItem(
    /// What is known of them to begin with.
    first: Participant,
    /// All of them.
    people: Memo<Vec<Participant>>,
    /// The visitor's id.
    you: Option<u32>,
) -> impl IntoView {
    let id = first.participant_id;
    let is_you = you == Some(id);
    let person = Memo::new(move |_| {
        let own = |all: &Vec<Participant>| {
            all.iter()
                .find(|person| person.participant_id == id)
                .cloned()
        };
        people.with(own).unwrap_or_else(|| first.clone())
    });
    let leads = Memo::new(move |_| person.with(|person| person.is_leader));
    let online = Memo::new(move |_| person.with(|person| person.online));
    view! {
        <li
            class="participant-item"
            data-testid="participant"
            data-id=id.to_string()
            data-leader=move || leads.get().then_some("")
            data-online=move || online.get().to_string()
            data-you=is_you.then_some("")
        >
            <span class="participant-item__light" aria-hidden="true"></span>
            <span class="participant-item__name" dir="auto" translate="no">{move || person.with(|person| person.participant_name.clone())}</span>
            <span class="participant-item__marks">
                {is_you.then(|| view! { <span class="mark" data-kind="you">"you"</span> })}
                <span class="mark" data-kind="leader" hidden=move || !leads.get()>"host"</span>
                <span class="participant-item__state" translate="no">{move || if online.get() { "online" } else { "offline" }}</span>
            </span>
        </li>
    }
}
