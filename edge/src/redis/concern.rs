//! What is the matter with a Redis.

use crate::Engine;

/// What is the matter with a Redis, in a sentence that says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedisConcern {
    /// TLS is spoken to a port that does not answer it.
    #[error(
        "Redis does not answer TLS; if this port has none, use redis instead of rediss in REDIS_URL"
    )]
    NoTls,
    /// The port may take nothing but TLS.
    #[error(
        "Redis closes the connection at once; if this port takes TLS only, use rediss instead of redis in REDIS_URL"
    )]
    OnlyTls,
    /// An authority that is not trusted has signed the certificate.
    #[error(
        "Redis's certificate is of an authority that is not trusted; name that authority's file in REDIS_TLS_CA"
    )]
    UnknownAuthority,
    /// The certificate is one of an authority, as self-signed ones are.
    #[error(
        "Redis shows an authority's certificate as its own, as self-signed ones are; sign one for the server \
         (CA:FALSE) with an authority, and name that authority's file in REDIS_TLS_CA"
    )]
    SelfSigned,
    /// The certificate is for another host.
    #[error(
        "Redis's certificate is not for the host that REDIS_URL names; use a name that is in it"
    )]
    WrongName,
    /// The certificate is too old, or not valid yet.
    #[error("Redis's certificate has expired or is not valid yet; renew it, or set the clock")]
    Expired,
    /// The client has to show a certificate, or another.
    #[error(
        "Redis asks for a client certificate that it trusts; set REDIS_TLS_CERT and REDIS_TLS_KEY"
    )]
    ClientCertificate,
    /// The user or password is wrong.
    #[error("Redis does not know the user, or the password is wrong; correct REDIS_URL")]
    WrongPassword,
    /// There is no password.
    #[error(
        "Redis asks for a password; put it into REDIS_URL: redis://USER:PASSWORD@HOST:PORT, or sentinelPassword=PASSWORD for Sentinels"
    )]
    NoPassword,
    /// Nobody listens.
    #[error(
        "Nobody listens where REDIS_URL leads; check its host and port, and whether Redis runs"
    )]
    Refused,
    /// The host's name is unknown.
    #[error("The host in REDIS_URL is not found; check its name")]
    UnknownHost,
    /// A node of a cluster, used as if it were alone.
    #[error(
        "This Redis is a node of a cluster; use redis-cluster://HOST:PORT (with TLS rediss-cluster) in REDIS_URL"
    )]
    IsClusterNode,
    /// A server that is no cluster, used as one.
    #[error("This Redis is no cluster; use redis://HOST:PORT (with TLS rediss) in REDIS_URL")]
    IsNoCluster,
    /// A Sentinel, used as if it were a Redis that stores.
    #[error(
        "This is a Sentinel; use redis-sentinel://HOST:PORT?sentinelServiceName=NAME in REDIS_URL"
    )]
    IsSentinel,
    /// No Sentinel, used as one.
    #[error("This is no Sentinel; use redis://HOST:PORT in REDIS_URL, or the Sentinels' own port")]
    IsNoSentinel,
    /// The Sentinels know no such service, or have no primary for it.
    #[error(
        "The Sentinels name no primary in reach for the sentinelServiceName in REDIS_URL; check it, and the primary"
    )]
    NoPrimary,
    /// It lacks sharded channels, and more.
    #[error("Redis {0} is too old; use Redis 7.0 or newer, or Valkey")]
    TooOld(String),
    /// It forgets what it must not.
    #[error(
        "The maxmemory-policy is {0}: with full memory Redis forgets what it must keep, such as which clicks were counted, \
         which then count twice; set it to noeviction"
    )]
    Evicts(String),
    /// The user lacks permissions.
    #[error("Redis forbids this user {0}; give it the permissions that docs/operations.md lists")]
    Forbids(String),
}

impl RedisConcern {
    /// Its name in metrics.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::NoTls => "no-tls",
            Self::OnlyTls => "only-tls",
            Self::UnknownAuthority => "unknown-authority",
            Self::SelfSigned => "self-signed",
            Self::WrongName => "wrong-name",
            Self::Expired => "expired",
            Self::ClientCertificate => "client-certificate",
            Self::WrongPassword => "wrong-password",
            Self::NoPassword => "no-password",
            Self::Refused => "refused",
            Self::UnknownHost => "unknown-host",
            Self::IsClusterNode => "cluster-node",
            Self::IsNoCluster => "no-cluster",
            Self::IsSentinel => "sentinel",
            Self::IsNoSentinel => "no-sentinel",
            Self::NoPrimary => "no-primary",
            Self::TooOld(_) => "too-old",
            Self::Evicts(_) => "evicts",
            Self::Forbids(_) => "forbids",
        }
    }

    /// Whether nothing works with such a Redis.
    pub(super) fn prevents_all(&self) -> bool {
        matches!(
            self,
            Self::IsClusterNode | Self::IsSentinel | Self::TooOld(_)
        )
    }

    /// Whether it stays until somebody changes a setting, so that trying again soon is of no use.
    pub(super) fn lasts(&self) -> bool {
        !matches!(
            self,
            Self::NoTls | Self::OnlyTls | Self::Refused | Self::UnknownHost | Self::NoPrimary
        )
    }
}

impl Engine {
    /// What is the matter with Redis: why it cannot be reached, if that is known, or what of it may do harm.
    #[must_use]
    pub fn redis_concerns(&self) -> Vec<RedisConcern> {
        self.store.link().concerns()
    }
}
