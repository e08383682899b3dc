//! Where Redis is.

use super::TlsFiles;
use super::target::Target;
use redis::RedisError;
use std::fmt;
use std::path::PathBuf;

/// Where this instance's Redis is.
#[derive(Clone)]
pub enum Endpoint {
    /// An external Redis or Valkey, by its URL.
    ///
    /// `redis://`, `rediss://` with TLS, or `unix://` for a single server; `redis-sentinel://HOST:PORT?sentinelServiceName=NAME`
    /// for the primary that Sentinels name, `redis-cluster://HOST:PORT` for a Redis Cluster, with `rediss-` instead of
    /// `redis-` for TLS, and `&node=HOST:PORT` for each further Sentinel or node, as the client fred has it. Sentinels may
    /// have a `sentinelUsername` and `sentinelPassword` of their own. `valkey` and `valkeys` stand for `redis` and `rediss`.
    Url(String),
    /// A Redis that the instances on this machine run themselves, on a socket in this folder.
    Embedded(PathBuf),
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // It may have a password in it.
            Self::Url(_) => to.write_str("Url(…)"),
            Self::Embedded(folder) => to.debug_tuple("Embedded").field(folder).finish(),
        }
    }
}

impl Endpoint {
    /// The number of the database.
    pub(crate) fn database(&self) -> i64 {
        match self {
            Self::Url(url) => match Target::parse(url, &TlsFiles::default()) {
                Ok(Target::Single(info)) => info.redis_settings().db(),
                Ok(Target::Sentinel(target)) => target.database,
                Ok(Target::Cluster(_)) | Err(_) => 0,
            },
            Self::Embedded(_) => 0,
        }
    }
}

/// Why a setting is invalid.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The URL is not a Redis URL.
    #[error(
        "invalid Redis URL ({0}); use redis://HOST:PORT, rediss://HOST:PORT, unix:///PATH, \
         redis-sentinel://HOST:PORT?sentinelServiceName=NAME&node=HOST:PORT or redis-cluster://HOST:PORT?node=HOST:PORT"
    )]
    Url(String),
    /// A file for TLS cannot be used.
    #[error("failed to use the TLS file {0}: {1}")]
    Tls(PathBuf, String),
    /// The path of the socket in the folder would be too long.
    #[error("the data folder's path is too long for a socket: {0} bytes, at most 90 are accepted")]
    PathTooLong(usize),
    /// The folder cannot be created or written.
    #[error("failed to use the data folder {0}: {1}")]
    Folder(PathBuf, #[source] std::io::Error),
}

impl From<RedisError> for ConfigError {
    fn from(error: RedisError) -> Self {
        Self::Url(error.to_string())
    }
}
