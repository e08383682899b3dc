//! Where visitors reach this instance, and whom else their cookie reaches.

use super::{ConfigError, Variables};
use crate::visitor_cookie::CookieScope;
use std::net::SocketAddr;

/// Where visitors reach this instance: as configured, else where it listens.
pub(super) fn public_url(from: &Variables, address: SocketAddr) -> Result<String, ConfigError> {
    let Some(url) = from.text("PUBLIC_URL") else {
        // Links, QR codes and the registry would name an address that leads nowhere.
        return match address.ip().is_unspecified() {
            false => Ok(format!("http://{address}")),
            true => Err(ConfigError::new(
                "LEPTOS_SITE_ADDR",
                address.to_string(),
                "visitors cannot be sent to this address; set PUBLIC_URL to the one they use",
            )),
        };
    };
    let fits = url.parse::<axum::http::Uri>().is_ok_and(|uri| {
        uri.authority().is_some()
            && matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.path() == "/"
    });
    match fits {
        true => Ok(url.trim_end_matches('/').to_owned()),
        false => Err(ConfigError::new(
            "PUBLIC_URL",
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
