//! Finds the nearest live region.

use super::Instances;
use crate::region::{Place, Regions};
use crate::world::Mirror;
use protocol::{Coordinates, Manager, ManagerFound, RegionCode, World};
use std::sync::Arc;
use url::Url;

/// Sends visitors to live regions. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Dispatcher {
    atlas: Arc<Atlas>,
    mirror: Mirror,
}

/// All configured regions.
pub(super) struct Atlas(Vec<AtlasRegion>);

/// A configured region.
struct AtlasRegion {
    place: Place,
    at: Coordinates,
    point: [f64; 3],
}

impl Dispatcher {
    /// A dispatcher for these regions.
    pub(crate) fn new(regions: &Regions, mirror: Mirror) -> Self {
        Self {
            atlas: Arc::new(Atlas::new(regions)),
            mirror,
        }
    }

    /// See [`Engine::find_manager`](crate::Engine::find_manager).
    pub(crate) fn find(&self, from: Coordinates) -> Option<ManagerFound> {
        self.mirror
            .with_instances(|_, instances| self.atlas.find(from, instances))
    }

    /// See [`Engine::managers`](crate::Engine::managers).
    pub(crate) fn managers(&self) -> Vec<Manager> {
        self.mirror.with_instances(|world, instances| {
            let regions = self.atlas.0.iter();
            regions
                .filter_map(|region| manager(region, world, instances))
                .collect()
        })
    }

    /// See [`Engine::addresses`](crate::Engine::addresses).
    pub(crate) fn addresses(&self) -> Vec<(RegionCode, String)> {
        self.mirror
            .with_instances(|_, instances| instances.addresses())
    }
}

impl Atlas {
    pub(super) fn new(regions: &Regions) -> Self {
        let region = |place: &Place| {
            let at = Coordinates::new(place.lat, place.lng).ok()?;
            Some(AtlasRegion {
                place: place.clone(),
                at,
                point: point(at),
            })
        };
        let mut known: Vec<_> = regions.places().iter().filter_map(region).collect();
        // Ties go to the first by code.
        known.sort_by(|one, other| one.place.code.cmp(&other.place.code));
        Self(known)
    }

    /// An instance of the nearest live region.
    pub(super) fn find(&self, from: Coordinates, instances: &Instances) -> Option<ManagerFound> {
        let here = point(from);
        let alive = |region: &&AtlasRegion| !instances.of(&region.place.code).is_empty();
        let region = self.0.iter().filter(alive).min_by(|one, other| {
            let [one, other] = [one, other].map(|region| chord(here, region.point));
            one.total_cmp(&other)
        })?;
        let instance = instances.pick(&region.place.code)?;
        Some(ManagerFound {
            hostname: hostname(&instance.url),
            url: instance.url.clone(),
            region: region.place.code.clone(),
            city: region.place.city.clone(),
            distance_km: from.distance_km(region.at),
        })
    }
}

fn manager(region: &AtlasRegion, world: &World, instances: &Instances) -> Option<Manager> {
    let Place {
        code,
        city,
        lat,
        lng,
        ..
    } = &region.place;
    let instance = instances.pick(code)?;
    Some(Manager {
        region: code.clone(),
        city: city.clone(),
        lat: *lat,
        lng: *lng,
        url: instance.url.clone(),
        instances: u32::try_from(instances.of(code).len()).unwrap_or(u32::MAX),
        connections: world.region(code).map_or(0, |region| region.connections),
    })
}

/// Coordinates as a point on the unit sphere.
fn point(at: Coordinates) -> [f64; 3] {
    let (lat, lng) = (at.lat().to_radians(), at.lng().to_radians());
    // Up to rounding, both sides of the date line and all longitudes of a pole are one point.
    [lat.cos() * lng.cos(), lat.cos() * lng.sin(), lat.sin()]
}

/// The square of the chord between two points; it increases with the great-circle distance.
fn chord(one: [f64; 3], other: [f64; 3]) -> f64 {
    one.iter()
        .zip(other)
        .map(|(one, other)| (one - other) * (one - other))
        .sum()
}

/// The host of a URL; empty if it is invalid.
fn hostname(url: &str) -> String {
    let parsed = Url::parse(url).ok();
    let host = parsed.as_ref().and_then(Url::host_str);
    host.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(lat: f64, lng: f64) -> Coordinates {
        Coordinates::new(lat, lng).unwrap()
    }

    #[test]
    fn hosts_are_without_port_and_path() {
        assert_eq!(hostname("https://fra.example"), "fra.example");
        assert_eq!(hostname("http://127.0.0.1:4002"), "127.0.0.1");
        assert_eq!(hostname("http://[::1]:4002/"), "[::1]");
        assert_eq!(hostname("nowhere"), "");
    }

    proptest! {
        /// Chords order places as great circles do, but for what rounding makes equal.
        #[test]
        fn the_shorter_chord_is_the_shorter_way(
            lats in prop::array::uniform3(-90.0..=90.0), lngs in prop::array::uniform3(-180.0..=180.0),
        ) {
            let [from, one, other] = [0, 1, 2].map(|n| at(lats[n], lngs[n]));
            let shorter = chord(point(from), point(one)) < chord(point(from), point(other));

            let (one_km, other_km) = (from.distance_km(one), from.distance_km(other));

            prop_assert!(shorter == (one_km < other_km) || (one_km - other_km).abs() < 0.01);
        }
    }
}
