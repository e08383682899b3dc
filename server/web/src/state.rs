//! What handlers share.

use crate::config::Config;
use crate::connections::Admission;
use crate::error::HttpError;
use crate::page::Frame;
use crate::rate::Addresses;
use crate::scrape::Scrape;
use crate::site::{Shell, Site};
use crate::visitor_cookie::Keys;
use axum::http::Extensions;
use edge::Engine;
use protocol::Coordinates;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{OnceCell, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Everything a handler may need. A cheap clone.
#[derive(Clone)]
pub struct AppState(Arc<Instance>);

/// What an [`AppState`] leads to.
pub struct Instance {
    /// The settings.
    pub config: Config,
    /// The engine.
    pub engine: Engine,
    /// What is around the pages that the server writes itself.
    pub frame: Frame,
    /// The site's name.
    pub(crate) name: &'static str,
    pub(crate) shell: Shell,
    kept: Extensions,
    pub(crate) addresses: Addresses,
    pub(crate) scrape: Scrape,
    /// Counts the open connections.
    pub(crate) admission: Arc<Admission>,
    /// How many clicks came by form: their senders are to see them on the next page.
    clicks_by_form: AtomicU64,
    keys: watch::Sender<Option<Arc<Keys>>>,
    /// The hashes of the pages' scripts, once they are known.
    pub(crate) scripts: OnceCell<String>,
    /// The open sockets' tasks, those of the start, and requests that change something.
    pub tasks: TaskTracker,
    /// Cancelled when this instance begins to shut down.
    pub stopping: CancellationToken,
}

impl AppState {
    pub(crate) fn new(
        (config, engine): (Config, Engine),
        site: &Site,
        scrape: Scrape,
        admission: Arc<Admission>,
    ) -> Self {
        Self(Arc::new(Instance {
            addresses: Addresses::new(config.rates),
            scrape,
            admission,
            keys: watch::Sender::new(None),
            scripts: OnceCell::new(),
            tasks: TaskTracker::new(),
            stopping: CancellationToken::new(),
            clicks_by_form: AtomicU64::new(0),
            frame: Frame::of(site, &config),
            config,
            engine,
            name: site.name,
            shell: site.shell,
            kept: site.kept.clone(),
        }))
    }

    /// What cookies are signed with and persons known by.
    ///
    /// # Errors
    /// `not-ready` until it is known.
    pub fn keys(&self) -> Result<Arc<Keys>, HttpError> {
        self.known_keys().ok_or_else(HttpError::not_ready)
    }

    /// What cookies are signed with and persons known by, once it is known.
    #[must_use]
    pub fn known_keys(&self) -> Option<Arc<Keys>> {
        self.keys.borrow().clone()
    }

    /// What the site keeps of that type; see [`Site::keep`].
    ///
    /// # Errors
    /// A fault of the site where it keeps nothing of it.
    pub fn kept<T: Send + Sync + 'static>(&self) -> Result<&T, HttpError> {
        match self.kept.get::<Arc<T>>() {
            Some(kept) => Ok(kept),
            None => {
                tracing::error!("The site keeps no {}", std::any::type_name::<T>());
                Err(HttpError::internal())
            }
        }
    }

    /// How many clicks came by form to this instance: a page that is kept for all visitors is rendered anew after each.
    #[must_use]
    pub fn clicks_by_form(&self) -> u64 {
        self.clicks_by_form.load(Ordering::Acquire)
    }

    pub(crate) fn note_click_by_form(&self) {
        self.clicks_by_form.fetch_add(1, Ordering::AcqRel);
    }

    /// Takes other keys from now on.
    pub(crate) fn set_keys(&self, keys: Keys) {
        self.keys.send_replace(Some(Arc::new(keys)));
    }

    /// Where the serving region is.
    pub fn coordinates(&self) -> Result<Coordinates, HttpError> {
        let place = self.engine.place();
        Coordinates::new(place.lat, place.lng).map_err(|error| HttpError::logged(&error))
    }

    /// Whether this instance should receive more visitors: it serves those that it has, and there is room.
    pub(crate) fn is_ready(&self) -> bool {
        self.serves() && self.admission.is_open()
    }

    /// Whether this instance serves visitors: it has all that a page needs, with or without Redis.
    pub(crate) fn serves(&self) -> bool {
        self.engine.is_ready() && self.known_keys().is_some() && !self.stopping.is_cancelled()
    }
}

impl Deref for AppState {
    type Target = Instance;

    fn deref(&self) -> &Instance {
        &self.0
    }
}
