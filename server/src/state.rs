//! What handlers share.

use crate::config::Config;
use crate::connections::Admission;
use crate::error::HttpError;
use crate::party::nearby_cache::NearbyCache;
use crate::rate::Addresses;
use crate::scrape::Scrape;
use crate::visitor_cookie::Keys;
use crate::world::page_cache::Pages;
use edge::Engine;
use protocol::{Coordinates, NearbyParty};
use std::ops::Deref;
use std::sync::Arc;
use tokio::sync::{OnceCell, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Everything a handler may need. A cheap clone.
#[derive(Clone)]
pub(crate) struct AppState(Arc<Shared>);

/// See [`AppState`].
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) engine: Engine,
    pub(crate) pages: Pages,
    pub(crate) addresses: Addresses,
    nearby: NearbyCache,
    pub(crate) scrape: Scrape,
    /// Counts the open connections.
    pub(crate) admission: Arc<Admission>,
    keys: watch::Sender<Option<Arc<Keys>>>,
    /// The hashes of the pages' scripts, once they are known.
    pub(crate) scripts: OnceCell<String>,
    /// The open sockets' tasks, those of the start, and requests that change something.
    pub(crate) tasks: TaskTracker,
    /// Cancelled when this instance begins to shut down.
    pub(crate) stopping: CancellationToken,
}

impl AppState {
    pub(crate) fn new(
        config: Config,
        engine: Engine,
        scrape: Scrape,
        admission: Arc<Admission>,
    ) -> Self {
        Self(Arc::new(Shared {
            pages: Pages::new(&config, &engine),
            addresses: Addresses::new(config.rates),
            nearby: NearbyCache::new(),
            scrape,
            admission,
            keys: watch::Sender::new(None),
            scripts: OnceCell::new(),
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
            config,
            engine,
        }))
    }

    /// Finds listed parties near a place, for pages and programs alike; see [`NearbyCache::find`].
    pub(crate) async fn nearby(
        &self,
        from: Coordinates,
        radius_km: f64,
        limit: usize,
    ) -> Result<Arc<[NearbyParty]>, HttpError> {
        let parties = self.engine.parties();
        let search = (radius_km, limit);
        self.nearby.find(parties, from, search).await
    }

    /// What cookies are signed with and persons known by.
    ///
    /// # Errors
    /// `not-ready` until it is known.
    pub(crate) fn keys(&self) -> Result<Arc<Keys>, HttpError> {
        self.known_keys().ok_or_else(HttpError::not_ready)
    }

    /// What cookies are signed with and persons known by, once it is known.
    pub(crate) fn known_keys(&self) -> Option<Arc<Keys>> {
        self.keys.borrow().clone()
    }

    /// Takes other keys from now on.
    pub(crate) fn set_keys(&self, keys: Keys) {
        self.keys.send_replace(Some(Arc::new(keys)));
    }

    /// Where the serving region is.
    pub(crate) fn coordinates(&self) -> Result<Coordinates, HttpError> {
        let place = self.engine.place();
        Coordinates::new(place.lat, place.lng).map_err(|error| HttpError::logged(&error))
    }

    /// Whether this instance should receive more visitors: it serves those that it has, and there is room.
    pub(crate) fn is_ready(&self) -> bool {
        self.serves() && self.admission.is_open()
    }

    /// Whether this instance serves visitors: it has all that a page needs, with or without Redis.
    pub(crate) fn serves(&self) -> bool {
        let knows_all = self.engine.mirror().is_full() && self.engine.draw().is_ready();
        knows_all && self.known_keys().is_some() && !self.stopping.is_cancelled()
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
