//! Where visitors reach this instance, and whom else their cookie reaches.

use super::{ConfigError, Variables};
use crate::visitor_cookie::CookieScope;
use std::net::SocketAddr;

/// Where visitors reach this instance: as configured, else where it listens.
pub(super) fn public_url(from: &Variables, address: SocketAddr) -> Result<String, ConfigError> {
    if let Some(url) = url_of(from, "PUBLIC_URL")? {
        return Ok(url);
    }
    // Links, QR codes and the registry would name an address that leads nowhere.
    match address.ip().is_unspecified() {
        false => Ok(format!("http://{address}")),
        true => Err(ConfigError::new(
            "LEPTOS_SITE_ADDR",
            address.to_string(),
            "visitors cannot be sent to this address; set PUBLIC_URL to the one they use",
        )),
    }
}

/// The one host under which search engines are to list a site that has a host in each region.
pub(super) fn canonical_url(from: &Variables) -> Result<Option<String>, ConfigError> {
    url_of(from, "CANONICAL_URL")
}

/// A host's URL, without a trailing slash.
fn url_of(from: &Variables, name: &'static str) -> Result<Option<String>, ConfigError> {
    let Some(url) = from.text(name) else {
        return Ok(None);
    };
    let fits = url.parse::<axum::http::Uri>().is_ok_and(|uri| {
        uri.authority().is_some()
            && matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.path() == "/"
    });
    match fits {
        true => Ok(Some(url.trim_end_matches('/').to_owned())),
        false => Err(ConfigError::new(
            name,
            url,
            "use https://HOST, without a path",
        )),
    }
}

/// Browsers accept a cookie for a domain only from its own hosts.
pub(super) fn cookie(from: &Variables, public_url: &str) -> Result<CookieScope, ConfigError> {
    let uri: Option<axum::http::Uri> = public_url.parse().ok();
    let host = uri.as_ref().and_then(axum::http::Uri::host).unwrap_or("");
    let domain = from.text("COOKIE_DOMAIN");
    if let Some(domain) = &domain
        && host != domain
        && !host.ends_with(&format!(".{domain}"))
    {
        let reason =
            format!("the host of PUBLIC_URL, {host}, must be this domain or a subdomain of it");
        return Err(ConfigError::new("COOKIE_DOMAIN", domain, reason));
    }
    Ok(CookieScope {
        secure: public_url.starts_with("https:"),
        domain,
    })
}
