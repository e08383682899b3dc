//! A party's card: its code, and its people as a flock.

use super::naming;
use super::page::code_of;
use crate::cards::{ACCENT, Cards, Drawing, INK, INK_SOFT, MARGIN, Words, stem};
use app::{CARD_WIDTH, FORMATION_WIDTH, code_in_groups, fly};
use axum::extract::State;
use axum::response::Response;
use live::format::counted;
use protocol::Party;
use std::sync::Arc;
use web::extract::Path;
use web::visitor::Visitor;
use web::{AppState, HttpError};

/// The flock's size on the card, over that on the page.
const SCALE: f64 = 1.15;
/// Where its tip's upper edge is.
const TOP: f64 = 84.0;
/// The most people who are named.
const NAMED_MAX: usize = 3;

/// Answers `GET /cards/party/{code}.png`. Whoever guesses codes by it is counted as one who does so by the page.
pub(super) async fn show(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(file): Path<String>,
) -> Result<Response, HttpError> {
    let code = code_of(stem(&file)?)?;
    let call = state.engine.parties().show(code);
    let party = naming(&state, (&visitor.address, visitor.person), code, call).await?;
    let cards = state.kept::<Cards>()?;
    let svg = draw(cards.drawing(), &party);
    cards.answer(&visitor, svg).await
}

fn draw(mut drawing: Drawing, party: &Party) -> Arc<str> {
    let width = f64::from(CARD_WIDTH) - 2.0 * MARGIN;
    drawing.land((250.0, 190.0), 1.05, 0.45);
    let left = f64::from(CARD_WIDTH) - MARGIN - FORMATION_WIDTH * SCALE;
    for bird in fly(party) {
        let at = (left + bird.x * SCALE, TOP + bird.y * SCALE);
        drawing.light(at, bird.radius * SCALE, bird.is_lit);
    }
    drawing.text(
        "Join the party",
        (MARGIN, 318.0),
        Words::new(36.0, ACCENT),
        (width, 1),
    );
    let code = code_in_groups(party.party_code);
    drawing.text(&code, (MARGIN, 446.0), Words::new(132.0, INK), (width, 1));
    let people = people(&drawing, party);
    drawing.text(
        &people,
        (MARGIN, 546.0),
        Words::new(36.0, INK_SOFT),
        (width, 1),
    );
    drawing.finish()
}

/// Who is in the party, as far as the names can be written.
fn people(drawing: &Drawing, party: &Party) -> String {
    let names = party
        .participants
        .iter()
        .map(|participant| &*participant.participant_name);
    let names = names.filter(|name| drawing.lines(name, 1.0, f64::MAX) > 0);
    let named: Vec<_> = names.take(NAMED_MAX).collect();
    let others = party.participants.len() - named.len();
    let people = |count| counted(count, "person", "people");
    match (named.is_empty(), others) {
        (true, others) => people(others),
        (false, 0) => named.join(", "),
        (false, 1) => format!("{} and 1 other", named.join(", ")),
        (false, others) => format!("{} and {others} others", named.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::drawn;
    use protocol::{Participant, PartyCode, RegionCode};

    fn party(names: &[&str]) -> Party {
        let participant = |(id, name): (u32, &&str)| Participant {
            participant_id: id,
            participant_name: (*name).to_owned(),
            is_leader: id == 0,
            online: id % 3 < 2,
            region: None,
            message_ms: None,
            joined_at: "2026-11-20T12:00:00Z".into(),
        };
        Party {
            party_code: PartyCode::parse("457495738").unwrap(),
            rev: 1,
            region: RegionCode::parse("ord").unwrap(),
            lat: 41.98,
            lng: -87.9,
            listed: true,
            created_at: "2026-11-20T12:00:00Z".into(),
            limit: 64,
            participants: (0..).zip(names).map(participant).collect(),
        }
    }

    fn svg(names: &[&str]) -> String {
        drawn("party", |drawing| draw(drawing, &party(names))).0
    }

    #[test]
    fn the_card_has_the_code_and_the_people() {
        let svg = svg(&["Wren", "Robin", "Finch", "Ann", "Bo", "Cy", "Di"]);

        assert!(svg.contains(">457 495 738</text>"));
        assert!(svg.contains(">Wren, Robin, Finch and 4 others</text>"));
    }

    #[test]
    fn a_hostile_name_is_but_a_name() {
        let svg = svg(&["</text><image href='/etc/passwd'/>", "&lol;"]);

        assert!(!svg.contains("<image") && !svg.contains("&lol;"));
        assert!(svg.contains("&lt;/text&gt;&lt;image"));
    }

    #[test]
    fn names_that_cannot_be_written_are_counted() {
        assert!(svg(&["山田", "Wren"]).contains(">Wren and 1 other</text>"));
        assert!(svg(&["山田"]).contains(">1 person</text>"));
        assert!(svg(&["W".repeat(32).as_str(); 64]).contains("…</text>"));
    }
}
