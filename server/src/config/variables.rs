//! Reads single variables, and says what is wrong with one.

use edge::Endpoint;
use std::fmt::Display;
use std::str::FromStr;
use std::time::Duration;

/// A variable that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{name}={value:?} cannot be used: {reason}")]
pub(crate) struct ConfigError {
    name: &'static str,
    value: String,
    reason: String,
}

impl ConfigError {
    pub(super) fn new(name: &'static str, value: impl Into<String>, reason: impl Display) -> Self {
        Self {
            name,
            value: value.into(),
            reason: reason.to_string(),
        }
    }

    /// What the engine says of its Redis.
    pub(crate) fn of_redis(redis: &Endpoint, error: &edge::ConfigError) -> Self {
        match redis {
            Endpoint::Url(url) => Self::new("REDIS_URL", without_password(url), error),
            Endpoint::Embedded(folder) => Self::new("DATA_DIR", folder.to_string_lossy(), error),
        }
    }
}

/// A URL as others may see it.
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
pub(super) struct Variables<F>(pub(super) F);

impl<F: Fn(&str) -> Option<String>> Variables<F> {
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
        let wrong = |value: &str| {
            ConfigError::new(
                name,
                value,
                format!(
                    "a whole number from {} to {} fits",
                    fits.start(),
                    fits.end()
                ),
            )
        };
        match self.text(name) {
            Some(value) => {
                let number = value.parse().map_err(|_| wrong(&value))?;
                if fits.contains(&number) {
                    Ok(number)
                } else {
                    Err(wrong(&value))
                }
            }
            None => Ok(default),
        }
    }

    pub(super) fn seconds(
        &self,
        name: &'static str,
        default: u32,
        fits: std::ops::RangeInclusive<u32>,
    ) -> Result<Duration, ConfigError> {
        Ok(Duration::from_secs(
            self.number(name, default, fits)?.into(),
        ))
    }

    pub(super) fn milliseconds(
        &self,
        name: &'static str,
        default: u32,
        fits: std::ops::RangeInclusive<u32>,
    ) -> Result<Duration, ConfigError> {
        Ok(Duration::from_millis(
            self.number(name, default, fits)?.into(),
        ))
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
