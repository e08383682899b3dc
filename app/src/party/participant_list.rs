//! The participants of a party.

use leptos::prelude::*;
use live::bound::{flag, text};
use live::format::round_trip;
use live::{Live, RegionRow};
use protocol::{Participant, Party};

/// How many people are shown before the others are folded away.
const SHOWN: usize = 5;

/// The participants: first those online, each part in the order of joining, and folded beyond a few.
#[component]
pub(crate) fn ParticipantList(
    live: Live,
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
    let rows = live.rows();
    let item = move |first| view! { <ParticipantItem first people you rows /> };
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

/// Which region serves a participant, and how long their messages take; empty where neither is known.
fn from(person: &Participant, rows: &[RegionRow]) -> String {
    let city = person.region.as_ref().map(|code| {
        let row = rows.iter().find(|row| row.code == *code);
        row.map_or_else(|| code.to_string(), |row| row.city.clone())
    });
    let messages = person
        .message_ms
        .map(|took_ms| format!("messages take {}", round_trip(took_ms.into())));
    let parts: Vec<_> = city.into_iter().chain(messages).collect();
    parts.join(" · ")
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
    /// All regions.
    rows: Memo<Vec<RegionRow>>,
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
    let from = Memo::new(move |_| person.with(|person| rows.with(|rows| from(person, rows))));
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
            <span
                class="participant-item__from"
                hidden=flag(move || from.with(String::is_empty))
                data-testid="from"
                translate="no"
            >
                {text(move || from.get())}
            </span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{party, row};
    use protocol::RegionCode;

    #[test]
    fn a_participant_shows_where_they_are_served_and_how_long_their_messages_take() {
        let mut ann = party(&["Ann"]).participants.remove(0);
        let rows = [RegionRow {
            city: "Sydney".into(),
            code: RegionCode::parse("syd").unwrap(),
            ..row(0)
        }];
        assert_eq!(from(&ann, &rows), "");

        ann.message_ms = Some(212);
        assert_eq!(from(&ann, &rows), "messages take 212 ms");
        ann.region = RegionCode::parse("syd").ok();
        assert_eq!(from(&ann, &rows), "Sydney · messages take 212 ms");
        ann.region = RegionCode::parse("ord").ok();
        ann.message_ms = Some(0);
        assert_eq!(from(&ann, &rows), "ord · messages take under 1 ms");
    }

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
