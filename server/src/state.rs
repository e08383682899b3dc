//! What handlers share.

use crate::config::{Config, Secret};
use crate::connections::Admission;
use crate::error::HttpError;
use crate::federation::key::SigningKey;
use crate::party::nearby_cache::NearbyCache;
use crate::rate::Addresses;
use crate::root_secret::Root;
use crate::scrape::Scrape;
use crate::visitor_cookie::Keys;
use crate::world::page_cache::Pages;
use edge::{Engine, LinkError};
use protocol::{Coordinates, NearbyParty};
use std::ops::Deref;
use std::sync::Arc;
use tokio::sync::OnceCell;
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
    /// What cookies are signed with and persons known by, once it is known.
    pub(crate) key: OnceCell<Keys>,
    /// The hashes of the pages' scripts, once they are known.
    pub(crate) scripts: OnceCell<String>,
    /// What calls to other clusters are signed with, where it is made of the shared secret, once that is known.
    pub(crate) federation_key: OnceCell<SigningKey>,
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
            key: OnceCell::new(),
            scripts: OnceCell::new(),
            federation_key: OnceCell::new(),
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

    /// The keys of the configured secrets, or else of the one that all instances share.
    pub(crate) async fn keys(&self) -> Result<&Keys, HttpError> {
        let made = self.key.get_or_try_init(|| async {
            // Before that, the cookie of somebody who was forgotten would count.
            if !self.engine.forgotten().is_known() {
                return Err(HttpError::not_ready());
            }
            self.learn_keys().await.map_err(|error| {
                tracing::warn!(%error, "The shared secret cannot be read");
                HttpError::not_ready()
            })
        });
        made.await
    }

    async fn learn_keys(&self) -> Result<Keys, LinkError> {
        let engine = &self.engine;
        let configured = self.config.secrets.iter().map(Secret::expose);
        let secrets: Vec<_> = configured.collect();
        let forgotten = Some(engine.forgotten().clone());
        if secrets.is_empty() {
            let shared = engine.shared_secret().await?;
            return Ok(Keys::of(&[&shared], shared.clone(), forgotten));
        }
        let kept = engine.sealed_secrets(&[]).await?;
        let root = Root::learn(&secrets, &kept);
        // None: a library failed that does not. Then the secret itself is the root, and nothing is kept.
        let (root, missing) = root.map_or_else(
            || (secrets[secrets.len() - 1].to_owned(), Vec::new()),
            |root| (root.secret, root.missing),
        );
        if !missing.is_empty() {
            engine.sealed_secrets(&missing).await?;
        }
        Ok(Keys::of(&secrets, root, forgotten))
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
        knows_all && self.key.initialized() && !self.stopping.is_cancelled()
    }
}

impl Deref for AppState {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}
