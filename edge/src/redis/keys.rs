//! The names of all keys.
//!
//! A name consists of the configured prefix, a hash tag that keeps the keys of one script in one slot of a Redis Cluster,
//! the version of the layout, and the rest.

use crate::{NetworkId, PersonId};
use protocol::{MailAddress, PartyCode};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The lasting numbers of the world. The version grows when the layout changes, so that builds of both layouts can share
/// a Redis.
const WORLD: &str = "{world}:1";
/// The registry of instances and of who is online.
const REGISTRY: &str = "{world}:2";
/// Parties. Their scripts read who is online, and the registry's tell parties: all share a slot.
const PARTIES: &str = "{world}:2:parties:";
/// The draw.
const DRAW: &str = "{draw}:1";
/// The suffix of mail's channels.
const CHANGES: &str = "changes";

/// Builds key names with one prefix. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    prefix: Arc<str>,
}

impl Keys {
    /// Names with this prefix, and the number of a database other than 0: channels are the same in all databases ("Database
    /// & Scoping" in the documentation of Redis), so that two clusters in two of them would hear each other.
    pub(crate) fn new(prefix: &str, database: i64) -> Self {
        let prefix = match database {
            0 => prefix.into(),
            database => format!("{prefix}{database}:").into(),
        };
        Self { prefix }
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

    /// The number of an instance's newest counted batch of clicks.
    pub(crate) fn click_batch(&self, instance: &str) -> String {
        self.world(&format!("batch:{instance}"))
    }

    /// The number of a source's newest counted click; 2 for an only click that counts down.
    pub(crate) fn click_source(&self, source: &str) -> String {
        self.world(&format!("seq:{source}"))
    }

    fn party(&self, name: &str) -> String {
        format!("{}{PARTIES}{name}", self.prefix)
    }

    /// The keys of every script of the parties, in the order in which `party/prelude.lua` names them: who is online, and
    /// the prefix of all the others.
    pub(crate) fn party_all(&self) -> [String; 2] {
        [self.registry("online"), self.party("")]
    }

    /// The channel that announces changes of a party.
    pub(crate) fn party_changes(&self, code: PartyCode) -> String {
        self.party(&format!("changes:{code}"))
    }

    /// The channel that announces messages of a party's chat.
    pub(crate) fn party_chats(&self, code: PartyCode) -> String {
        self.party(&format!("chats:{code}"))
    }

    /// The prefix of a mailbox's keys and channel; each mailbox has a slot of its own. `mail/prelude.lua` lists them.
    pub(crate) fn mail(&self, address: &MailAddress) -> String {
        format!("{}{{mail:{address}}}:1:", self.prefix)
    }

    /// The channel of a mailbox's changes.
    pub(crate) fn mail_changes(&self, address: &MailAddress) -> String {
        self.mail(address) + CHANGES
    }

    /// A person's current address, and all of theirs.
    pub(crate) fn mail_person(&self, person: PersonId) -> [String; 2] {
        let (prefix, person) = (&self.prefix, person.member());
        ["address", "addresses"].map(|name| format!("{prefix}{{mail:person:{person}}}:1:{name}"))
    }

    /// The prefix of the keys and channels of the outbox for another cluster.
    pub(crate) fn mail_outbox(&self, peer: &str) -> String {
        format!("{}{{mail:outbox:{peer}}}:1:", self.prefix)
    }

    /// The channel that announces messages for another cluster.
    pub(crate) fn mail_outbox_changes(&self, peer: &str) -> String {
        self.mail_outbox(peer) + CHANGES
    }

    /// Counts the letters of unverified senders from a client's network.
    pub(crate) fn mail_network(&self, network: NetworkId) -> String {
        format!(
            "{}{{mail:network:{}}}:1:sent",
            self.prefix,
            network.member()
        )
    }

    /// Exists while a token's id is remembered. The id comes from another cluster, so the name contains only its hash.
    pub(crate) fn mail_token(&self, id: &str) -> String {
        let hash = Sha256::digest(id);
        format!("{}{{mail:token:{hash:x}}}:1:taken", self.prefix)
    }

    /// How much a network has left behind.
    pub(crate) fn network_spent(&self, network: NetworkId) -> String {
        format!("{}{{network:{}}}:1:spent", self.prefix, network.member())
    }

    fn draw(&self, name: &str) -> String {
        format!("{}{DRAW}:{name}", self.prefix)
    }

    /// The keys of every script of the draw, in the order in which `draw/prelude.lua` names them; the last is the channel of
    /// changes.
    pub(crate) fn draw_all(&self) -> [String; 7] {
        [
            "round", "making", "lease", "fence", "asked", "points:", "changes",
        ]
        .map(|name| self.draw(name))
    }

    /// A document, the channel of its changes (and before a person's id that of what they see of it), and whose turn it is to
    /// store: each document has a slot of its own.
    pub(crate) fn document(&self, kind: &str, key: &str) -> [String; 3] {
        ["value", CHANGES, "turn"].map(|name| self.of_document(kind, key, name))
    }

    /// What is remembered of a source of changes of a document.
    pub(crate) fn document_mark(&self, kind: &str, key: &str, source: &str) -> String {
        self.of_document(kind, key, &format!("mark:{source}"))
    }

    fn of_document(&self, kind: &str, key: &str, name: &str) -> String {
        format!("{}{{document:{kind}:{key}}}:1:{name}", self.prefix)
    }

    /// The documents of a kind that a person created.
    pub(crate) fn documents_of(&self, kind: &str, person: PersonId) -> String {
        let person = person.member();
        format!("{}{{documents:{kind}:{person}}}:1:created", self.prefix)
    }

    /// Names nothing, for looks at what Redis permits.
    pub(crate) fn scratch(&self) -> String {
        format!("{}{{scratch}}:1:none", self.prefix)
    }

    /// The secret that all instances sign with if none is configured, and when it was made.
    pub(crate) fn secret(&self) -> [String; 2] {
        ["key", "made"].map(|name| format!("{}{{secret}}:1:{name}", self.prefix))
    }

    /// The channel that announces other secrets.
    pub(crate) fn secret_changes(&self) -> String {
        format!("{}{{secret}}:1:{CHANGES}", self.prefix)
    }

    /// The secret that persons follow from, sealed with each configured one.
    pub(crate) fn sealed_secrets(&self) -> String {
        format!("{}{{secret}}:1:sealed", self.prefix)
    }

    /// The persons that were forgotten, and the channel that announces more.
    pub(crate) fn forgotten(&self) -> [String; 2] {
        ["persons", CHANGES].map(|name| format!("{}{{forgotten}}:1:{name}", self.prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_the_world_and_the_parties_share_a_slot() {
        let keys = Keys::new("test:", 0);
        let code = PartyCode::parse("457495738").unwrap();
        let others = [
            keys.world_events(),
            keys.click_source("s:x"),
            keys.click_batch("fra-1"),
            keys.party_changes(code),
            keys.party_chats(code),
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

    #[test]
    fn keys_of_the_draw_share_a_slot() {
        for key in Keys::new("test:", 0).draw_all() {
            assert!(key.starts_with("test:{draw}:1:"), "{key}");
        }
    }

    #[test]
    fn each_mailbox_and_each_outbox_has_a_slot_of_its_own() {
        let keys = Keys::new("test:", 0);
        let address = MailAddress::parse("ap-south-1-wren").unwrap();

        assert_eq!(keys.mail(&address), "test:{mail:ap-south-1-wren}:1:");
        assert!(
            keys.mail_changes(&address)
                .starts_with(&keys.mail(&address))
        );
        assert_eq!(keys.mail_outbox("nest"), "test:{mail:outbox:nest}:1:");
        assert!(
            keys.mail_outbox_changes("nest")
                .starts_with(&keys.mail_outbox("nest"))
        );
        let [person, _] = keys.mail_person(PersonId([7; 16]));
        assert_eq!(
            person,
            format!("test:{{mail:person:{}}}:1:address", "07".repeat(16))
        );
        let token = keys.mail_token("}x");
        assert!(token.starts_with("test:{mail:token:") && !token.contains("}x"));
    }
}
