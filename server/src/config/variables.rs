//! Reads single variables, and reports invalid ones.

use edge::Endpoint;
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

/// An invalid variable.
#[derive(Debug, thiserror::Error)]
#[error("{name}={value:?} is invalid: {reason}")]
pub(crate) struct ConfigError {
    name: &'static str,
    value: String,
    reason: String,
}

impl ConfigError {
    /// A variable whose value cannot be used, and why.
    pub(crate) fn new(name: &'static str, value: impl Into<String>, reason: impl Display) -> Self {
        Self {
            name,
            value: value.into(),
            reason: reason.to_string(),
        }
    }

    /// The engine's error about its Redis.
    pub(crate) fn of_redis(redis: &Endpoint, error: &edge::ConfigError) -> Self {
        match redis {
            Endpoint::Url(url) => Self::new("REDIS_URL", without_password(url), error),
            Endpoint::Embedded(folder) => Self::new("DATA_DIR", folder.to_string_lossy(), error),
        }
    }
}

/// A URL without its credentials.
fn without_password(url: &str) -> String {
    match url.rsplit_once('@') {
        Some((before, host)) => {
            let scheme = before.split_once("://").map_or("", |(scheme, _)| scheme);
            format!("{scheme}://…@{host}")
        }
        None => url.to_owned(),
    }
}

/// Reads variables: the process's, or a test's.
pub(super) struct Variables<'a>(pub(super) &'a dyn Fn(&str) -> Option<String>);

impl Variables<'_> {
    /// A variable's text; an empty one counts as unset.
    pub(super) fn text(&self, name: &str) -> Option<String> {
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
    fn a_password_is_not_shown() {
        assert_eq!(without_password("redis://:p@ss@host:1"), "redis://…@host:1");
        assert_eq!(without_password("redis://host:1/2"), "redis://host:1/2");
        assert_eq!(without_password("http://x"), "http://x");
    }
}
