//! `GET /metrics`, for Prometheus.

use crate::error::HttpError;
use crate::federation::Counts;
use crate::state::AppState;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use edge::Metrics;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use protocol::World;
use std::sync::Mutex;

/// The media type of the text format (OpenMetrics 1.0).
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByRegion {
    region: String,
}

/// What is written out when Prometheus asks: the engine's own figures, and the world as of then.
pub(crate) struct Scrape {
    registry: Registry,
    federation: Counts,
    /// One scrape at a time: the world's gauges are filled for each.
    gauges: Mutex<Gauges>,
}

struct Gauges {
    clicks: Family<ByRegion, Gauge>,
    people: Family<ByRegion, Gauge>,
    connections: Family<ByRegion, Gauge>,
    instances: Family<ByRegion, Gauge>,
    age_ms: Gauge,
    own_connections: Gauge,
}

impl Scrape {
    /// An empty registry, and the engine's figures in it.
    pub(crate) fn new() -> (Self, Metrics) {
        let mut registry = Registry::with_prefix("murmuration");
        let metrics = Metrics::new(&mut registry);
        let federation = Counts::new(&mut registry);
        let gauges = Gauges {
            clicks: Family::default(),
            people: Family::default(),
            connections: Family::default(),
            instances: Family::default(),
            age_ms: Gauge::default(),
            own_connections: Gauge::default(),
        };
        registry.register("world_clicks", "Clicks of a region", gauges.clicks.clone());
        registry.register("world_people", "People in a region", gauges.people.clone());
        registry.register(
            "world_connections",
            "Open sessions in a region",
            gauges.connections.clone(),
        );
        registry.register(
            "world_instances",
            "Live instances in a region",
            gauges.instances.clone(),
        );
        registry.register(
            "world_age_ms",
            "Milliseconds since Redis was last heard of, 0 in reach",
            gauges.age_ms.clone(),
        );
        registry.register(
            "connections",
            "Open sessions of this instance",
            gauges.own_connections.clone(),
        );
        (
            Self {
                registry,
                federation,
                gauges: Mutex::new(gauges),
            },
            metrics,
        )
    }

    /// What federation counts.
    pub(crate) fn federation(&self) -> &Counts {
        &self.federation
    }

    fn text(&self, world: &World, own_connections: u32) -> Result<String, std::fmt::Error> {
        // A poisoned lock guards gauges that are about to be set: go on with them.
        let gauges = self
            .gauges
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        for family in [
            &gauges.clicks,
            &gauges.people,
            &gauges.connections,
            &gauges.instances,
        ] {
            family.clear();
        }
        for region in &world.regions {
            let label = ByRegion {
                region: region.code.to_string(),
            };
            gauges.clicks.get_or_create(&label).set(region.clicks);
            gauges
                .people
                .get_or_create(&label)
                .set(region.people.into());
            gauges
                .connections
                .get_or_create(&label)
                .set(region.connections.into());
            gauges
                .instances
                .get_or_create(&label)
                .set(region.instances.into());
        }
        gauges
            .age_ms
            .set(i64::try_from(world.age_ms).unwrap_or(i64::MAX));
        gauges.own_connections.set(own_connections.into());
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// Tells its figures, for Prometheus.
#[utoipa::path(
    get, path = "/metrics", operation_id = "metrics", tag = "server",
    responses((
        status = 200, description = "The figures, in the OpenMetrics text format.", body = String,
        content_type = "application/openmetrics-text",
        example = "# TYPE murmuration_connections gauge\nmurmuration_connections 14\n# EOF\n",
    )),
)]
pub(crate) async fn show(State(state): State<AppState>) -> Result<impl IntoResponse, HttpError> {
    let world = state.engine.mirror().world();
    let text = state
        .scrape
        .text(&world, state.engine.connections())
        .map_err(|error| HttpError::logged(&error))?;
    Ok(([(CONTENT_TYPE, OPEN_METRICS)], text))
}
