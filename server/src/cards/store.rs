//! Draws cards, and keeps the latest.

use super::Drawing;
use super::png::png;
use super::typeface::Typeface;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use moka::future::Cache;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use web::HttpError;
use web::visitor::Visitor;

/// What is kept, in bytes: some hundred cards.
const KEPT_MAX_BYTES: u64 = 16 << 20;
/// Cards drawn at a time: they have a core's time, and no more.
const AT_ONCE: usize = 1;
/// What search engines are to do with a picture.
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");
/// How long a card waits for its turn: some thirty are drawn meanwhile.
const WAIT_MAX: Duration = Duration::from_secs(3);
/// How long others may keep a card: where it is shared, it is of about the moment.
const LASTS: &str = "public, max-age=60";
/// Bytes of a card's digest that name it.
const NAME_BYTES: usize = 16;

/// The digest of all that a card shows.
type Key = [u8; 32];

/// Draws cards, and keeps the latest.
pub(crate) struct Cards {
    typeface: Arc<Typeface>,
    kept: Cache<Key, Bytes>,
    turns: Arc<Semaphore>,
}

impl Cards {
    /// # Errors
    /// Where there is no font.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let size = |_: &Key, png: &Bytes| u32::try_from(png.len()).unwrap_or(u32::MAX);
        Ok(Self {
            typeface: Arc::new(Typeface::new()?),
            kept: Cache::builder()
                .weigher(size)
                .max_capacity(KEPT_MAX_BYTES)
                .build(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        })
    }

    /// An empty card.
    pub(crate) fn drawing(&self) -> Drawing<'_> {
        Drawing::new(&self.typeface)
    }

    /// Answers a request for a card with what was drawn.
    ///
    /// # Errors
    /// Where the visitor's network address has had too many drawn.
    pub(crate) async fn answer(
        &self,
        visitor: &Visitor,
        svg: Arc<str>,
    ) -> Result<Response, HttpError> {
        let key = Key::from(Sha256::digest(svg.as_bytes()));
        let name = name(&key)?;
        let is_known = is_known(&visitor.headers, &name);
        let headers = [
            (CACHE_CONTROL, HeaderValue::from_static(LASTS)),
            // A party's card names its people.
            (ROBOTS, HeaderValue::from_static("noindex")),
            (ETAG, name),
        ];
        if is_known {
            return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
        }
        let png = match self.kept.get(&key).await {
            Some(png) => png,
            None => {
                let budget = &visitor.address.drawings;
                budget.has_one().map_err(too_many)?;
                self.draw(key, svg, || budget.owe(1.0)).await?
            }
        };
        let kind: [(HeaderName, _); 1] = [(CONTENT_TYPE, "image/png")];
        Ok((headers, kind, png).into_response())
    }

    /// Draws it, unless somebody just does: only who begins it pays.
    async fn draw(&self, key: Key, svg: Arc<str>, pay: impl FnOnce()) -> Result<Bytes, HttpError> {
        let drawn = self.kept.try_get_with(key, async {
            pay();
            let turn = tokio::time::timeout(WAIT_MAX, self.turns.clone().acquire_owned()).await;
            let turn = turn.map_err(|_| too_busy())?;
            let turn = turn.map_err(|error| HttpError::logged(&error))?;
            let typeface = self.typeface.clone();
            let work = move || {
                // Held to the end of the work, which goes on where nobody waits for it any more.
                let _turn = turn;
                png(&svg, &typeface)
            };
            let drawn = tokio::task::spawn_blocking(work).await;
            let drawn = drawn.map_err(|error| HttpError::logged(&error))?;
            let png = drawn.map_err(|error| HttpError::logged(&*error))?;
            Ok::<_, HttpError>(Bytes::from(png))
        });
        drawn.await.map_err(|error| (*error).clone())
    }
}

/// The card's name for caches.
fn name(key: &Key) -> Result<HeaderValue, HttpError> {
    let digits: String = key[..NAME_BYTES]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    HeaderValue::try_from(format!("\"{digits}\"")).map_err(|error| HttpError::logged(&error))
}

/// Whether the client has the card. Caches on the way may have made its name a weak one.
fn is_known(headers: &HeaderMap, name: &HeaderValue) -> bool {
    let known = headers.get_all(IF_NONE_MATCH).iter();
    let mut names = known
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    names.any(|known| known.trim().trim_start_matches("W/").as_bytes() == name.as_bytes())
}

/// Too many others wait for their pictures.
fn too_busy() -> HttpError {
    HttpError::new(503, "pictures-busy", "Too many pictures are being drawn")
        .with_detail("Try again in a minute.")
}

/// Too many pictures were drawn for an address.
fn too_many(seconds: u32) -> HttpError {
    let reason = "Pictures of pages were asked for too often from this address.";
    HttpError::too_many("too-many-pictures", "Too many pictures", seconds, reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test(flavor = "multi_thread")]
    async fn many_who_ask_at_once_have_it_drawn_once() {
        let cards = Cards::new().unwrap();
        let svg = cards.drawing().finish();

        let paid = AtomicU32::new(0);

        let pay = || {
            paid.fetch_add(1, Ordering::Relaxed);
        };
        let asked = (0..20).map(|_| cards.draw([7; 32], svg.clone(), pay));
        let pngs = futures::future::try_join_all(asked).await.unwrap();

        assert!(pngs.iter().all(|png| png.as_ptr() == pngs[0].as_ptr()));
        assert_eq!(paid.into_inner(), 1);
    }

    #[tokio::test]
    async fn what_is_kept_is_bounded_in_bytes() {
        let cards = Cards::new().unwrap();
        let large = Bytes::from(vec![0; (KEPT_MAX_BYTES / 8) as usize]);

        for at in 0..32 {
            cards.kept.insert([at; 32], large.clone()).await;
        }
        cards.kept.run_pending_tasks().await;

        assert!(cards.kept.weighted_size() <= KEPT_MAX_BYTES);
    }

    #[test]
    fn a_card_is_known_by_its_name() {
        let own = name(&[0xab; 32]).unwrap();
        let knows = |value: &'static str| {
            let value = HeaderValue::from_static(value);
            is_known(&HeaderMap::from_iter([(IF_NONE_MATCH, value)]), &own)
        };

        assert!(knows("\"x\", W/\"abababababababababababababababab\""));
        assert!(!knows("\"abab\"") && !knows("*"));
    }

    #[test]
    fn what_goes_wrong_says_what() {
        let problem = too_many(9).into_problem();

        assert_eq!((problem.status, &*problem.kind), (429, "too-many-pictures"));
    }
}
