//! A page's state and a party for tests.

use protocol::{PageState, Participant, Party, PartyCode, RegionCode, World};

/// What every page is rendered from.
pub(crate) fn page() -> PageState {
    PageState {
        world: World::default(),
        history: vec![0],
        region: RegionCode::parse("fra").unwrap(),
        instance: "fra-1".into(),
    }
}

/// A party of these people, of whom the first leads.
pub(crate) fn party(names: &[&str]) -> Party {
    let participant = |(id, name): (u32, &&str)| Participant {
        participant_id: id,
        participant_name: (*name).into(),
        is_leader: id == 0,
        online: true,
        joined_at: "2026-11-21T12:00:00Z".into(),
    };
    Party {
        party_code: PartyCode::parse("457495738").unwrap(),
        rev: 1,
        region: RegionCode::parse("fra").unwrap(),
        lat: 50.03,
        lng: 8.57,
        listed: true,
        created_at: "2026-11-21T12:00:00Z".into(),
        limit: 64,
        participants: (0..).zip(names).map(participant).collect(),
    }
}
