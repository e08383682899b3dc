//! Caches the world page.
//!
//! It is the same for every visitor, so one rendering serves everyone until the world changes, and under a stream of
//! changes for some times as long as it took.

use app::Page;
use axum::http::HeaderValue;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use web::page::{OtherRegions, page_state, policy, render};
use web::{AppState, HttpError};

/// While Redis is unavailable, the page says how old its numbers are, to the second.
const AGEING: Duration = Duration::from_secs(1);
/// For how long a rendering is current while the world changes, as a multiple of what it took: a tenth of a core at most.
const CURRENT_FOR: u32 = 9;

/// Renders the world page and keeps the newest rendering.
#[derive(Default)]
pub(crate) struct PageCache {
    newest: RwLock<Option<Arc<Rendering>>>,
    /// One rendering at a time; others get the previous one.
    rendering: tokio::sync::Mutex<()>,
}

/// A rendered page.
pub(super) struct Rendering {
    pub(super) html: Bytes,
    pub(super) gzip: Bytes,
    /// What the page may load, which changes with the regions' instances.
    pub(super) policy: HeaderValue,
    change: u64,
    /// The clicks that came by form before it was rendered.
    clicks_by_form: u64,
    at: Instant,
    took: Duration,
    aged: bool,
}

impl PageCache {
    /// A current rendering.
    pub(super) async fn current(&self, state: &AppState) -> Result<Arc<Rendering>, HttpError> {
        match self.fresh(state) {
            Some(rendering) => Ok(rendering),
            None => self.render(state).await,
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
    fn fresh(&self, state: &AppState) -> Option<Arc<Rendering>> {
        let newest = self.newest()?;
        let age = newest.at.elapsed();
        let unchanged = newest.change == last_change(state);
        let serves =
            (unchanged || age < newest.took * CURRENT_FOR) && (!newest.aged || age < AGEING);
        (serves && shows_clicks_by_form(state, &newest)).then_some(newest)
    }

    async fn render(&self, state: &AppState) -> Result<Arc<Rendering>, HttpError> {
        let _one = match (self.rendering.try_lock(), self.newest()) {
            (Ok(one), _) => one,
            // Only somebody who must see their own click waits for it.
            (Err(_), Some(newest)) if shows_clicks_by_form(state, &newest) => return Ok(newest),
            (Err(_), _) => self.rendering.lock().await,
        };
        if let Some(newest) = self.fresh(state) {
            return Ok(newest);
        }
        let rendering = Arc::new(render_now(state).await?);
        *self.newest.write().unwrap_or_else(PoisonError::into_inner) = Some(rendering.clone());
        Ok(rendering)
    }
}

async fn render_now(state: &AppState) -> Result<Rendering, HttpError> {
    // Read before the world: later clicks are for a later rendering.
    let clicks_by_form = state.clicks_by_form();
    let change = last_change(state);
    let page = page_state(&state.engine)?;
    let aged = page.world.age_ms > 0;
    let at = Instant::now();
    let html = render(state, Page::World(Box::new(page))).await?;
    let gzip = gzip(&html).map_err(|error| HttpError::logged(&error))?;
    Ok(Rendering {
        policy: policy(state, OtherRegions::Framed).await?,
        html: html.into(),
        gzip: gzip.into(),
        change,
        clicks_by_form,
        at,
        took: at.elapsed(),
        aged,
    })
}

fn last_change(state: &AppState) -> u64 {
    *state.engine.mirror().changes().borrow()
}

fn shows_clicks_by_form(state: &AppState, rendering: &Rendering) -> bool {
    rendering.clicks_by_form == state.clicks_by_form()
}

fn gzip(html: &str) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(html.as_bytes())?;
    encoder.finish()
}
