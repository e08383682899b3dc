//! What the engine counts of itself, for `/metrics`.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use protocol::MessageStatus;
use std::time::Duration;

/// The engine's own figures. A cheap clone: all clones count together.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// Clicks of this instance's sessions that were settled in Redis, repeats included.
    pub clicks: Counter,
    /// Clicks that the counter refused: no room to keep them, or out of order. Limits are the server's.
    pub clicks_refused: Counter,
    /// Frames encoded, by topic; each goes to every session that watches its key.
    pub frames_encoded: Family<[(&'static str, &'static str); 1], Counter>,
    /// Frames handed to sessions.
    pub frames_delivered: Counter,
    /// Gaps in the events that a snapshot had to repair.
    pub resyncs: Counter,
    /// Events lost because the mirror could not keep up.
    pub events_dropped: Counter,
    /// Parties created on this instance.
    pub parties_created: Counter,
    /// People who joined a party on this instance.
    pub parties_joined: Counter,
    /// People who left a party on this instance, to be in none.
    pub parties_left: Counter,
    /// Messages that people of this instance sent, by what became of them; a repeat is none.
    pub messages_sent: Family<[(&'static str, &'static str); 1], Counter>,
    /// Messages of other clusters that this instance stored; a repeat is none.
    pub messages_received: Counter,
    /// Rounds of the draw that this instance made.
    pub draw_rounds_made: Counter,
    /// Rounds of the draw that this instance loaded.
    pub draw_rounds_loaded: Counter,
    /// Queries of the draw that this instance answered.
    pub draw_queries: Counter,
    /// Calls to Redis: their count and seconds.
    pub redis_round_trips: Histogram,
    /// Seconds from the call that counts a batch of clicks to its event in this mirror.
    pub event_lag: Histogram,
}

impl Metrics {
    /// Figures at zero, registered under their Prometheus names.
    #[must_use]
    pub fn new(registry: &mut Registry) -> Self {
        // 50 µs to 3.3 s: from a local socket to a far region at its time-out.
        let seconds = || Histogram::new(exponential_buckets(0.000_05, 2.0, 17));
        let metrics = Self {
            clicks: Counter::default(),
            clicks_refused: Counter::default(),
            frames_encoded: Family::default(),
            frames_delivered: Counter::default(),
            resyncs: Counter::default(),
            events_dropped: Counter::default(),
            parties_created: Counter::default(),
            parties_joined: Counter::default(),
            parties_left: Counter::default(),
            messages_sent: Family::default(),
            messages_received: Counter::default(),
            draw_rounds_made: Counter::default(),
            draw_rounds_loaded: Counter::default(),
            draw_queries: Counter::default(),
            redis_round_trips: seconds(),
            event_lag: seconds(),
        };
        metrics.register_world(registry);
        metrics.register_frames(registry);
        metrics.register_parties(registry);
        metrics.register_mail(registry);
        metrics.register_draw(registry);
        registry.register(
            "redis_round_trip_seconds",
            "Calls to Redis",
            metrics.redis_round_trips.clone(),
        );
        registry.register(
            "event_lag_seconds",
            "From a call to its event in the mirror",
            metrics.event_lag.clone(),
        );
        metrics
    }

    fn register_world(&self, registry: &mut Registry) {
        for (name, help, counter) in [
            (
                "clicks",
                "Clicks counted for this instance's sessions",
                &self.clicks,
            ),
            (
                "clicks_refused",
                "Clicks refused for want of room or of order",
                &self.clicks_refused,
            ),
            (
                "frames_delivered",
                "Frames handed to sessions",
                &self.frames_delivered,
            ),
            ("resyncs", "Gaps repaired by a snapshot", &self.resyncs),
            (
                "events_dropped",
                "Events lost by a mirror that was too slow",
                &self.events_dropped,
            ),
        ] {
            registry.register(name, help, counter.clone());
        }
    }

    fn register_frames(&self, registry: &mut Registry) {
        registry.register(
            "frames_encoded",
            "Frames encoded, by topic",
            self.frames_encoded.clone(),
        );
    }

    fn register_parties(&self, registry: &mut Registry) {
        for (name, help, counter) in [
            (
                "parties_created",
                "Parties created here",
                &self.parties_created,
            ),
            (
                "parties_joined",
                "People who joined a party here",
                &self.parties_joined,
            ),
            (
                "parties_left",
                "People who left a party here",
                &self.parties_left,
            ),
        ] {
            registry.register(name, help, counter.clone());
        }
    }

    fn register_mail(&self, registry: &mut Registry) {
        registry.register(
            "messages_sent",
            "Messages sent here, by status",
            self.messages_sent.clone(),
        );
        registry.register(
            "messages_received",
            "Messages of other clusters stored here",
            self.messages_received.clone(),
        );
    }

    fn register_draw(&self, registry: &mut Registry) {
        for (name, help, counter) in [
            (
                "draw_rounds_made",
                "Rounds of the draw made here",
                &self.draw_rounds_made,
            ),
            (
                "draw_rounds_loaded",
                "Rounds of the draw loaded here",
                &self.draw_rounds_loaded,
            ),
            (
                "draw_queries",
                "Queries of the draw answered here",
                &self.draw_queries,
            ),
        ] {
            registry.register(name, help, counter.clone());
        }
    }

    pub(crate) fn frame_encoded(&self, topic: &'static str) {
        self.frames_encoded.get_or_create(&[("topic", topic)]).inc();
    }

    pub(crate) fn message_sent(&self, status: MessageStatus) {
        let status = match status {
            MessageStatus::Delivered => "delivered",
            MessageStatus::Queued => "queued",
            MessageStatus::Failed => "failed",
        };
        self.messages_sent
            .get_or_create(&[("status", status)])
            .inc();
    }

    pub(crate) fn round_trip(&self, took: Duration) {
        self.redis_round_trips.observe(took.as_secs_f64());
    }
}
