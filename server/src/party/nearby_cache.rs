//! Caches searches for nearby parties for a second: a wide one costs Redis up to ten milliseconds.

use edge::Parties;
use moka::future::Cache;
use protocol::{Coordinates, NearbyParty};
use std::sync::Arc;
use std::time::Duration;
use web::{AppState, HttpError};

/// How long an answer is reused.
const KEPT_FOR: Duration = Duration::from_secs(1);
/// How many answers are cached: with a hundred parties each, about ten megabytes.
const KEPT_MAX: u64 = 1024;

/// A search: the bits of the rounded place and of the radius, and the limit.
type Search = ([u64; 3], usize);

/// The latest searches of this instance; concurrent equal ones are made once.
pub(crate) struct NearbyCache(Cache<Search, Arc<[NearbyParty]>>);

impl Default for NearbyCache {
    fn default() -> Self {
        let kept = Cache::builder().max_capacity(KEPT_MAX);
        Self(kept.time_to_live(KEPT_FOR).build())
    }
}

impl NearbyCache {
    /// Listed parties within `radius_km` of a place, at most `limit` of them, closest first, at most a second old.
    ///
    /// Distances are from the rounded place, so that everyone there gets the same answer.
    async fn find(
        &self,
        parties: &Parties,
        from: Coordinates,
        (radius_km, limit): (f64, usize),
    ) -> Result<Arc<[NearbyParty]>, HttpError> {
        let from = from.rounded();
        // Zero has two signs.
        let bits = [from.lat() + 0.0, from.lng() + 0.0, radius_km].map(f64::to_bits);
        let search = async {
            let found = parties.nearby(from, radius_km, limit).await;
            found.map(Arc::from).map_err(HttpError::from)
        };
        let found = self.0.try_get_with((bits, limit), search).await;
        found.map_err(|error| (*error).clone())
    }
}

/// Finds listed parties near a place, for pages and programs alike; see [`NearbyCache::find`].
pub(super) async fn nearby(
    state: &AppState,
    from: Coordinates,
    search: (f64, usize),
) -> Result<Arc<[NearbyParty]>, HttpError> {
    let cache = state.kept::<NearbyCache>()?;
    cache.find(state.engine.parties(), from, search).await
}
