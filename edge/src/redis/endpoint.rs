//! Which Redis to use.

use redis::{ConnectionInfo, IntoConnectionInfo, ProtocolVersion};
use std::path::PathBuf;

/// Where this instance's Redis is.
#[derive(Clone, Debug)]
pub enum Endpoint {
    /// A Redis that others run, by its URL: `redis://`, `rediss://` or `unix://`.
    Url(String),
    /// A Redis that the instances on this machine keep themselves, on a socket in this folder.
    Embedded(PathBuf),
}

/// Why a setting cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The URL is not one of Redis.
    #[error(
        "the Redis URL cannot be used ({0}); it reads redis://HOST:PORT, rediss://HOST:PORT or unix:///PATH"
    )]
    Url(String),
    /// The folder's socket would have a path longer than an address holds.
    #[error(
        "the data folder's path is too long for a socket ({0} bytes, at most 90); choose a shorter one"
    )]
    PathTooLong(usize),
    /// The folder cannot be made or written.
    #[error("the data folder {0} cannot be used: {1}")]
    Folder(PathBuf, #[source] std::io::Error),
}

/// How to connect to that URL, with the push messages of RESP3.
pub(super) fn connection_info(url: &str) -> Result<ConnectionInfo, ConfigError> {
    let info = url
        .into_connection_info()
        .map_err(|error| ConfigError::Url(error.to_string()))?;
    let settings = info
        .redis_settings()
        .clone()
        .set_protocol(ProtocolVersion::RESP3);
    Ok(info.set_redis_settings(settings))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_url_is_refused_with_what_fits() {
        let error = connection_info("http://example.com")
            .err()
            .map(|error| error.to_string());

        assert!(error.is_some_and(|text| text.contains("redis://HOST:PORT")));
        assert!(connection_info("redis://127.0.0.1:6379").is_ok());
        assert!(connection_info("unix:///tmp/redis.sock").is_ok());
    }
}
