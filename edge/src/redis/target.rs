//! What a URL of Redis names.

use super::tls::is_tls;
use super::{ConfigError, TlsFiles};
use redis::sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType};
use redis::{
    Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, ProtocolVersion,
    RedisConnectionInfo, TlsMode,
};
use url::Url;

/// The port of a Sentinel, and of all others, where a URL names none.
const PORTS: (u16, u16) = (26_379, 6_379);

/// What a URL names.
pub(super) enum Target {
    Single(Box<ConnectionInfo>),
    Sentinel(Box<SentinelTarget>),
    Cluster(ClusterTarget),
}

/// A primary, by the Sentinels that know it.
pub(super) struct SentinelTarget {
    /// Asks them.
    pub(super) client: SentinelClient,
    pub(super) sentinels: Vec<ConnectionInfo>,
    /// The name under which they know it.
    pub(super) service: String,
    pub(super) database: i64,
}

/// Some nodes of a cluster.
pub(super) struct ClusterTarget {
    pub(super) nodes: Vec<ConnectionInfo>,
}

impl ClusterTarget {
    /// Another node, with the same credentials.
    pub(super) fn node(&self, host: &str, port: u16) -> ConnectionInfo {
        // There is at least one.
        let like = &self.nodes[0];
        like.clone()
            .set_addr(address_like(like.addr(), host.to_owned(), port))
    }
}

impl Target {
    /// Reads a URL, and the files for TLS if it asks for that.
    pub(super) fn parse(url: &str, files: &TlsFiles) -> Result<Self, ConfigError> {
        let split = url.split_once("://").and_then(|(scheme, rest)| {
            let (server, kind) = scheme.split_once('-')?;
            Some((server, kind, rest))
        });
        match split {
            None => Ok(Self::Single(Box::new(connection_info(url, files)?))),
            Some((server, "sentinel", rest)) => sentinels(&format!("{server}://{rest}"), files),
            Some((server, "cluster", rest)) => cluster(&format!("{server}://{rest}"), files),
            Some((_, kind, _)) => Err(ConfigError::Url(format!("unknown kind: {kind}"))),
        }
    }
}

/// Connection settings for the URL of a single server, with RESP3 for push messages.
pub(super) fn connection_info(url: &str, files: &TlsFiles) -> Result<ConnectionInfo, ConfigError> {
    let info = url.into_connection_info()?;
    let settings = info.redis_settings().clone();
    let info = info.set_redis_settings(settings.set_protocol(ProtocolVersion::RESP3));
    if !is_tls(&info) {
        return Ok(info);
    }
    // Fails if the process has chosen one already.
    let _chosen = rustls::crypto::aws_lc_rs::default_provider().install_default();
    match files.read()? {
        Some(certificates) => {
            let client = Client::build_with_tls(info, certificates)?;
            Ok(client.get_connection_info().clone())
        }
        None => Ok(info),
    }
}

fn sentinels(url: &str, files: &TlsFiles) -> Result<Target, ConfigError> {
    let (mut service, mut user, mut password) = (None, None, None);
    let (first, nodes) = several(url, files, PORTS.0, |name, value| {
        match name {
            "sentinelServiceName" => service = Some(value),
            "sentinelUsername" => user = Some(value),
            "sentinelPassword" => password = Some(value),
            _ => return false,
        }
        true
    })?;
    let missing = || ConfigError::Url("sentinelServiceName is missing".into());
    let service = service.ok_or_else(missing)?;
    let redis = first.redis_settings();
    let mut settings = RedisConnectionInfo::default();
    let addresses = nodes.iter().map(|node| node.addr().clone());
    let mut client =
        SentinelClientBuilder::new(addresses, service.clone(), SentinelServerType::Master)?
            .set_client_to_redis_protocol(ProtocolVersion::RESP3)
            .set_client_to_redis_db(redis.db());
    if let Some(user) = redis.username() {
        client = client.set_client_to_redis_username(user);
    }
    if let Some(password) = redis.password() {
        client = client.set_client_to_redis_password(password);
    }
    if let Some(user) = user {
        settings = settings.set_username(&user);
        client = client.set_client_to_sentinel_username(user);
    }
    if let Some(password) = password {
        settings = settings.set_password(&password);
        client = client.set_client_to_sentinel_password(password);
    }
    if let ConnectionAddr::TcpTls { .. } = first.addr() {
        client = client
            .set_client_to_redis_tls_mode(TlsMode::Secure)
            .set_client_to_sentinel_tls_mode(TlsMode::Secure);
        if let Some(certificates) = files.read()? {
            client = client
                .set_client_to_redis_certificates(certificates.clone())
                .set_client_to_sentinel_certificates(certificates);
        }
    }
    let with_settings = |node: ConnectionInfo| node.set_redis_settings(settings.clone());
    Ok(Target::Sentinel(Box::new(SentinelTarget {
        client: client.build()?,
        sentinels: nodes.into_iter().map(with_settings).collect(),
        service,
        database: redis.db(),
    })))
}

