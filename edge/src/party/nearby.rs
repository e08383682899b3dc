//! The search for listed parties around a place.

use super::handle::party_script;
use super::state::{self, StoredNearby};
use super::{Parties, PartyError};
use crate::redis::Script;
use protocol::{Coordinates, NearbyParty};

use std::sync::LazyLock;

/// The most nearby parties to search for: the time of a search grows with their number.
const NEARBY_MAX: usize = 200;
/// Kilometres per radian on the sphere of [`Coordinates::distance_km`].
const RADIAN_KM: f64 = 6_371.008_8;
/// Added to the search radius, in radians: half a metre, far more than rounding errors.
const MARGIN: f64 = 1e-7;
/// The most branches that one search looks into. Two thousand take some ten milliseconds; typical searches need tens.
const LOOKS_MAX: usize = 2_000;

static NEARBY: LazyLock<Script> = party_script!("near.lua", "nearby.lua");

impl Parties {
    /// Listed parties within `radius_km`, closest first: up to `limit`, and never more than 200.
    ///
    /// Locations are those of [`Coordinates::rounded`]; parties at the same one come newest first. The search takes time
    /// for what it finds, not for how many parties there are. If thousands of locations are about equally near, it may end
    /// before it has found all.
    ///
    /// # Errors
    /// [`PartyError::Link`].
    pub async fn nearby(
        &self,
        from: Coordinates,
        radius_km: f64,
        limit: usize,
    ) -> Result<Vec<NearbyParty>, PartyError> {
        // NaN finds nothing.
        if limit == 0 || radius_km.is_nan() || radius_km < 0.0 {
            return Ok(Vec::new());
        }
        let limit = limit.min(NEARBY_MAX);
        // Half a great circle is the largest distance; its cosine is -1.
        let reach = radius_km / RADIAN_KM + MARGIN;
        let least = if reach < std::f64::consts::PI {
            reach.cos()
        } else {
            -2.0
        };
        let found: Vec<StoredNearby> = self
            .call(&NEARBY, |call| {
                call.arg(from.lat() * 100.0)
                    .arg(from.lng() * 100.0)
                    .arg(limit)
                    .arg(least)
                    .arg(LOOKS_MAX);
            })
            .await?;
        Ok(state::nearby(found, from, radius_km, limit))
    }
}
