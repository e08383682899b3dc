//! Figures of parties.

use crate::metrics::counter;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::registry::Registry;

/// Figures of the parties. Cheap to clone; all clones count together.
#[derive(Clone, Debug)]
pub struct PartyMetrics {
    /// Parties created on this instance.
    pub created: Counter,
    /// People who joined a party on this instance.
    pub joined: Counter,
    /// People who left a party on this instance without joining another.
    pub left: Counter,
}

impl PartyMetrics {
    /// Figures at zero, registered under their Prometheus names.
    pub(crate) fn new(registry: &mut Registry) -> Self {
        let mut count = |name, help| counter(registry, name, help);
        Self {
            created: count("parties_created", "Parties created here"),
            joined: count("parties_joined", "People who joined a party here"),
            left: count("parties_left", "People who left a party here"),
        }
    }
}
