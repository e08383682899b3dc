//! Worlds for the tests of this folder.

use protocol::live::{NoKey, ServerFrame, StateFrame, WorldTopic};
use protocol::{PageState, Participant, Party, PartyCode, Region, RegionCode, World};

pub(crate) fn code(text: &str) -> RegionCode {
    RegionCode::parse(text).unwrap()
}

pub(crate) fn region(text: &str, clicks: i64) -> Region {
    Region {
        code: code(text),
        city: text.to_uppercase(),
        lat: 50.0,
        lng: 8.0,
        clicks,
        people: 2,
        connections: 3,
        instances: 1,
    }
}

pub(crate) fn world(epoch: u64, rev: u64, clicks: &[(&str, i64)]) -> World {
    frame(epoch, rev, true, clicks)
}

pub(crate) fn frame(epoch: u64, rev: u64, full: bool, clicks: &[(&str, i64)]) -> World {
    let regions = clicks.iter().map(|(code, clicks)| region(code, *clicks));
    World {
        epoch,
        rev,
        age_ms: 0,
        full,
        regions: regions.collect(),
    }
}

/// A frame of the world, as a server sends it.
pub(crate) fn world_frame(world: World) -> ServerFrame {
    ServerFrame::State(StateFrame::of::<WorldTopic>(&NoKey, &world).unwrap())
}

pub(crate) fn page(world: World) -> PageState {
    PageState {
        world,
        history: vec![0],
        region: code("fra"),
        instance: "fra-1".into(),
    }
}

/// A party of these people, of whom the first leads.
pub(crate) fn party(rev: u64, names: &[&str]) -> Party {
    let participant = |(id, name): (u32, &&str)| Participant {
        participant_id: id,
        participant_name: (*name).into(),
        is_leader: id == 0,
        online: true,
        joined_at: "2026-11-21T12:00:00Z".into(),
    };
    Party {
        party_code: PartyCode::parse("457495738").unwrap(),
        rev,
        region: code("fra"),
        lat: 50.03,
        lng: 8.57,
        listed: true,
        created_at: "2026-11-21T12:00:00Z".into(),
        limit: 64,
        participants: (0..).zip(names).map(participant).collect(),
    }
}
