//! The content security policy of pages, and which other servers they may call.
//!
//! Inline scripts are allowed by their hashes, which are the same for every page of a build. They are taken from the
//! document without a page, so that nothing that a visitor wrote can be among them.

use super::render::render_shell;
use crate::error::HttpError;
use crate::state::AppState;
use axum::http::HeaderValue;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use leptos::config::Env;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// What a page has to do with the servers of other regions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherRegions {
    /// It calls them.
    Called,
    /// It shows their pages in a frame, and theirs may show it.
    Framed,
}

/// What a page may load: our own files and this build's scripts, and what those load; and what it may of other regions.
///
/// # Errors
/// Where the scripts cannot be rendered.
pub async fn policy(state: &AppState, others: OtherRegions) -> Result<HeaderValue, HttpError> {
    let site = &state.config.site;
    let origins = origins(state);
    let (called, frames) = match others {
        OtherRegions::Called => (&*origins, "frame-ancestors 'none'".into()),
        OtherRegions::Framed => (
            "",
            format!("frame-src 'self'{origins}; frame-ancestors 'self'{origins}"),
        ),
    };
    let scripts = state
        .scripts
        .get_or_try_init(|| inline_scripts(state))
        .await?;
    // cargo-leptos reloads pages through a socket on another port.
    let reload = if site.env == Env::DEV { " ws:" } else { "" };
    let policy = format!(
        "default-src 'none'; script-src {scripts} 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; manifest-src 'self'; connect-src 'self'{called}{reload}; base-uri 'none'; form-action 'self'; {frames}"
    );
    policy.try_into().map_err(|_| HttpError::internal())
}

/// The hashes of the document's own scripts.
async fn inline_scripts(state: &AppState) -> Result<String, HttpError> {
    Ok(hashes(&render_shell(state).await?))
}

/// The hashes of the inline scripts of HTML that no visitor wrote a part of, as a policy lists them.
#[must_use]
pub fn hashes(page: &str) -> String {
    let scripts = page.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        let is_data = attributes.contains("application/json");
        (!is_data && !script.is_empty()).then_some(script)
    });
    let hashes = scripts.map(|script| {
        let hash = BASE64_STANDARD.encode(Sha256::digest(script));
        format!("'sha256-{hash}'")
    });
    hashes.collect::<Vec<_>>().join(" ")
}

/// The origins of all regions as they are listed, and of all live instances, each after a space.
fn origins(state: &AppState) -> String {
    let listed = state.config.listed_places().iter().map(|place| &place.url);
    let instances = state.engine.addresses();
    let live = instances.iter().map(|(_, url)| url);
    // This page's own too: it may have been asked for by another name.
    let own = [&state.config.public_url, &state.config.canonical_url];
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
    fn a_script_is_known_by_its_hash_and_data_is_none() {
        let page = "<script type=\"application/json\">{}</script><script type=\"module\">alert(1)</script>\
            <script src=\"x.js\"></script>";

        assert_eq!(
            hashes(page),
            "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"
        );
    }

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
