//! All settings, read together.

use super::bounds::{Rates, connections, limits, rates};
use super::origin::{canonical_url, cookie, public_url};
use super::place::{place, regions};
use super::secret::{Secret, secrets};
use super::site::site;
use super::{ConfigError, Variables};
use crate::visitor_cookie::CookieScope;
use edge::region::{Place, Regions};
use edge::{Endpoint, Limits, TlsFiles};
use ipnet::IpNet;
use leptos::config::LeptosOptions;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// All settings.
pub struct Config {
    /// The region this instance belongs to.
    pub place: Place,
    /// All regions there can be.
    pub regions: Regions,
    /// Whether the operator listed them.
    are_listed: bool,
    /// The other clusters that exchange mail with this one; none unless the site sets some.
    #[cfg(feature = "mail")]
    pub peers: edge::peer::Peers,
    /// Where to listen.
    pub address: SocketAddr,
    /// Where visitors reach this instance, without a trailing slash.
    pub public_url: String,
    /// The site as links and search engines are to name it, whichever instance serves its pages; without a trailing slash.
    pub canonical_url: String,
    /// Where Redis is.
    pub redis: Endpoint,
    /// Files for TLS to it.
    pub redis_tls: TlsFiles,
    /// Begins every key in Redis.
    pub prefix: String,
    /// Sign cookies: the present one, then the one before it, if that counts yet. None: all instances share a secret from
    /// Redis.
    pub secrets: Vec<Secret>,
    /// Where browsers send the visitors' cookie.
    pub cookie: CookieScope,
    /// Proxies whose forwarded addresses are trusted.
    pub proxies: Vec<IpNet>,
    /// The engine's intervals and limits.
    pub limits: Limits,
    /// The rate limits of sessions and network addresses.
    pub rates: Rates,
    /// Open connections; `None`: as many as the process may have.
    pub connections: Option<u32>,
    /// How long a connection may be without a request.
    pub connection_idle: Duration,
    /// Where the site's files are, for Leptos.
    pub site: LeptosOptions,
}

impl Config {
    /// Reads the process's variables, of a site of that name: it begins the keys in Redis and names the site's files, unless the
    /// variables say otherwise.
    ///
    /// # Errors
    /// [`ConfigError`] names the first invalid variable, its value and what is accepted.
    pub fn from_env(name: &str) -> Result<Self, ConfigError> {
        Self::read(name, &Variables::of_process())
    }

    /// The regions that the operator listed; none where there are only the default ones, which are examples.
    pub(crate) fn listed_places(&self) -> &[Place] {
        match self.are_listed {
            true => self.regions.places(),
            false => &[],
        }
    }

    /// What the engine is told.
    #[must_use]
    pub fn engine(&self) -> edge::Config {
        // Field by field: another crate may turn on features of the engine that add some.
        let mut engine =
            edge::Config::at(self.place.clone(), self.regions.clone(), self.redis.clone());
        #[cfg(feature = "mail")]
        engine.peers.clone_from(&self.peers);
        engine.url.clone_from(&self.public_url);
        engine.redis_tls.clone_from(&self.redis_tls);
        engine.prefix.clone_from(&self.prefix);
        engine.limits = self.limits;
        engine
    }

    /// The engine's error about its Redis, as one of the variable to change.
    #[must_use]
    pub fn redis_error(&self, error: &edge::ConfigError) -> ConfigError {
        ConfigError::of_redis(&self.redis, &self.redis_tls, error)
    }

    fn read(name: &str, from: &Variables) -> Result<Self, ConfigError> {
        let regions = regions(from)?;
        let place = place(from, &regions)?;
        let address = from.parsed("LEPTOS_SITE_ADDR", SocketAddr::from(([127, 0, 0, 1], 3000)))?;
        let public_url = public_url(from, address)?;
        let data = from.text("DATA_DIR").unwrap_or_else(|| "data".into());
        Ok(Self {
            cookie: cookie(from, &public_url)?,
            canonical_url: canonical_url(from)?.unwrap_or_else(|| public_url.clone()),
            public_url,
            redis: from
                .text("REDIS_URL")
                .map_or_else(|| Endpoint::Embedded(PathBuf::from(data)), Endpoint::Url),
            redis_tls: tls(from)?,
            prefix: from
                .text("REDIS_PREFIX")
                .unwrap_or_else(|| format!("{name}:")),
            secrets: secrets(from)?,
            proxies: proxies(from)?,
            limits: limits(from)?,
            rates: rates(from)?,
            connections: connections(from)?,
            connection_idle: from.seconds("CONNECTION_IDLE_SECONDS", 30, 1..=3_600)?,
            site: site(name, from, address)?,
            are_listed: from.text("REGIONS_FILE").is_some(),
            place,
            regions,
            #[cfg(feature = "mail")]
            peers: Default::default(),
            address,
        })
    }
}

fn tls(from: &Variables) -> Result<TlsFiles, ConfigError> {
    const NAMES: [&str; 2] = ["REDIS_TLS_CERT", "REDIS_TLS_KEY"];
    let alone = |at: usize, file| {
        let reason = format!("set {}, too", NAMES[1 - at]);
        Err(ConfigError::new(NAMES[at], file, reason))
    };
    let certificate = match NAMES.map(|name| from.text(name)) {
        [Some(certificate), Some(key)] => Some((certificate.into(), key.into())),
        [None, None] => None,
        [Some(certificate), None] => return alone(0, certificate),
        [None, Some(key)] => return alone(1, key),
    };
    Ok(TlsFiles {
        authorities: from.text("REDIS_TLS_CA").map(PathBuf::from),
        certificate,
    })
}

