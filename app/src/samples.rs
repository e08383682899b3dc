//! A page's state, a region's row and a party for tests.

use live::RegionRow;
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

/// A live region with so many clicks.
pub(crate) fn row(clicks: i64) -> RegionRow {
    RegionRow {
        code: RegionCode::parse("ord").unwrap(),
        city: "Chicago".into(),
        lat: 0.0,
        lng: 0.0,
        clicks,
        share_permille: 0,
        people: 0,
        instances: 1,
        is_here: false,
        reached_ms: None,
        has_own: false,
    }
}

/// A party of these people, of whom the first leads.
pub(crate) fn party(names: &[&str]) -> Party {
    let participant = |(id, name): (u32, &&str)| Participant {
        participant_id: id,
        participant_name: (*name).into(),
        is_leader: id == 0,
        online: true,
        region: None,
        message_ms: None,
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
