//! Which node has which slot.

use super::node::Node;
use super::script::SLOTS;
use std::sync::Arc;

/// The nodes, and whose the slots are. Without a cluster one node has them all.
pub(super) struct Topology {
    /// In a cluster, the first stands for no node: it is never up, and has the slots that nobody has.
    pub(super) nodes: Vec<Arc<Node>>,
    /// By slot, a place in `nodes`; the first if it is missing.
    slots: Vec<usize>,
}

impl Topology {
    /// All slots are on this node.
    pub(super) fn single(node: Arc<Node>) -> Self {
        Self {
            nodes: vec![node],
            slots: Vec::new(),
        }
    }

    /// No slot is on any of these nodes yet, the first of which stands for none.
    pub(super) fn new(nodes: Vec<Arc<Node>>) -> Self {
        let slots = vec![0; usize::from(SLOTS)];
        Self { nodes, slots }
    }

    /// Gives these slots to the node at that place.
    pub(super) fn assign(&mut self, (first, last): (u16, u16), at: usize) {
        let range = usize::from(first)..=usize::from(last);
        if let Some(slots) = self.slots.get_mut(range) {
            slots.fill(at);
        }
    }

    /// The node that has this slot.
    pub(super) fn node(&self, slot: u16) -> &Arc<Node> {
        let at = self.slots.get(usize::from(slot)).copied();
        // There is at least one node.
        &self.nodes[at.unwrap_or_default()]
    }
}
