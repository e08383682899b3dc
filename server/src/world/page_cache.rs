//! Caches the world page.
//!
//! It is the same for every visitor, so one rendering serves everyone until the world changes, and under a stream of
//! changes for some times as long as it took.

use crate::config::Config;
use crate::error::HttpError;
use crate::page::render::{page_state, render};
use app::Page;
use bytes::Bytes;
use edge::Engine;
use flate2::Compression;
use flate2::write::GzEncoder;
use leptos::config::LeptosOptions;
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// While Redis is unavailable, the page says how old its numbers are, to the second.
const AGEING: Duration = Duration::from_secs(1);
/// For how long a rendering is current while the world changes, as a multiple of what it took: a tenth of a core at most.
const CURRENT_FOR: u32 = 9;

/// Renders the world page and keeps the newest rendering.
pub(crate) struct Pages {
    engine: Engine,
    site: LeptosOptions,
    changes: watch::Receiver<u64>,
    newest: RwLock<Option<Arc<Rendering>>>,
    /// One rendering at a time; others get the previous one.
    rendering: tokio::sync::Mutex<()>,
    /// How often somebody requested to see all changes up to then.
    asked: AtomicU64,
}

/// A rendered page.
pub(crate) struct Rendering {
    pub(super) html: Bytes,
    pub(super) gzip: Bytes,
    change: u64,
    /// See [`Pages::asked`], as of before it was rendered.
    asked: u64,
    at: Instant,
    took: Duration,
    aged: bool,
}

impl Pages {
    pub(crate) fn new(config: &Config, engine: &Engine) -> Self {
        Self {
            engine: engine.clone(),
            site: config.site.clone(),
            changes: engine.mirror().changes(),
            newest: RwLock::new(None),
            rendering: tokio::sync::Mutex::new(()),
            asked: AtomicU64::new(0),
        }
    }

    /// Makes the next page show all changes up to now.
    pub(crate) fn refresh(&self) {
        self.asked.fetch_add(1, Ordering::AcqRel);
    }

    /// A current rendering.
    pub(crate) async fn current(&self) -> Result<Arc<Rendering>, HttpError> {
        match self.fresh() {
            Some(rendering) => Ok(rendering),
            None => self.render().await,
        }
    }

    fn newest(&self) -> Option<Arc<Rendering>> {
        // A poisoned lock guards a whole rendering or none.
        self.newest
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The newest rendering, if it is current.
    fn fresh(&self) -> Option<Arc<Rendering>> {
        let newest = self.newest()?;
        let age = newest.at.elapsed();
        let unchanged = newest.change == *self.changes.borrow();
        let serves =
            (unchanged || age < newest.took * CURRENT_FOR) && (!newest.aged || age < AGEING);
        (serves && self.shows_what_was_asked(&newest)).then_some(newest)
    }

    fn shows_what_was_asked(&self, rendering: &Rendering) -> bool {
        rendering.asked == self.asked.load(Ordering::Acquire)
    }

    async fn render(&self) -> Result<Arc<Rendering>, HttpError> {
        let _one = match (self.rendering.try_lock(), self.newest()) {
            (Ok(one), _) => one,
            // Only somebody who must see their own change waits for it.
            (Err(_), Some(newest)) if self.shows_what_was_asked(&newest) => return Ok(newest),
            (Err(_), _) => self.rendering.lock().await,
        };
        if let Some(newest) = self.fresh() {
            return Ok(newest);
        }
        let rendering = Arc::new(self.render_now().await?);
        *self.newest.write().unwrap_or_else(PoisonError::into_inner) = Some(rendering.clone());
        Ok(rendering)
    }

    async fn render_now(&self) -> Result<Rendering, HttpError> {
        // Read before the world: later requests are for a later rendering.
        let asked = self.asked.load(Ordering::Acquire);
        let change = *self.changes.borrow();
        let state = page_state(&self.engine)?;
        let aged = state.world.age_ms > 0;
        let at = Instant::now();
        let html = render(&self.site, Page::World(Box::new(state))).await?;
        let gzip = gzip(&html).map_err(|error| HttpError::logged(&error))?;
        Ok(Rendering {
            html: html.into(),
            gzip: gzip.into(),
            change,
            asked,
            at,
            took: at.elapsed(),
            aged,
        })
    }
}

fn gzip(html: &str) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(html.as_bytes())?;
    encoder.finish()
}
