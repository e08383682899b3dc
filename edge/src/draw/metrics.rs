//! Figures of the draw.

use crate::metrics::counter;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::Registry;

/// Figures of the draw. Cheap to clone; all clones count together.
#[derive(Clone, Debug)]
pub struct DrawMetrics {
    /// Rounds that this instance made.
    pub rounds_made: Counter,
    /// Rounds that this instance loaded.
    pub rounds_loaded: Counter,
    /// Queries that this instance answered.
    pub queries: Counter,
}

impl DrawMetrics {
    /// Figures at zero, registered under their Prometheus names.
    pub(crate) fn new(registry: &mut Registry) -> Self {
        let mut count = |name, help| counter(registry, name, help);
        Self {
            rounds_made: count("draw_rounds_made", "Rounds of the draw made here"),
            rounds_loaded: count("draw_rounds_loaded", "Rounds of the draw loaded here"),
            queries: count("draw_queries", "Queries of the draw answered here"),
        }
    }
}
