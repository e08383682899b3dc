//! What an engine is told.

use crate::draw::DrawLimits;
use crate::mail::MailLimits;
use crate::peer::Peers;
use crate::redis::Endpoint;
use crate::region::{Place, Regions};
use std::time::Duration;

/// What an engine needs to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// The region this instance belongs to.
    pub place: Place,
    /// Every region that visitors can be sent to; this instance's own is among them.
    pub regions: Regions,
    /// The other clusters that mail is exchanged with.
    pub peers: Peers,
    /// Where visitors reach this instance: a URL without a path.
    pub url: String,
    /// Which Redis.
    pub redis: Endpoint,
    /// Begins every key.
    pub prefix: String,
    /// Intervals and bounds.
    pub limits: Limits,
}

/// Intervals and bounds, with usable defaults.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long a call to Redis may take.
    pub redis_timeout: Duration,
    /// The time between two beats.
    pub beat_every: Duration,
    /// How old a beat may be before its instance counts as gone.
    pub beat_limit: Duration,
    /// Frames a second of one topic and key at most.
    pub frames_per_second: u32,
    /// Topics and keys that a session may watch beside the world.
    pub session_watches: usize,
    /// Clicks that may wait for Redis.
    pub clicks_waiting: usize,
    /// Participants that a party may have.
    pub party_participants: u32,
    /// How long a party lasts that nobody touches.
    pub party_ttl: Duration,
    /// How much mail there may be.
    pub mail: MailLimits,
    /// How the draw goes.
    pub draw: DrawLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            redis_timeout: Duration::from_secs(2),
            beat_every: Duration::from_secs(1),
            beat_limit: Duration::from_secs(5),
            frames_per_second: 20,
            session_watches: 16,
            clicks_waiting: 100_000,
            party_participants: 64,
            party_ttl: Duration::from_secs(24 * 3600),
            mail: MailLimits::default(),
            draw: DrawLimits::default(),
        }
    }
}
