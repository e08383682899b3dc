//! Reads single variables, and reports invalid ones.

use edge::{Endpoint, TlsFiles};
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

/// An invalid variable.
#[derive(Debug, thiserror::Error)]
#[error("{name}={value:?} is invalid: {reason}")]
pub struct ConfigError {
    name: &'static str,
    value: String,
    reason: String,
}

impl ConfigError {
    /// A variable whose value cannot be used, and why.
    pub fn new(name: &'static str, value: impl Into<String>, reason: impl Display) -> Self {
        Self {
            name,
            value: value.into(),
            reason: reason.to_string(),
        }
    }

    /// The engine's error about its Redis.
    pub(super) fn of_redis(redis: &Endpoint, tls: &TlsFiles, error: &edge::ConfigError) -> Self {
        if let edge::ConfigError::Tls(path, reason) = error {
            let name = match &tls.certificate {
                _ if tls.authorities.as_ref() == Some(path) => "REDIS_TLS_CA",
                Some((certificate, _)) if certificate == path => "REDIS_TLS_CERT",
                _ => "REDIS_TLS_KEY",
            };
            return Self::new(name, path.to_string_lossy(), reason);
        }
        match redis {
            Endpoint::Url(url) => Self::new("REDIS_URL", without_secrets(url), error),
            Endpoint::Embedded(folder) => Self::new("DATA_DIR", folder.to_string_lossy(), error),
        }
    }
}

/// What of a URL's parameters holds no secret.
const SHOWN: [&str; 3] = ["db", "node", "sentinelServiceName"];

/// A URL without its credentials, those among its parameters included.
fn without_secrets(url: &str) -> String {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    if query.contains('@') {
        // The question mark may be one of a password.
        return format!("{scheme}://…");
    }
    let base = match base.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://…@{host}"),
        None => base.to_owned(),
    };
    if query.is_empty() {
        return base;
    }
    let parameters = query
        .split('&')
        .map(|parameter| match parameter.split_once('=') {
            Some((name, _)) if SHOWN.contains(&name) => parameter.to_owned(),
            Some((name, _)) => format!("{name}=…"),
            None => "…".to_owned(),
        });
    format!("{base}?{}", parameters.collect::<Vec<_>>().join("&"))
}

/// Reads variables: the process's, or a test's.
pub struct Variables<'a>(pub(super) &'a dyn Fn(&str) -> Option<String>);

impl<'a> Variables<'a> {
    /// The process's.
    #[must_use]
    pub fn of_process() -> Variables<'static> {
        // A value that is not UTF-8 is invalid, not unset.
        Variables(&|name| Some(std::env::var_os(name)?.to_string_lossy().into_owned()))
    }

    /// What that function finds by a name.
    pub fn of(find: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self(find)
    }

    /// A variable's text; an empty one counts as unset.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.0(name).filter(|value| !value.is_empty())
    }

    pub(super) fn parsed<T: FromStr<Err: Display>>(
        &self,
        name: &'static str,
        default: T,
    ) -> Result<T, ConfigError> {
        match self.text(name) {
            Some(value) => value
                .parse()
                .map_err(|error| ConfigError::new(name, value, error)),
            None => Ok(default),
        }
    }

    pub(super) fn number(
        &self,
        name: &'static str,
        default: u32,
        fits: std::ops::RangeInclusive<u32>,
    ) -> Result<u32, ConfigError> {
        let Some(value) = self.text(name) else {
            return Ok(default);
        };
        let number = value.parse().ok().filter(|number| fits.contains(number));
        let (min, max) = fits.into_inner();
        let reason = || format!("use a whole number from {min} to {max}");
        number.ok_or_else(|| ConfigError::new(name, value, reason()))
    }

    pub(super) fn seconds(
        &self,
        name: &'static str,
        default: u32,
        fits: std::ops::RangeInclusive<u32>,
    ) -> Result<Duration, ConfigError> {
        let seconds = self.number(name, default, fits)?;
        Ok(Duration::from_secs(seconds.into()))
    }

    pub(super) fn milliseconds(
        &self,
        name: &'static str,
        default: u32,
        fits: std::ops::RangeInclusive<u32>,
    ) -> Result<Duration, ConfigError> {
        let milliseconds = self.number(name, default, fits)?;
        Ok(Duration::from_millis(milliseconds.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        let cases = [
            ("redis://:p@ss@host:1", "redis://…@host:1"),
            ("redis://host:1/2", "redis://host:1/2"),
            ("http://x", "http://x"),
            (
                "unix:///redis.sock?user=u&pass=p&db=1",
                "unix:///redis.sock?user=…&pass=…&db=1",
            ),
            (
                "rediss-sentinel://u:p@one?node=two:1&sentinelServiceName=main&sentinelPassword=p",
                "rediss-sentinel://…@one?node=two:1&sentinelServiceName=main&sentinelPassword=…",
            ),
            (
                "redis-cluster://one?sentinelPassword=a&b",
                "redis-cluster://one?sentinelPassword=…&…",
            ),
            ("redis://:p?ss@host", "redis://…"),
        ];
        for (url, shown) in cases {
            assert_eq!(without_secrets(url), shown);
        }
    }
}
