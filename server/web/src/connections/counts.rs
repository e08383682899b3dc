//! Figures of connections, for `/metrics`.

use super::admission::Refusal;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByReason {
    reason: &'static str,
}

/// The figures. Cheap to clone; clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    /// Open connections.
    pub(super) open: Gauge,
    refused: Family<ByReason, Counter>,
    /// Times that the system gave no socket.
    pub(super) failed: Counter,
}

impl Counts {
    /// Figures at zero, registered under their Prometheus names.
    pub(crate) fn new(registry: &mut Registry) -> Self {
        let counts = Self::default();
        registry.register(
            "network_connections",
            "Open network connections, with and without a session",
            counts.open.clone(),
        );
        registry.register(
            "network_connections_refused",
            "Network connections that were closed at once, or told that the server is full",
            counts.refused.clone(),
        );
        registry.register(
            "network_accept_failures",
            "Times that the system gave no socket for a connection",
            counts.failed.clone(),
        );
        counts
    }

    /// Counts a connection that found no place.
    pub(super) fn refused(&self, refusal: Refusal) {
        let reason = match refusal {
            Refusal::Address => "address",
            Refusal::Full => "full",
        };
        self.refused.get_or_create(&ByReason { reason }).inc();
    }
}
