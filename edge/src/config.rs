//! An engine's configuration.

use crate::redis::{Confirm, Endpoint, TlsFiles};
use crate::region::{DEFAULT_REGIONS, Place, RegionError, Regions};
use std::time::Duration;

/// An engine's configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// The region this instance belongs to.
    pub place: Place,
    /// All regions of the cluster, including this instance's own.
    pub regions: Regions,
    /// The other clusters that mail is exchanged with.
    #[cfg(feature = "mail")]
    pub peers: crate::peer::Peers,
    /// This instance's URL for visitors, without a path.
    pub url: String,
    /// The Redis to use.
    pub redis: Endpoint,
    /// Files for TLS to it.
    pub redis_tls: TlsFiles,
    /// The prefix of every key.
    pub prefix: String,
    /// Intervals and limits.
    pub limits: Limits,
}

impl Config {
    /// The configuration of an instance of that one of the [built-in regions](DEFAULT_REGIONS), by its code or another of
    /// its names; with keys that begin with `murmuration:`, and defaults for all the rest.
    ///
    /// # Errors
    /// [`RegionError`] where there is no such region.
    pub fn new(region: &str, redis: Endpoint) -> Result<Self, RegionError> {
        let regions = Regions::parse(DEFAULT_REGIONS)?;
        let place = regions.find(region)?.clone();
        Ok(Self::at(place, regions, redis))
    }

    /// Likewise, of an instance at that place, in a cluster of these regions.
    #[must_use]
    pub fn at(place: Place, regions: Regions, redis: Endpoint) -> Self {
        Self {
            url: place.url.clone(),
            place,
            regions,
            #[cfg(feature = "mail")]
            peers: Default::default(),
            redis,
            redis_tls: TlsFiles::default(),
            prefix: "murmuration:".into(),
            limits: Limits::default(),
        }
    }
}

/// Intervals and limits, with usable defaults.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The time-out of a call to Redis.
    pub redis_timeout: Duration,
    /// Whether what is acknowledged waits until a replica has it.
    pub confirm: Confirm,
    /// The time between two heartbeats.
    pub beat_every: Duration,
    /// The age of a heartbeat at which its instance counts as gone.
    pub beat_limit: Duration,
    /// The most frames per second of one topic and key; `None` for as many as there is room for.
    pub frames_per_second: Option<u32>,
    /// The most topics and keys that a session watches besides the world.
    pub session_watches: u32,
    /// The most clicks that wait for Redis.
    pub clicks_waiting: usize,
    /// How long the idempotency key of a click is remembered: longer than anybody retries, and than the network can delay a
    /// call.
    pub click_keys_for: Duration,
    /// How long a document lasts that nobody changes.
    pub document_ttl: Duration,
    /// The most documents of one kind that a person creates.
    pub documents_per_person: u32,
    /// About how many bytes of Redis the visitors of one network may fill in a day.
    pub network_bytes_per_day: u64,
    /// The limits of parties.
    #[cfg(feature = "parties")]
    pub parties: crate::PartyLimits,
    /// The limits of mail.
    #[cfg(feature = "mail")]
    pub mail: crate::MailLimits,
    /// The settings of the draw.
    #[cfg(feature = "draw")]
    pub draw: crate::DrawLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            redis_timeout: Duration::from_secs(2),
            confirm: Confirm::default(),
            beat_every: Duration::from_secs(1),
            beat_limit: Duration::from_secs(5),
            frames_per_second: None,
            session_watches: 16,
            clicks_waiting: 100_000,
            click_keys_for: Duration::from_secs(600),
            document_ttl: Duration::from_secs(30 * 24 * 3600),
            documents_per_person: 20,
            network_bytes_per_day: 256 << 20,
            #[cfg(feature = "parties")]
            parties: Default::default(),
            #[cfg(feature = "mail")]
            mail: Default::default(),
            #[cfg(feature = "draw")]
            draw: Default::default(),
        }
    }
}
