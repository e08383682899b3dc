//! Federation's counters, for `/metrics`.

use super::token::TokenFault;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByReason {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByPeer {
    peer: String,
    outcome: &'static str,
}

/// The counters. Cheap to clone; clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    refused: Family<ByReason, Counter>,
    sent: Family<ByPeer, Counter>,
    received: Family<ByPeer, Counter>,
}

impl Counts {
    /// Counters at zero, registered under their Prometheus names.
    pub(crate) fn new(registry: &mut Registry) -> Self {
        let counts = Self::default();
        registry.register(
            "federation_tokens_refused",
            "Calls of other clusters whose token was not accepted",
            counts.refused.clone(),
        );
        registry.register(
            "federation_sent",
            "Messages that other clusters answered for",
            counts.sent.clone(),
        );
        registry.register(
            "federation_received",
            "Messages from other clusters",
            counts.received.clone(),
        );
        counts
    }

    /// Counts a rejected token.
    pub(crate) fn refused(&self, fault: TokenFault) {
        let reason = fault.name();
        self.refused.get_or_create(&ByReason { reason }).inc();
    }

    /// Counts a message that a peer answered for.
    pub(super) fn sent(&self, peer: &str, outcome: &'static str) {
        let peer = peer.to_owned();
        self.sent.get_or_create(&ByPeer { peer, outcome }).inc();
    }

    /// Counts a message received from a peer.
    pub(crate) fn received(&self, peer: &str, outcome: &'static str) {
        let peer = peer.to_owned();
        self.received.get_or_create(&ByPeer { peer, outcome }).inc();
    }
}
