//! What servers of tests are told.

use super::Certificates;
use super::server::RedisServer;
use std::ffi::OsString;

/// What a [`RedisServer`], or every node of a cluster or of a primary with its replicas, is told.
///
/// Without any of these it keeps everything in memory and listens on a Unix socket.
#[derive(Clone, Debug, Default)]
pub struct RedisOptions {
    pub(super) is_tcp: bool,
    pub(super) is_durable: bool,
    pub(super) password: Option<String>,
    pub(super) tls: Option<Certificates>,
    /// Names and values, the later ones before the earlier.
    settings: Vec<(String, String)>,
}

impl RedisOptions {
    /// Listens on a free port of 127.0.0.1, as most do in production.
    #[must_use]
    pub fn tcp(mut self) -> Self {
        self.is_tcp = true;
        self
    }

    /// Writes everything to disk before it is answered.
    #[must_use]
    pub fn durable(mut self) -> Self {
        self.is_durable = true;
        self
    }

    /// Asks the default user for that password, and gives it to its primary.
    #[must_use]
    pub fn password(mut self, password: &str) -> Self {
        self.password = Some(password.into());
        self.setting("requirepass", password)
            .setting("masterauth", password)
    }

    /// Knows another user: its name and rules, as `ACL SETUSER` takes them.
    #[must_use]
    pub fn user(self, rules: &str) -> Self {
        self.setting("user", rules)
    }

    /// Speaks TLS only on its port, with the server's certificate, and takes clients without one.
    #[must_use]
    pub fn tls(mut self, certificates: &Certificates) -> Self {
        self.tls = Some(certificates.clone());
        let path = |path: std::path::PathBuf| path.display().to_string();
        self.tcp()
            .setting("tls-cert-file", &path(certificates.server()))
            .setting("tls-key-file", &path(certificates.server_key()))
            .setting("tls-ca-cert-file", &path(certificates.authority()))
            .setting("tls-auth-clients", "optional")
            .setting("tls-replication", "yes")
    }

    /// Refuses clients that show no certificate of the authority.
    #[must_use]
    pub fn client_certificates(self) -> Self {
        self.setting("tls-auth-clients", "yes")
    }

    /// Holds so much at most, such as `2mb`, and has that policy where it is more.
    #[must_use]
    pub fn max_memory(self, memory: &str, policy: &str) -> Self {
        self.setting("maxmemory", memory)
            .setting("maxmemory-policy", policy)
    }

    /// Is a replica of that one, which has a port.
    #[must_use]
    pub fn replica_of(self, primary: &RedisServer) -> Self {
        self.replica_at(&primary.address().unwrap_or_default())
    }

    /// Is a replica of the one at that `HOST:PORT`.
    pub(super) fn replica_at(self, primary: &str) -> Self {
        self.tcp()
            .setting("replicaof", &primary.replacen(':', " ", 1))
    }

    /// Anything else in redis.conf: a name, and its values with spaces between them.
    #[must_use]
    pub fn setting(mut self, name: &str, values: &str) -> Self {
        // Of most, the last one counts; a second user is one more, and a second primary an error.
        if name != "user" {
            self.settings.retain(|(other, _)| other != name);
        }
        self.settings.push((name.into(), values.into()));
        self
    }

    /// The settings whose names begin so, as lines of redis.conf.
    pub(super) fn lines(&self, begin: &str) -> String {
        let settings = self.settings.iter();
        let some = settings.filter(|(name, _)| name.starts_with(begin));
        some.map(|(name, values)| format!("{name} {values}\n"))
            .collect()
    }

    /// All of it, with the port if it has one, as arguments.
    pub(super) fn arguments(&self, port: Option<u16>) -> Vec<OsString> {
        let port = port.unwrap_or(0).to_string();
        let (plain, tls) = match self.tls {
            Some(_) => ("0", &*port),
            None => (&*port, "0"),
        };
        let (appends, syncs) = match self.is_durable {
            true => ("yes", "always"),
            false => ("no", "everysec"),
        };
        let own = [
            ("bind", "127.0.0.1"),
            ("port", plain),
            ("tls-port", tls),
            ("appendonly", appends),
            ("appendfsync", syncs),
            ("save", ""),
            ("maxclients", "1000"),
            // A replica is there at once.
            ("repl-diskless-sync-delay", "0"),
            ("repl-ping-replica-period", "1"),
        ];
        let more = self.settings.iter();
        own.into_iter()
            .chain(more.map(|(name, values)| (name.as_str(), values.as_str())))
            .flat_map(|(name, values)| {
                let name = OsString::from(format!("--{name}"));
                std::iter::once(name).chain(values.split(' ').map(OsString::from))
            })
            .collect()
    }
}
