//! Searches for nearby parties, kept for a moment: a wide one costs Redis up to ten milliseconds.

use crate::problem::HttpError;
use edge::Parties;
use moka::future::Cache;
use protocol::{Coordinates, NearbyParty};
use std::sync::Arc;
use std::time::Duration;

/// How long an answer is given again.
const KEPT_FOR: Duration = Duration::from_secs(1);
/// How many answers are kept at most: with a hundred parties in each, about ten megabytes.
const KEPT_MAX: u64 = 1024;

/// A search: the bits of the rounded place and of the radius, and the limit.
type Search = ([u64; 3], usize);

/// The latest searches of this instance, each made once at a time.
pub(crate) struct Searches(Cache<Search, Arc<[NearbyParty]>>);

impl Searches {
    pub(crate) fn new() -> Self {
        let kept = Cache::builder().max_capacity(KEPT_MAX);
        Self(kept.time_to_live(KEPT_FOR).build())
    }

    /// Listed parties within `radius_km` of a place, at most `limit` of them, closest first, as of a second
    /// ago at most.
    ///
    /// Distances are those from the rounded place: the answer is then the same for all who are there.
    pub(crate) async fn find(
        &self,
        parties: &Parties,
        from: Coordinates,
        (radius_km, limit): (f64, usize),
    ) -> Result<Arc<[NearbyParty]>, HttpError> {
        let from = from.rounded();
        // Zero has two signs, and is one place.
        let bits = [from.lat() + 0.0, from.lng() + 0.0, radius_km].map(f64::to_bits);
        let search = async {
            let found = parties.nearby(from, radius_km, limit).await;
            found.map(Arc::from).map_err(HttpError::from)
        };
        let found = self.0.try_get_with((bits, limit), search).await;
        found.map_err(|error| match *error {
            HttpError::Away => HttpError::Away,
            _ => HttpError::Internal,
        })
    }
}
