//! Headers that every answer carries, those that make hashed files immutable, and who takes gzip.

use crate::state::AppState;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
    SET_COOKIE, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

/// A file whose name holds its hash never changes.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Any other file is looked up again after an hour.
const HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");
/// Everything else is of its moment, and may be of one visitor: pages and errors set cookies, or do not for those who have
/// one.
const MOMENT: HeaderValue = HeaderValue::from_static("private, no-cache");
/// Fewest hexadecimal digits in a name that make it a hashed one.
const HASH_DIGITS_MIN: usize = 8;

/// JSON that no cache may keep.
pub type NoStore<T> = ([(HeaderName, &'static str); 1], axum::Json<T>);

/// Keeps private data out of every cache.
pub const NO_STORE: [(HeaderName, &str); 1] = [(CACHE_CONTROL, "no-store")];

/// What an answer that is no page may load.
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

const FIXED: [(HeaderName, &str); 4] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(self)",
    ),
];

/// Adds what is missing.
pub(crate) async fn add(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let lasting = lasting(request.uri().path(), state.config.site.hash_files);
    let mut response = next.run(request).await;
    let good =
        response.status().is_success() || response.status() == axum::http::StatusCode::NOT_MODIFIED;
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Pages that the server writes itself need our styles, icons and scripts; whatever is no page needs nothing.
    let is_page = headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert_with(|| match is_page {
            true => state.frame.policy("", "frame-ancestors 'none'"),
            false => NOTHING,
        });
    let sets_cookie = headers.contains_key(SET_COOKIE);
    headers
        .entry(CACHE_CONTROL)
        .or_insert(if good && !sets_cookie {
            lasting
        } else {
            MOMENT
        });
    if state.config.public_url.starts_with("https:") {
        headers.insert(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    response
}

/// Whether the client takes gzip: it names it, and not with a weight of zero.
pub fn takes_gzip(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(ACCEPT_ENCODING).iter();
    let codings = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','));
    codings.into_iter().any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let refused = weight
            .split_once('=')
            .is_some_and(|(_, weight)| weight.trim().parse() == Ok(0.0));
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

/// How long a file of that path lasts.
///
/// Without hashed names, the next build may replace a file at once: browsers ask each time.
fn lasting(path: &str, hash_files: bool) -> HeaderValue {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    let hash = stem.rsplit_once('-').map_or("", |(_, hash)| hash);
    let hashed = hash.len() >= HASH_DIGITS_MIN && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let of_build = path.starts_with("/pkg/") || path.starts_with("/b/");
    if hashed || (hash_files && of_build) {
        IMMUTABLE
    } else if name.contains('.') && !of_build {
        HOUR
    } else {
        MOMENT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_for_those_who_take_it() {
        let takes = |value: &'static str| {
            takes_gzip(&HeaderMap::from_iter([(
                ACCEPT_ENCODING,
                HeaderValue::from_static(value),
            )]))
        };

        assert!(takes("gzip, deflate, br, zstd"));
        assert!(takes("br;q=1.0, GZIP;q=0.5"));
        assert!(!takes("br"));
        assert!(!takes("gzip;q=0, br"));
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[test]
    fn only_hashed_names_are_immutable() {
        assert_eq!(lasting("/pkg/murmuration.3kFz.wasm", true), IMMUTABLE);
        assert_eq!(lasting("/land-aecad41137.svg", true), IMMUTABLE);
        assert_eq!(lasting("/pkg/murmuration.wasm", false), MOMENT);
        assert_eq!(lasting("/favicon.svg", true), HOUR);
        assert_eq!(lasting("/api/world", true), MOMENT);
        assert_eq!(lasting("/", true), MOMENT);
    }
}
