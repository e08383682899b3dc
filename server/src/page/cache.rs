//! The newest rendering.

use super::pieces::Pieces;
use super::render::{Rendered, render};
use crate::config::Config;
use crate::problem::HttpError;
use app::Page;
use edge::Engine;
use leptos::config::LeptosOptions;
use protocol::PageState;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// While Redis is away, the page says how old its numbers are, to the second.
const AGEING: Duration = Duration::from_secs(1);
/// Renders pages and keeps the newest.
pub(crate) struct Pages {
    engine: Engine,
    site: LeptosOptions,
    /// How long a rendering may serve while the world changes.
    pace: Duration,
    changes: watch::Receiver<u64>,
    newest: RwLock<Option<Arc<Rendering>>>,
    /// One rendering at a time; the others are served the one before.
    rendering: tokio::sync::Mutex<()>,
    /// How often somebody asked to see all that had happened until then.
    asked: AtomicU64,
}

/// A rendered page.
pub(super) struct Rendering {
    pub(super) pieces: Pieces,
    change: u64,
    /// See [`Pages::asked`], as of before it was rendered.
    asked: u64,
    at: Instant,
    aged: bool,
}

impl Pages {
    pub(crate) fn new(config: &Config, engine: &Engine) -> Self {
        Self {
            engine: engine.clone(),
            site: config.site.clone(),
            pace: Duration::from_secs(1) / config.limits.frames_per_second,
            changes: engine.mirror().changes(),
            newest: RwLock::new(None),
            rendering: tokio::sync::Mutex::new(()),
            asked: AtomicU64::new(0),
        }
    }

    /// Makes the next page show all that has happened until now.
    pub(crate) fn refresh(&self) {
        self.asked.fetch_add(1, Ordering::AcqRel);
    }

    /// A rendering that serves now.
    pub(super) async fn current(&self) -> Result<Arc<Rendering>, HttpError> {
        match self.fresh() {
            Some(rendering) => Ok(rendering),
            None => self.render().await,
        }
    }

    fn newest(&self) -> Option<Arc<Rendering>> {
        // A poisoned lock guards a whole rendering or none: go on with it.
        self.newest
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The newest rendering, if it still serves.
    fn fresh(&self) -> Option<Arc<Rendering>> {
        let newest = self.newest()?;
        let age = newest.at.elapsed();
        let unchanged = newest.change == *self.changes.borrow();
        let serves = (unchanged || age < self.pace) && (!newest.aged || age < AGEING);
        (serves && self.shows_what_was_asked(&newest)).then_some(newest)
    }

    fn shows_what_was_asked(&self, rendering: &Rendering) -> bool {
        rendering.asked == self.asked.load(Ordering::Acquire)
    }

    async fn render(&self) -> Result<Arc<Rendering>, HttpError> {
        let _one = match (self.rendering.try_lock(), self.newest()) {
            (Ok(one), _) => one,
            // Somebody who must see his own change waits for it; all others need not.
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
        // Before the world is read: what is asked for later is shown later.
        let asked = self.asked.load(Ordering::Acquire);
        let change = *self.changes.borrow();
        let state = page_state(&self.engine);
        let aged = state.world.age_ms > 0;
        let at = Instant::now();
        let Rendered { html, nonce } = render(&self.site, Page::World(Box::new(state))).await?;
        Ok(Rendering {
            pieces: Pieces::of(&html, &nonce),
            change,
            asked,
            at,
            aged,
        })
    }
}

/// What every page is rendered from.
pub(super) fn page_state(engine: &Engine) -> PageState {
    let mirror = engine.mirror();
    PageState {
        world: mirror.world(),
        history: mirror.history(),
        region: engine.place().code.clone(),
        instance: engine.instance().to_owned(),
    }
}
