//! What Prometheus reads.

use crate::connections;
use edge::{Engine, Metrics};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use protocol::Region;
use std::sync::{Mutex, PoisonError};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByRegion {
    region: String,
}

/// What Prometheus reads: the engine's figures, and the current world.
pub(crate) struct Scrape {
    registry: Registry,
    connections: connections::Counts,
    /// The world's gauges, set for each scrape: one at a time.
    gauges: Mutex<Gauges>,
}

struct Gauges {
    /// One for each of [`REGION_GAUGES`].
    regions: [Family<ByRegion, Gauge>; REGION_GAUGES.len()],
    age_ms: Gauge,
    takes_writes: Gauge,
    redis_concerns: Family<[(&'static str, &'static str); 1], Gauge>,
    own_connections: Gauge,
}

/// A gauge of each region: its name, help and value.
type RegionGauge = (&'static str, &'static str, fn(&Region) -> i64);

/// The gauges of each region.
const REGION_GAUGES: [RegionGauge; 4] = [
    ("world_clicks", "Clicks of a region", |region| region.clicks),
    ("world_people", "People in a region", |region| {
        region.people.into()
    }),
    ("world_connections", "Open sessions in a region", |region| {
        region.connections.into()
    }),
    ("world_instances", "Live instances in a region", |region| {
        region.instances.into()
    }),
];

impl Scrape {
    /// Adds the engine's figures, and those of connections, to a site's.
    pub(crate) fn new(mut registry: Registry) -> (Self, Metrics) {
        let metrics = Metrics::new(&mut registry);
        let connections = connections::Counts::new(&mut registry);
        let gauges = Gauges {
            regions: Default::default(),
            age_ms: Gauge::default(),
            takes_writes: Gauge::default(),
            redis_concerns: Family::default(),
            own_connections: Gauge::default(),
        };
        for ((name, help, _), family) in REGION_GAUGES.iter().zip(&gauges.regions) {
            registry.register(*name, *help, family.clone());
        }
        let age_ms = "Milliseconds since Redis last answered and took writes, 0 while it does";
        registry.register("world_age_ms", age_ms, gauges.age_ms.clone());
        let writes = "1 while Redis takes writes, else 0";
        registry.register("redis_takes_writes", writes, gauges.takes_writes.clone());
        let concerns = "1 for each thing that is the matter with Redis";
        registry.register("redis_concerns", concerns, gauges.redis_concerns.clone());
        let own = "Open sessions of this instance";
        registry.register("connections", own, gauges.own_connections.clone());
        let scrape = Self {
            registry,
            connections,
            gauges: Mutex::new(gauges),
        };
        (scrape, metrics)
    }

    /// The figures of network connections.
    pub(crate) fn connections(&self) -> &connections::Counts {
        &self.connections
    }

    /// The figures in Prometheus's text format.
    ///
    /// # Errors
    /// None that the figures can cause.
    pub(crate) fn text(&self, engine: &Engine) -> Result<String, std::fmt::Error> {
        let world = engine.mirror().world();
        // A poisoned lock guards gauges that are about to be set.
        let gauges = self.gauges.lock().unwrap_or_else(PoisonError::into_inner);
        for ((.., value), family) in REGION_GAUGES.iter().zip(&gauges.regions) {
            family.clear();
            for region in &world.regions {
                let label = ByRegion {
                    region: region.code.to_string(),
                };
                family.get_or_create(&label).set(value(region));
            }
        }
        let age_ms = i64::try_from(world.age_ms).unwrap_or(i64::MAX);
        gauges.age_ms.set(age_ms);
        gauges.takes_writes.set(engine.takes_writes().into());
        gauges.redis_concerns.clear();
        for concern in engine.redis_concerns() {
            let label = [("concern", concern.name())];
            gauges.redis_concerns.get_or_create(&label).set(1);
        }
        gauges.own_connections.set(engine.connections().into());
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
