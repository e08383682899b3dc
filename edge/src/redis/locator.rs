//! How a node is found, and why connecting to it failed.

use super::advice::advice;
use super::sentinels::Sentinels;
use super::target::connection_info;
use super::tls::{TlsFiles, is_tls};
use super::{ConfigError, Embedded, LinkError, RedisConcern};
use redis::{Client, ConnectionInfo, RedisError};

/// How a node is found, at each attempt to connect.
pub(super) enum Locator {
    /// At a fixed address.
    Fixed(Box<ConnectionInfo>),
    /// It is this machine's own.
    Embedded(Embedded),
    /// Sentinels know it.
    Sentinels(Box<Sentinels>),
}

impl Locator {
    pub(super) async fn locate(&mut self) -> Result<Client, ConnectError> {
        Ok(match self {
            Self::Fixed(info) => Client::open(info.as_ref().clone())?,
            Self::Embedded(embedded) => {
                let url = embedded.ensure().await?;
                Client::open(connection_info(&url, &TlsFiles::default())?)?
            }
            Self::Sentinels(sentinels) => sentinels.primary().await?,
        })
    }

    /// What is behind a failure to connect, if that is known.
    pub(super) fn concern(&self, error: &ConnectError) -> Option<RedisConcern> {
        match self {
            Self::Fixed(info) => advice(error, is_tls(info)),
            Self::Sentinels(sentinels) => advice(error, sentinels.are_tls()),
            // All advice is on how to reach another one.
            Self::Embedded(_) => None,
        }
    }
}

/// Why connecting failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error("Redis: {0}")]
    Redis(#[from] RedisError),
    #[error(transparent)]
    Concern(RedisConcern),
    #[error("failed to start this machine's own Redis: {0}")]
    Embedded(#[from] std::io::Error),
}
