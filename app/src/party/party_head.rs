//! A party's header: its flock, its code, and a summary.

use super::formation::Formation;
use crate::format::{code_in_groups, counted};
use leptos::prelude::*;
use protocol::{Party, PartyCode};

/// The code in large digits under the flock.
#[component]
pub(crate) fn PartyHead(
    /// The party's code.
    code: PartyCode,
    /// The party.
    party: Memo<Option<Party>>,
) -> impl IntoView {
    let words = Memo::new(move |_| {
        party
            .with(|party| party.as_ref().map(words))
            .unwrap_or_default()
    });
    view! {
        <section class="party-head" aria-labelledby="party-title">
            <Formation party />
            <h1 class="party-head__title" id="party-title">
                <span class="party-head__label">"Party"</span>
                " "
                <span class="party-head__code" data-testid="party-code">{code_in_groups(code)}</span>
            </h1>
            <p class="party-head__words" data-testid="party-words">{move || words.get()}</p>
        </section>
    }
}

/// The number of participants, how many are online, and the host.
fn words(party: &Party) -> String {
    let online = party
        .participants
        .iter()
        .filter(|participant| participant.online);
    let people = counted(party.participants.len(), "person", "people");
    let leader = party
        .leader()
        .map(|leader| format!(" · hosted by {}", leader.participant_name))
        .unwrap_or_default();
    match online.count() {
        0 => format!("{people}, none online{leader}"),
        online => format!("{people}, {online} online{leader}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::samples::party;

    #[test]
    fn the_words_follow_the_party() {
        let mut party = party(1, &["Ann", "Bo"]);
        assert_eq!(words(&party), "2 people, 2 online · hosted by Ann");

        party.participants.truncate(1);
        party.participants[0].online = false;
        assert_eq!(words(&party), "1 person, none online · hosted by Ann");
    }
}
