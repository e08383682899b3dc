//! The names of all keys.
//!
//! A name consists of the configured prefix, a hash tag that keeps the keys of one script in one slot of a Redis Cluster,
//! the version of the layout, and the rest. Those of parties, mail and the draw alone are next to what they name.

use crate::{NetworkId, PersonId};
use std::sync::Arc;

/// The lasting numbers of the world. The version grows when the layout changes, so that builds of both layouts can share
/// a Redis.
const WORLD: &str = "{world}:1";
/// The registry of instances and of who is online.
const REGISTRY: &str = "{world}:2";
/// Parties. Their scripts read who is online, and the registry's tell parties: all share a slot.
const PARTIES: &str = "{world}:2:parties:";

/// Builds key names with one prefix. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    prefix: Arc<str>,
}

impl Keys {
    /// What channels of changes are called.
    pub(crate) const CHANGES: &str = "changes";

    /// Names with this prefix, and the number of a database other than 0: channels are the same in all databases ("Database
    /// & Scoping" in the documentation of Redis), so that two clusters in two of them would hear each other.
    pub(crate) fn new(prefix: &str, database: i64) -> Self {
        let prefix = match database {
            0 => prefix.into(),
            database => format!("{prefix}{database}:").into(),
        };
        Self { prefix }
    }

    /// A key with this hash tag, in the first version of its layout.
    pub(crate) fn tagged(&self, tag: &str, name: &str) -> String {
        format!("{}{{{tag}}}:1:{name}", self.prefix)
    }

    fn world(&self, name: &str) -> String {
        format!("{}{WORLD}:{name}", self.prefix)
    }

    fn registry(&self, name: &str) -> String {
        format!("{}{REGISTRY}:{name}", self.prefix)
    }

    /// The keys of every script of the world, in the order in which `party/prelude.lua` and `world/prelude.lua` name
    /// them.
    pub(crate) fn world_all(&self) -> [String; 12] {
        let [online, parties] = self.party_all();
        [
            online,
            parties,
            self.world("meta"),
            self.world("clicks"),
            self.world("places"),
            self.registry("instances"),
            self.registry("beats"),
            self.registry("connections"),
            self.registry("live"),
            self.world("history"),
            self.registry("people:"),
            self.registry("held:"),
        ]
    }

    /// The channel of the world's events.
    pub(crate) fn world_events(&self) -> String {
        self.registry("events")
    }

    /// The channel on which other regions tell an instance that they have its clicks.
    pub(crate) fn arrivals(&self, instance: &str) -> String {
        self.registry(&format!("arrivals:{instance}"))
    }

    /// The number of an instance's newest counted batch of clicks.
    pub(crate) fn click_batch(&self, instance: &str) -> String {
        self.world(&format!("batch:{instance}"))
    }

    /// The number of a source's newest counted click; 2 for an only click that counts down.
    pub(crate) fn click_source(&self, source: &str) -> String {
        self.world(&format!("seq:{source}"))
    }

    /// A key or channel of parties.
    pub(crate) fn party(&self, name: &str) -> String {
        format!("{}{PARTIES}{name}", self.prefix)
    }

    /// The keys of every script of the parties, in the order in which `party/prelude.lua` names them: who is online, and
    /// the prefix of all the others.
    pub(crate) fn party_all(&self) -> [String; 2] {
        [self.registry("online"), self.party("")]
    }

    /// How much a network has left behind.
    pub(crate) fn network_spent(&self, network: NetworkId) -> String {
        self.tagged(&format!("network:{}", network.member()), "spent")
    }

    /// A document, the channel of its changes (and before a person's id that of what they see of it), and whose turn it is to
    /// store: each document has a slot of its own.
    pub(crate) fn document(&self, kind: &str, key: &str) -> [String; 3] {
        ["value", Self::CHANGES, "turn"].map(|name| self.of_document(kind, key, name))
    }

    /// What is remembered of a source of changes of a document.
    pub(crate) fn document_mark(&self, kind: &str, key: &str, source: &str) -> String {
        self.of_document(kind, key, &format!("mark:{source}"))
    }

    fn of_document(&self, kind: &str, key: &str, name: &str) -> String {
        self.tagged(&format!("document:{kind}:{key}"), name)
    }

    /// The documents of a kind that a person created.
    pub(crate) fn documents_of(&self, kind: &str, person: PersonId) -> String {
        self.tagged(&format!("documents:{kind}:{}", person.member()), "created")
    }

    /// Names nothing, for looks at what Redis permits.
    pub(crate) fn scratch(&self) -> String {
        self.tagged("scratch", "none")
    }

    /// The secret that all instances sign with if none is configured, and when it was made.
    pub(crate) fn secret(&self) -> [String; 2] {
        ["key", "made"].map(|name| self.tagged("secret", name))
    }

    /// The channel that announces other secrets.
    pub(crate) fn secret_changes(&self) -> String {
        self.tagged("secret", Self::CHANGES)
    }

    /// The secret that persons follow from, sealed with each configured one.
    pub(crate) fn sealed_secrets(&self) -> String {
        self.tagged("secret", "sealed")
    }

    /// The persons that were forgotten, and the channel that announces more.
    pub(crate) fn forgotten(&self) -> [String; 2] {
        ["persons", Self::CHANGES].map(|name| self.tagged("forgotten", name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_the_world_share_a_slot() {
        let keys = Keys::new("test:", 0);
        let others = [
            keys.world_events(),
            keys.click_source("s:x"),
            keys.click_batch("fra-1"),
        ];

        for key in keys.world_all().into_iter().chain(others) {
            assert!(key.starts_with("test:{world}:"), "{key}");
        }
        assert_eq!(keys.secret()[0], "test:{secret}:1:key");
    }

    #[test]
    fn databases_share_neither_keys_nor_channels() {
        let [one, other] = [0, 1].map(|database| Keys::new("test:", database).world_events());

        assert_ne!(one, other);
        assert!(other.starts_with("test:1:{world}:"), "{other}");
    }
}
