//! The world: every region's numbers at one revision.

use crate::RegionCode;
use serde::{Deserialize, Serialize};

/// The number of samples in a page's sparkline of clicks.
pub const HISTORY_SAMPLES: usize = 60;
/// The time between two samples, in milliseconds: sixty of them are five minutes.
pub const HISTORY_STEP_MS: u64 = 5_000;

/// A region's location and numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Region {
    /// Its code, such as `fra`.
    pub code: RegionCode,
    /// The city of its servers.
    pub city: String,
    /// Latitude in degrees, north positive.
    pub lat: f64,
    /// Longitude in degrees, east positive.
    pub lng: f64,
    /// The sum of its visitors' clicks, each +1 or −1.
    pub clicks: i64,
    /// The number of distinct persons with a session there.
    pub people: u32,
    /// The number of open sessions there.
    pub connections: u32,
    /// The number of live instances there.
    pub instances: u32,
    /// Milliseconds, rounded up, from when the serving instance sent clicks to Redis until it heard that this other region has
    /// them: the way there and back, of the newest clicks that were measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reached_ms: Option<u64>,
    /// The revision that includes those clicks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reached_rev: Option<u64>,
}

impl Region {
    /// Whether to show the region: it has clicks or live instances.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        self.clicks != 0 || self.instances > 0
    }
}

/// Regions' numbers, as of one revision of one epoch: the state of [`WorldTopic`](crate::live::WorldTopic).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct World {
    /// The epoch of the shared state: it grows when Redis comes back empty or older.
    pub epoch: u64,
    /// The number of changes in this epoch: within an epoch a larger one is newer.
    pub rev: u64,
    /// Milliseconds since Redis was last in the serving instance's reach and took writes; 0 while it is and does.
    pub age_ms: u64,
    /// Whether `regions` are all that are shown; else a frame's are just those that changed since the frame before.
    #[serde(default)]
    pub full: bool,
    /// The regions, ordered by code.
    pub regions: Vec<Region>,
}

impl World {
    /// The clicks of all regions.
    #[must_use]
    pub fn clicks(&self) -> i64 {
        self.regions.iter().map(|region| region.clicks).sum()
    }

    /// The people of all regions.
    #[must_use]
    pub fn people(&self) -> u32 {
        self.regions.iter().map(|region| region.people).sum()
    }

    /// The open sessions of all regions.
    #[must_use]
    pub fn connections(&self) -> u32 {
        self.regions.iter().map(|region| region.connections).sum()
    }

    /// The region with that code, if it is shown.
    #[must_use]
    pub fn region(&self, code: &RegionCode) -> Option<&Region> {
        self.regions.iter().find(|region| region.code == *code)
    }

    /// Takes a frame in that is not older.
    pub fn follow(&mut self, frame: Self) {
        if frame.full {
            *self = frame;
            return;
        }
        (self.epoch, self.rev, self.age_ms) = (frame.epoch, frame.rev, frame.age_ms);
        frame
            .regions
            .into_iter()
            .for_each(|region| self.put(region));
    }

    /// Replaces a region's numbers, keeping the order by code and removing a region that is not shown.
    pub fn put(&mut self, region: Region) {
        match self
            .regions
            .binary_search_by(|known| known.code.cmp(&region.code))
        {
            Ok(at) if region.is_shown() => self.regions[at] = region,
            Ok(at) => drop(self.regions.remove(at)),
            Err(at) if region.is_shown() => self.regions.insert(at, region),
            Err(_) => {}
        }
    }
}

/// The state with which a page is rendered and hydrated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageState {
    /// The world as the serving instance knows it.
    pub world: World,
    /// The world's clicks at the last [`HISTORY_SAMPLES`] steps, oldest first; fewer in a new world.
    pub history: Vec<i64>,
    /// The region that serves the page and counts its clicks.
    pub region: RegionCode,
    /// The serving instance.
    pub instance: String,
}

/// The answer to `GET /api/world`: the world with its sums.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorldReport<'a> {
    /// See [`World::rev`].
    pub rev: u64,
    /// The clicks of all regions.
    pub clicks: i64,
    /// The people of all regions.
    pub people: u32,
    /// The open sessions of all regions.
    pub connections: u32,
    /// See [`World::age_ms`].
    pub age_ms: u64,
    /// The regions, ordered by code.
    pub regions: &'a [Region],
}

impl<'a> From<&'a World> for WorldReport<'a> {
    fn from(world: &'a World) -> Self {
        Self {
            rev: world.rev,
            clicks: world.clicks(),
            people: world.people(),
            connections: world.connections(),
            age_ms: world.age_ms,
            regions: &world.regions,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(code: &str, clicks: i64, instances: u32) -> Region {
        Region {
            code: RegionCode::parse(code).unwrap(),
            city: code.to_uppercase(),
            lat: 0.0,
            lng: 0.0,
            clicks,
            people: 2,
            connections: 3,
            instances,
            reached_ms: None,
            reached_rev: None,
        }
    }

    #[test]
    fn regions_stay_in_order_and_the_empty_ones_go() {
        let mut world = World::default();

        for (code, clicks, instances) in
            [("syd", 1, 1), ("fra", 0, 1), ("ord", 5, 0), ("ams", 0, 0)]
        {
            world.put(region(code, clicks, instances));
        }
        world.put(region("fra", 0, 0));

        let codes: Vec<_> = world.regions.iter().map(|r| r.code.as_str()).collect();
        assert_eq!(codes, ["ord", "syd"]);
        assert_eq!(world.clicks(), 6);
    }

    #[test]
    fn the_report_carries_the_sums() {
        let mut world = World {
            rev: 7,
            ..World::default()
        };
        world.put(region("fra", -2, 1));
        world.put(region("ord", 5, 1));

        let json = serde_json::to_value(WorldReport::from(&world)).unwrap();

        assert_eq!(json["rev"], 7);
        assert_eq!(json["clicks"], 3);
        assert_eq!(json["people"], 4);
        assert_eq!(json["connections"], 6);
        assert_eq!(json["regions"][0]["code"], "fra");
    }
}
