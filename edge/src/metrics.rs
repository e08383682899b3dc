//! The engine's own metrics, for `/metrics`.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use std::time::Duration;

/// The engine's own metrics. Cheap to clone; all clones count together.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// Clicks of this instance's sessions that Redis has confirmed, retries included.
    pub clicks: Counter,
    /// Clicks that the counter refused: no room, or out of order. Those over a rate limit are the server's to count.
    pub clicks_refused: Counter,
    /// Changes of documents that were applied, retries included.
    pub changes: Counter,
    /// Changes of documents that were refused.
    pub changes_refused: Counter,
    /// Calls that found a document changed by another instance, and were repeated.
    pub change_conflicts: Counter,
    /// Frames encoded, by topic; each goes to every session that watches its key.
    pub frames_encoded: Family<[(&'static str, &'static str); 1], Counter>,
    /// Frames handed to sessions.
    pub frames_delivered: Counter,
    /// Calls that no replica of Redis confirmed in time.
    pub redis_unconfirmed: Counter,
    /// Gaps in the events that a snapshot had to repair.
    pub resyncs: Counter,
    /// Events dropped because the mirror could not keep up.
    pub events_dropped: Counter,
    /// The durations of calls to Redis, in seconds.
    pub redis_round_trips: Histogram,
    /// Seconds from the call that counts a batch of clicks to its event in this mirror.
    pub event_lag: Histogram,
    /// Those of the parties.
    #[cfg(feature = "parties")]
    pub parties: crate::PartyMetrics,
    /// Those of mail.
    #[cfg(feature = "mail")]
    pub mail: crate::MailMetrics,
    /// Those of the draw.
    #[cfg(feature = "draw")]
    pub draw: crate::DrawMetrics,
}

impl Default for Metrics {
    /// Metrics at zero, which nobody scrapes.
    fn default() -> Self {
        Self::new(&mut Registry::default())
    }
}

impl Metrics {
    /// Metrics at zero, registered under their Prometheus names.
    #[must_use]
    pub fn new(registry: &mut Registry) -> Self {
        let frames_encoded = Family::default();
        let help = "Frames encoded, by topic";
        registry.register("frames_encoded", help, frames_encoded.clone());
        let mut seconds = |name: &str, help: &str| {
            // 50 µs to 3.3 s: from a local socket to a distant region's time-out.
            let histogram = Histogram::new(exponential_buckets(0.000_05, 2.0, 17));
            registry.register(name, help, histogram.clone());
            histogram
        };
        let redis_round_trips = seconds("redis_round_trip_seconds", "Calls to Redis");
        let event_lag = seconds(
            "event_lag_seconds",
            "From a call to its event in the mirror",
        );
        let mut count = |name, help| counter(registry, name, help);
        Self {
            clicks: count("clicks", "Clicks counted for this instance's sessions"),
            clicks_refused: count("clicks_refused", "Clicks refused: no room, or out of order"),
            changes: count("changes", "Changes of documents applied"),
            changes_refused: count("changes_refused", "Changes of documents refused"),
            change_conflicts: count(
                "change_conflicts",
                "Calls repeated because another instance changed the document",
            ),
            frames_encoded,
            frames_delivered: count("frames_delivered", "Frames handed to sessions"),
            redis_unconfirmed: count(
                "redis_unconfirmed",
                "Calls that no replica of Redis confirmed in time",
            ),
            resyncs: count("resyncs", "Gaps repaired by a snapshot"),
            events_dropped: count("events_dropped", "Events dropped by a slow mirror"),
            redis_round_trips,
            event_lag,
            #[cfg(feature = "parties")]
            parties: crate::PartyMetrics::new(registry),
            #[cfg(feature = "mail")]
            mail: crate::MailMetrics::new(registry),
            #[cfg(feature = "draw")]
            draw: crate::DrawMetrics::new(registry),
        }
    }

    pub(crate) fn frame_encoded(&self, topic: &'static str) {
        self.frames_encoded.get_or_create(&[("topic", topic)]).inc();
    }

    pub(crate) fn round_trip(&self, took: Duration) {
        self.redis_round_trips.observe(took.as_secs_f64());
    }
}

/// A counter at zero, registered under that name.
pub(crate) fn counter(registry: &mut Registry, name: &str, help: &str) -> Counter {
    let counter = Counter::default();
    registry.register(name, help, counter.clone());
    counter
}
