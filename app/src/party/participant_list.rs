//! The participants of a party.

use leptos::prelude::*;
use protocol::{Participant, Party};

/// How many people are shown before the others are folded away.
const SHOWN: usize = 5;

/// The participants: first those online, each part in the order of joining, and folded beyond a few.
#[component]
pub(crate) fn ParticipantList(
    /// The party.
    party: Memo<Option<Party>>,
    /// The visitor's id in it, if they are in.
    you: Option<u32>,
) -> impl IntoView {
    let people = Memo::new(move |_| {
        let people = party.with(|party| party.as_ref().map(|party| party.participants.clone()));
        online_first(people.unwrap_or_default())
    });
    let rest = Memo::new(move |_| people.with(|people| people.len().saturating_sub(SHOWN)));
    let item = move |first| view! { <ParticipantItem first people you /> };
    let size = move || {
        party.with(|party| {
            party
                .as_ref()
                .map(|party| format!("{} of {}", party.participants.len(), party.limit))
        })
    };
    let list = move |part: fn(&[Participant]) -> &[Participant]| {
        let each = move || people.with(|people| part(people).to_vec());
        view! {
            <ul class="list-card__list">
                <For each key=|person| person.participant_id children=item />
            </ul>
        }
    };
    view! {
        <section class="list-card" id="participants" aria-labelledby="participants-title">
            <h2 class="card__title" id="participants-title">
                "People "
                <span class="list-card__count" data-testid="party-size">{size}</span>
            </h2>
            <div data-testid="participants">
                {list(|people| people.get(..SHOWN).unwrap_or(people))}
                // The same element always, so that it stays open.
                <details class="list-card__rest" hidden=move || rest.get() == 0>
                    <summary class="list-card__summary">{move || format!("{} more", rest.get())}</summary>
                    {list(|people| people.get(SHOWN..).unwrap_or_default())}
                </details>
            </div>
        </section>
    }
}

/// Those online before those who are not.
fn online_first(people: Vec<Participant>) -> Vec<Participant> {
    let (online, offline): (Vec<_>, Vec<_>) = people.into_iter().partition(|person| person.online);
    [online, offline].concat()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::party;

    #[test]
    fn those_online_stand_first_in_the_order_of_joining() {
        let mut people = party(&["Ann", "Bo", "Cy", "Di"]).participants;
        people[0].online = false;
        people[2].online = false;

        let people = online_first(people);

        let names: Vec<_> = people
            .iter()
            .map(|person| &*person.participant_name)
            .collect();
        assert_eq!(names, ["Bo", "Di", "Ann", "Cy"]);
    }
}