fn cluster(url: &str, files: &TlsFiles) -> Result<Target, ConfigError> {
    let (first, nodes) = several(url, files, PORTS.1, |_, _| false)?;
    match first.redis_settings().db() {
        0 => Ok(Target::Cluster(ClusterTarget { nodes })),
        _ => Err(ConfigError::Url("a cluster has no database but 0".into())),
    }
}

/// Reads a URL that names several servers: the first of them, and all.
fn several(
    url: &str,
    files: &TlsFiles,
    port: u16,
    mut parameter: impl FnMut(&str, String) -> bool,
) -> Result<(ConnectionInfo, Vec<ConnectionInfo>), ConfigError> {
    let invalid = |error: url::ParseError| ConfigError::Url(error.to_string());
    let mut url = Url::parse(url).map_err(invalid)?;
    let mut others = Vec::new();
    for (name, value) in url.query_pairs() {
        match &*name {
            "node" => others.push(Url::parse(&format!("redis://{value}")).map_err(invalid)?),
            _ if parameter(&name, value.into_owned()) => {}
            // It is not named, as it may be what follows an & in a password.
            _ => return Err(ConfigError::Url("unknown parameter".into())),
        }
    }
    url.set_query(None);
    if url.port().is_none() {
        // Refused only where there is no host, which is an error in a moment.
        let _refused = url.set_port(Some(port));
    }
    let first = connection_info(url.as_str(), files)?;
    let mut nodes = vec![first.clone()];
    for other in others {
        let host = other.host_str().unwrap_or_default();
        let host = host.trim_matches(['[', ']']).to_owned();
        if host.is_empty() {
            return Err(ConfigError::Url("a node without a host".into()));
        }
        let address = address_like(first.addr(), host, other.port().unwrap_or(port));
        nodes.push(first.clone().set_addr(address));
    }
    Ok((first, nodes))
}

/// An address that is reached as this one is.
fn address_like(like: &ConnectionAddr, host: String, port: u16) -> ConnectionAddr {
    match like {
        ConnectionAddr::TcpTls {
            insecure,
            tls_params,
            ..
        } => ConnectionAddr::TcpTls {
            host,
            port,
            insecure: *insecure,
            tls_params: tls_params.clone(),
        },
        _ => ConnectionAddr::Tcp(host, port),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redis::Endpoint;

    fn parse(url: &str) -> Result<Target, String> {
        Target::parse(url, &TlsFiles::default()).map_err(|error| error.to_string())
    }

    fn addresses(nodes: &[ConnectionInfo]) -> Vec<String> {
        nodes.iter().map(|node| node.addr().to_string()).collect()
    }

    #[test]
    fn a_bad_url_is_refused_with_what_fits() {
        for bad in [
            "http://example.com",
            "redis-sentinel://127.0.0.1:26379",
            "redis-cluster://127.0.0.1:7000/1",
            "redis-cluster://127.0.0.1:7000?nodes=127.0.0.1:7001",
            "redis-ring://127.0.0.1",
        ] {
            let error = parse(bad).err();
            assert!(
                error.is_some_and(|text| text.contains("redis://HOST:PORT")),
                "{bad}"
            );
        }
    }

    #[test]
    fn a_single_server_has_a_database() {
        for url in [
            "redis://127.0.0.1:6379",
            "valkeys://[::1]",
            "unix:///tmp/redis.sock",
            "redis+unix:///tmp/redis.sock",
        ] {
            assert!(matches!(parse(url), Ok(Target::Single(_))), "{url}");
        }
        assert_eq!(Endpoint::Url("redis://127.0.0.1/3".into()).database(), 3);
    }

    #[test]
    fn sentinels_are_asked_for_a_service_with_credentials_of_their_own() {
        let url = "redis-sentinel://app:secret@one/2?sentinelServiceName=main&node=two:26380&node=[::1]:26381&sentinelPassword=other";

        let Ok(Target::Sentinel(target)) = parse(url) else {
            panic!("not Sentinels");
        };

        assert_eq!(
            addresses(&target.sentinels),
            ["one:26379", "two:26380", "::1:26381"]
        );
        assert_eq!(target.service, "main");
        assert_eq!(
            target.sentinels[0].redis_settings().password(),
            Some("other")
        );
        assert_eq!(Endpoint::Url(url.into()).database(), 2);
    }

    #[test]
    fn nodes_of_a_cluster_share_credentials_and_tls() {
        let Ok(Target::Cluster(target)) =
            parse("rediss-cluster://app:secret@one:7000?node=two:7001")
        else {
            panic!("not a cluster");
        };

        assert_eq!(addresses(&target.nodes), ["one:7000", "two:7001"]);
        let other = target.node("three", 7002);
        assert!(matches!(other.addr(), ConnectionAddr::TcpTls { .. }));
        assert_eq!(other.redis_settings().password(), Some("secret"));
    }
}
