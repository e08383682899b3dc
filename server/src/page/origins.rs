//! Which other servers a page may ask.

use crate::state::AppState;
use std::collections::BTreeSet;

/// The origins of all regions as they are listed, and of all live instances, each after a space.
pub(crate) fn origins(state: &AppState) -> String {
    let listed = state.config.regions.places().iter().map(|place| &place.url);
    let instances = state.engine.addresses();
    let live = instances.iter().map(|(_, url)| url);
    // This page's own too: it may have been asked for by another name.
    let own = std::iter::once(&state.config.public_url);
    let origins: BTreeSet<_> = listed
        .chain(live)
        .chain(own)
        .filter_map(|url| origin(url))
        .collect();
    origins.iter().map(|origin| format!(" {origin}")).collect()
}

/// The origin of a URL; nothing where it has none that a policy can hold.
fn origin(url: &str) -> Option<String> {
    let uri: axum::http::Uri = url.parse().ok()?;
    let (scheme, authority) = (uri.scheme_str()?, uri.authority()?.as_str());
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    let fits = matches!(scheme, "http" | "https") && authority.bytes().all(plain);
    fits.then(|| format!("{scheme}://{authority}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_what_a_policy_can_hold() {
        let expected = [
            (
                "https://fra.murmuration.example",
                Some("https://fra.murmuration.example"),
            ),
            ("http://127.0.0.1:4001/", Some("http://127.0.0.1:4001")),
            ("http://[::1]:4001", Some("http://[::1]:4001")),
            ("https://a;script-src *", None),
            ("https://user@a.example", None),
            ("ftp://a.example", None),
            ("/party", None),
        ];

        for (url, found) in expected {
            assert_eq!(origin(url).as_deref(), found, "{url}");
        }
    }
}
