//! Where Redis is.

use redis::{ConnectionInfo, IntoConnectionInfo, ProtocolVersion};
use std::path::PathBuf;

/// Where this instance's Redis is.
#[derive(Clone, Debug)]
pub enum Endpoint {
    /// An external Redis, by its URL: `redis://`, `rediss://` or `unix://`.
    Url(String),
    /// A Redis that the instances on this machine run themselves, on a socket in this folder.
    Embedded(PathBuf),
}

/// Why a setting is invalid.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The URL is not a Redis URL.
    #[error("invalid Redis URL ({0}); use redis://HOST:PORT, rediss://HOST:PORT or unix:///PATH")]
    Url(String),
    /// The path of the socket in the folder would be too long.
    #[error("the data folder's path is too long for a socket: {0} bytes, at most 90 are accepted")]
    PathTooLong(usize),
    /// The folder cannot be created or written.
    #[error("failed to use the data folder {0}: {1}")]
    Folder(PathBuf, #[source] std::io::Error),
}

/// Connection settings for a URL, with RESP3 for push messages.
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
