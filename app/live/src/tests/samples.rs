//! Worlds and a document for the tests of this crate.

use protocol::live::{NoKey, ServerFrame, StateFrame, WorldTopic};
use protocol::{Document, PageState, Problem, Region, RegionCode, World};
use serde::{Deserialize, Serialize};

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
        reached_ms: None,
        reached_rev: None,
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

/// A document: a list to which people add numbers that nobody has added.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct List(pub Vec<u32>);

/// The numbers that a person has added.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Own(pub Vec<u32>);

impl Document for List {
    const NAME: &'static str = "list";
    type Key = NoKey;
    type Own = Own;
    type Change = u32;

    fn apply(&mut self, own: &mut Own, id: u32) -> Result<(), Problem> {
        // Left in both where it is refused: nobody may keep it.
        let is_listed = self.0.contains(&id);
        self.0.push(id);
        own.0.push(id);
        match is_listed {
            true => Err(Problem::new(409, "listed", "It is in the list")),
            false => Ok(()),
        }
    }
}
