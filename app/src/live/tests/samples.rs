//! Worlds for the tests of this folder.

use protocol::live::WorldFrame;
use protocol::{PageState, Region, RegionCode, World};

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
    let regions = clicks
        .iter()
        .map(|(code, clicks)| region(code, *clicks))
        .collect();
    World {
        epoch,
        rev,
        age_ms: 0,
        regions,
    }
}

pub(crate) fn frame(epoch: u64, rev: u64, full: bool, clicks: &[(&str, i64)]) -> WorldFrame {
    let World { regions, .. } = world(epoch, rev, clicks);
    WorldFrame {
        epoch,
        rev,
        age_ms: 0,
        full,
        regions,
    }
}

pub(crate) fn page(world: World) -> PageState {
    PageState {
        world,
        history: vec![0],
        region: code("fra"),
        instance: "fra-1".into(),
    }
}
