//! Finds the nearest live region.

use super::Instances;
use crate::region::{Place, Regions};
use protocol::{Coordinates, Manager, ManagerFound, World};
use url::Url;

/// All configured regions.
pub(crate) struct Atlas(Vec<AtlasRegion>);

/// A configured region.
struct AtlasRegion {
    place: Place,
    at: Coordinates,
    point: [f64; 3],
}

impl Atlas {
    pub(crate) fn new(regions: &Regions) -> Self {
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
    pub(crate) fn find(&self, from: Coordinates, instances: &Instances) -> Option<ManagerFound> {
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

    /// An instance of each live region.
    pub(crate) fn managers(&self, world: &World, instances: &Instances) -> Vec<Manager> {
        let manager = |AtlasRegion { place, .. }: &AtlasRegion| {
            let known = world.region(&place.code);
            Some(Manager {
                region: place.code.clone(),
                city: place.city.clone(),
                lat: place.lat,
                lng: place.lng,
                url: instances.pick(&place.code)?.url.clone(),
                instances: u32::try_from(instances.of(&place.code).len()).unwrap_or(u32::MAX),
                connections: known.map_or(0, |region| region.connections),
            })
        };
        self.0.iter().filter_map(manager).collect()
    }
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
