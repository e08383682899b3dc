//! Every key's name, in one place.
//!
//! A name is the configured prefix, a hash tag that keeps keys of one script in one slot of a Redis
//! Cluster, and the version of the layout.

use std::sync::Arc;

/// Grows when the layout of the world's keys changes, so that builds of both layouts can share a Redis.
const WORLD: &str = "{world}:1";
/// The same of the parties' keys.
const PARTY: &str = "{party}:1";

/// Builds key names under one prefix. A cheap clone.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    prefix: Arc<str>,
}

impl Keys {
    pub(crate) fn new(prefix: &str) -> Self {
        Self {
            prefix: prefix.into(),
        }
    }

    fn world(&self, name: &str) -> String {
        format!("{}{WORLD}:{name}", self.prefix)
    }

    /// The keys that every script of the world gets, in the order in which `world/prelude.lua` names them.
    pub(crate) fn world_all(&self) -> Vec<String> {
        [
            "meta",
            "clicks",
            "places",
            "instances",
            "beats",
            "connections",
            "live",
            "history",
            "people:",
            "held:",
        ]
        .map(|name| self.world(name))
        .into()
    }

    /// The channel of the world's events.
    pub(crate) fn world_events(&self) -> String {
        self.world("events")
    }

    /// The newest counted click of a source.
    pub(crate) fn click_source(&self, source: &str) -> String {
        self.world(&format!("seq:{source}"))
    }

    fn party(&self, name: &str) -> String {
        format!("{}{PARTY}:{name}", self.prefix)
    }

    /// The keys that every script of the parties gets, in the order in which `party/prelude.lua` names them.
    pub(crate) fn party_all(&self) -> Vec<String> {
        [
            "party:",
            "persons",
            "touched",
            "listed",
            "attending",
            "held:",
            "calls",
            "beats",
        ]
        .map(|name| self.party(name))
        .into()
    }

    /// Begins the names of the channels of parties' changes; the party's code ends them.
    pub(crate) fn party_changes(&self) -> String {
        self.party("changes:")
    }

    /// The secret that all instances sign with, where none is configured.
    pub(crate) fn secret(&self) -> String {
        format!("{}{{secret}}:1:key", self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_the_world_share_a_slot() {
        let keys = Keys::new("test:");

        for key in keys
            .world_all()
            .into_iter()
            .chain([keys.world_events(), keys.click_source("s:x")])
        {
            assert!(key.starts_with("test:{world}:1:"), "{key}");
        }
        assert_eq!(keys.secret(), "test:{secret}:1:key");
    }

    #[test]
    fn keys_of_the_parties_share_a_slot() {
        let keys = Keys::new("test:");

        for key in keys.party_all().into_iter().chain([keys.party_changes()]) {
            assert!(key.starts_with("test:{party}:1:"), "{key}");
        }
    }
}
