//! What both pages of parties show.

use edge::{PartyError, PersonId};
use protocol::{Manager, PartyJoined};
use web::AppState;

/// The party that a person is in, and their name there.
pub(super) async fn own(
    state: &AppState,
    person: Option<PersonId>,
) -> Result<Option<(PartyJoined, String)>, PartyError> {
    let Some(person) = person else {
        return Ok(None);
    };
    let parties = state.engine.parties();
    let Some(own) = parties.of(person).await? else {
        return Ok(None);
    };
    let party = match parties.show(own.party_code).await {
        Ok(party) => party,
        // It ended between the two.
        Err(PartyError::Unknown) => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut participants = party.participants.into_iter();
    let name = participants
        .find(|participant| participant.participant_id == own.participant_id)
        .map(|participant| participant.participant_name);
    Ok(Some((own, name.unwrap_or_default())))
}

/// The serving region.
pub(super) fn here(state: &AppState) -> Manager {
    let place = state.engine.place();
    let world = state.engine.mirror().world();
    let region = world.region(&place.code);
    Manager {
        region: place.code.clone(),
        city: place.city.clone(),
        lat: place.lat,
        lng: place.lng,
        url: state.config.public_url.clone(),
        instances: region.map_or(0, |region| region.instances),
        connections: region.map_or(0, |region| region.connections),
    }
}

/// The URLs of the region's other instances that have their own.
pub(super) fn siblings(state: &AppState) -> Vec<String> {
    let here = &state.engine.place().code;
    let addresses = state.engine.addresses().into_iter();
    addresses
        .filter(|(region, url)| region == here && *url != state.config.public_url)
        .map(|(_, url)| url)
        .collect()
}
