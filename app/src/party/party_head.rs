//! A party's header: its flock, its code, and a summary.

use super::spoken_code::code_in_groups;
use crate::components::Glow;
use leptos::prelude::*;
use live::format::{counted, tenths};
use protocol::{Participant, Party, PartyCode};

/// The drawing's width, in its own units.
pub const WIDTH: f64 = 400.0;
/// Where the tip is.
const TIP: (f64, f64) = (200.0, 34.0);
/// How far apart two of a wing are in a small flock.
const STEP: (f64, f64) = (34.0, 17.0);
/// How far a wing may reach.
const REACH: (f64, f64) = (175.0, 92.0);
/// The radius of the leader's light and of the others' in a small flock.
const RADII: (f64, f64) = (9.0, 6.5);
/// How far a light's glow reaches, over its radius.
const GLOW: f64 = 3.2;

/// The code in large digits under the flock.
#[component]
pub(crate) fn PartyHead(code: PartyCode, party: Memo<Option<Party>>) -> impl IntoView {
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
                <span class="party-head__code" translate="no" data-testid="party-code">{code_in_groups(code)}</span>
            </h1>
            <p class="party-head__words" data-testid="party-words" translate="no">{move || words.get()}</p>
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

/// One of the flock.
#[derive(Clone, Debug, PartialEq)]
pub struct Bird {
    id: u32,
    /// To the right, in the drawing's units.
    pub x: f64,
    /// Down.
    pub y: f64,
    /// The light's.
    pub radius: f64,
    /// Whether the participant is online.
    pub is_lit: bool,
}

impl Bird {
    /// One that moves is another one.
    fn key(&self) -> (u32, String, bool) {
        (self.id, tenths(self.x) + &tenths(self.radius), self.is_lit)
    }
}

/// The party as a flock: the leader at the tip, the others in the order in which they joined, wing by wing. It is
/// decorative: the list says the same.
#[component]
fn Formation(party: Memo<Option<Party>>) -> impl IntoView {
    let birds = Memo::new(move |_| party.with(|party| party.as_ref().map_or_else(Vec::new, fly)));
    let view_box = Memo::new(move |_| {
        birds.with(|birds| format!("0 0 {} {}", tenths(WIDTH), tenths(height(birds))))
    });
    let draw = |bird: Bird| {
        let (x, y) = (tenths(bird.x), tenths(bird.y));
        view! {
            <g class="formation__bird" data-lit=bird.is_lit.then_some("")>
                <circle class="formation__halo" fill="url(#flock-glow)" cx=x.clone() cy=y.clone() r=tenths(bird.radius * GLOW) />
                <circle class="formation__core" cx=x cy=y r=tenths(bird.radius) />
            </g>
        }
    };
    view! {
        <svg class="formation" viewBox=move || view_box.get() aria-hidden="true">
            <Glow id="flock-glow" />
            <For each=move || birds.get() key=Bird::key children=draw />
        </svg>
    }
}

/// Down to the glow of the last.
fn height(birds: &[Bird]) -> f64 {
    birds
        .iter()
        .map(|bird| bird.y + bird.radius * GLOW)
        .fold(0.0, f64::max)
}

/// Where the participants of a party fly, in their order.
pub fn fly(party: &Party) -> Vec<Bird> {
    let rows = (party.participants.len() / 2).max(1) as f64;
    let step = (STEP.0.min(REACH.0 / rows), STEP.1.min(REACH.1 / rows));
    // Crowded wings are of smaller lights.
    let scale = (step.0 / STEP.0).max(0.45);
    let mut behind = 0_u32;
    let place = |participant: &Participant| {
        let (x, y, radius) = if participant.is_leader {
            (TIP.0, TIP.1, RADII.0 * scale)
        } else {
            behind += 1;
            let row = f64::from(behind.div_ceil(2));
            let wing = if behind.is_multiple_of(2) { -1.0 } else { 1.0 };
            (
                TIP.0 + wing * row * step.0,
                TIP.1 + row * step.1,
                RADII.1 * scale,
            )
        };
        Bird {
            id: participant.participant_id,
            x,
            y,
            radius,
            is_lit: participant.online,
        }
    };
    party.participants.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::party;

    #[test]
    fn the_words_follow_the_party() {
        let mut party = party(&["Ann", "Bo"]);
        assert_eq!(words(&party), "2 people, 2 online · hosted by Ann");

        party.participants.truncate(1);
        party.participants[0].online = false;
        assert_eq!(words(&party), "1 person, none online · hosted by Ann");
    }

    #[test]
    fn the_leader_flies_at_the_tip_and_the_others_at_both_sides() {
        let mut party = party(&["Ann", "Bo", "Cy"]);
        party.participants[0].is_leader = false;
        party.participants[2].is_leader = true;

        let birds = fly(&party);

        assert_eq!((birds[2].x, birds[2].y), TIP);
        assert!(birds[0].x > TIP.0 && birds[1].x < TIP.0);
        assert!((birds[0].y - birds[1].y).abs() < f64::EPSILON);
    }

    #[test]
    fn a_full_party_stays_in_the_picture() {
        let names = vec!["x"; 1_000];

        let birds = fly(&party(&names));
        assert!(height(&birds) < 150.0);
        for bird in birds {
            assert!(
                (bird.radius..=WIDTH - bird.radius).contains(&bird.x),
                "{bird:?}"
            );
        }
    }
}