fn proxies(from: &Variables) -> Result<Vec<IpNet>, ConfigError> {
    let text = from.text("TRUSTED_PROXIES").unwrap_or_default();
    let network = |part: &str| match part.parse() {
        Ok(network) => Ok(network),
        Err(_) => part.parse().map(std::net::IpAddr::into),
    };
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            network(part).map_err(|_| {
                ConfigError::new(
                    "TRUSTED_PROXIES",
                    part,
                    "list addresses or networks such as 10.0.0.0/8, separated by commas",
                )
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, String> {
        let find = |name: &str| {
            pairs
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        Config::read("murmuration", &Variables(&find)).map_err(|error| error.to_string())
    }

    #[test]
    fn everything_has_a_default() {
        let config = read(&[]).unwrap();

        assert_eq!(config.place.code.as_str(), "ord");
        assert_eq!(config.public_url, "http://127.0.0.1:3000");
        assert!(matches!(config.redis, Endpoint::Embedded(folder) if folder.as_os_str() == "data"));
        assert_eq!(config.limits.frames_per_second, None);
    }

    #[test]
    fn a_watched_build_is_one_for_development() {
        use leptos::config::Env;

        assert_eq!(read(&[]).unwrap().site.env, Env::PROD);
        assert_eq!(
            read(&[("LEPTOS_WATCH", "true")]).unwrap().site.env,
            Env::DEV
        );
        let both = [("LEPTOS_WATCH", "true"), ("LEPTOS_ENV", "PROD")];
        assert_eq!(read(&both).unwrap().site.env, Env::PROD);
    }

    #[test]
    fn region_comes_before_nothing_and_fly_region_before_region() {
        assert_eq!(
            read(&[("REGION", "syd")]).unwrap().place.code.as_str(),
            "syd"
        );
        assert_eq!(
            read(&[("REGION", "syd"), ("FLY_REGION", "fra")])
                .unwrap()
                .place
                .code
                .as_str(),
            "fra"
        );
        assert_eq!(
            read(&[("FLY_REGION", "2")]).unwrap().place.code.as_str(),
            "fra"
        );
    }

    #[test]
    fn what_cannot_be_used_is_named_with_what_fits() {
        let cases = [
            ("FLY_REGION", "frankfurt", "did you mean fra"),
            ("LEPTOS_SITE_ADDR", "nowhere", "invalid socket address"),
            ("LEPTOS_SITE_ADDR", "0.0.0.0:3000", "set PUBLIC_URL"),
            ("LEPTOS_SITE_ADDR", "[::]:3000", "set PUBLIC_URL"),
            ("PUBLIC_URL", "example.com", "https://HOST"),
            ("PUBLIC_URL", "https://example.com/path", "without a path"),
            ("CANONICAL_URL", "example.com", "https://HOST"),
            ("COOKIE_DOMAIN", "example.com", "the host of PUBLIC_URL"),
            ("SECRET_KEY", "short", "at least 32"),
            ("SECRET_KEY_OLD", "short", "at least 32"),
            (
                "SECRET_KEY_OLD",
                "a-secret-of-thirty-two-characters",
                "set SECRET_KEY",
            ),
            ("TRUSTED_PROXIES", "10.0.0.0/8, x", "10.0.0.0/8"),
            ("FRAMES_PER_SECOND", "0", "from 1 to 1000"),
            ("OPEN_CONNECTIONS", "0", "from 16 to"),
            ("BEAT_LIMIT_MS", "1500", "twice BEAT_MS"),
            ("DRAW_PLAYERS", "0", "from 1 to 100000000"),
            ("DRAW_PLAYERS", "100000001", "from 1 to 100000000"),
            ("DRAW_PLAYERS", "many", "a whole number"),
            ("DRAW_POINTS", "0", "from 1 to 255"),
            ("DRAW_POINTS", "256", "from 1 to 255"),
            ("DRAW_EVERY_SECONDS", "0", "from 1 to 86400"),
            ("DRAW_REST_SECONDS", "0", "from 1 to 86400"),
            ("REGIONS_FILE", "/nowhere", "No such file"),
            ("LEPTOS_HASH_FILES", "yes", "true"),
            ("REDIS_TLS_CERT", "/client.pem", "REDIS_TLS_KEY"),
            ("REDIS_TLS_KEY", "/client.key", "REDIS_TLS_CERT"),
        ];
        for (name, value, fits) in cases {
            let error = read(&[(name, value)]).err().unwrap();
            assert!(error.contains(name) && error.contains(fits), "{error}");
            assert!(!error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn a_cookie_may_be_for_all_regions_hosts() {
        let at = |url| {
            read(&[
                ("PUBLIC_URL", url),
                ("COOKIE_DOMAIN", "murmuration.example"),
            ])
        };

        let config = at("https://fra.murmuration.example").unwrap();
        assert_eq!(config.cookie.domain.as_deref(), Some("murmuration.example"));
        assert!(config.cookie.secure);
        assert!(at("https://murmuration.example").is_ok());
        assert!(at("https://notmurmuration.example").is_err());
    }

    #[test]
    fn a_weak_secret_is_not_shown() {
        let error = read(&[("SECRET_KEY", "hunter2")]).err().unwrap();

        assert!(!error.contains("hunter2"));
    }

    #[test]
    fn proxies_are_addresses_or_networks() {
        let config = read(&[("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,::1")]).unwrap();

        assert_eq!(config.proxies.len(), 3);
    }
}
