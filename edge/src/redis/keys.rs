//! Every key's name, in one place.
//!
//! A name is the configured prefix, a hash tag that keeps keys of one script in one slot of a Redis
//! Cluster, and the version of the layout.

use crate::PersonId;
use crate::hex::hex;
use protocol::MailAddress;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Grows when the layout of the world's keys changes, so that builds of both layouts can share a Redis.
const WORLD: &str = "{world}:1";
/// The same of the parties' keys.
const PARTY: &str = "{party}:1";
/// The same of the draw's keys.
const DRAW: &str = "{draw}:1";
/// Ends the names of mail's channels.
const CHANGES: &str = "changes";

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
            "chat:",
        ]
        .map(|name| self.party(name))
        .into()
    }

    /// Begins the names of the channels of parties' changes; the party's code ends them.
    pub(crate) fn party_changes(&self) -> String {
        self.party("changes:")
    }

    /// Begins the names of the channels of parties' chats; the party's code ends them.
    pub(crate) fn party_chats(&self) -> String {
        self.party("chats:")
    }

    /// Begins the names of a mailbox's keys and of its channel: one slot for each mailbox. `mail/prelude.lua` tells
    /// them all.
    pub(crate) fn mail(&self, address: &MailAddress) -> String {
        format!("{}{{mail:{address}}}:1:", self.prefix)
    }

    /// The channel of a mailbox's changes.
    pub(crate) fn mail_changes(&self, address: &MailAddress) -> String {
        self.mail(address) + CHANGES
    }

    /// The address that a person took up last.
    pub(crate) fn mail_person(&self, person: PersonId) -> String {
        format!(
            "{}{{mail:person:{}}}:1:address",
            self.prefix,
            person.member()
        )
    }

    /// Begins the names of the keys and the channel of what waits for another cluster.
    pub(crate) fn mail_outbox(&self, peer: &str) -> String {
        format!("{}{{mail:outbox:{peer}}}:1:", self.prefix)
    }

    /// The channel on which news for another cluster's outbox comes.
    pub(crate) fn mail_outbox_changes(&self, peer: &str) -> String {
        self.mail_outbox(peer) + CHANGES
    }

    /// Exists while a token of that id was taken. An id is another cluster's: only its hash stands in the name.
    pub(crate) fn mail_token(&self, id: &str) -> String {
        let hash = hex(&Sha256::digest(id.as_bytes()));
        format!("{}{{mail:token:{hash}}}:1:taken", self.prefix)
    }

    fn draw(&self, name: &str) -> String {
        format!("{}{DRAW}:{name}", self.prefix)
    }

    /// The keys that every script of the draw gets, in the order in which `draw/prelude.lua` names them; the last is
    /// the channel of its changes.
    pub(crate) fn draw_all(&self) -> [String; 7] {
        [
            "round", "making", "lease", "fence", "asked", "points:", "changes",
        ]
        .map(|name| self.draw(name))
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

        for key in keys
            .party_all()
            .into_iter()
            .chain([keys.party_changes(), keys.party_chats()])
        {
            assert!(key.starts_with("test:{party}:1:"), "{key}");
        }
    }

    #[test]
    fn keys_of_the_draw_share_a_slot() {
        for key in Keys::new("test:").draw_all() {
            assert!(key.starts_with("test:{draw}:1:"), "{key}");
        }
    }

    #[test]
    fn each_mailbox_and_each_outbox_has_a_slot_of_its_own() {
        let keys = Keys::new("test:");
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
        let person = keys.mail_person(PersonId([7; 16]));
        assert_eq!(
            person,
            format!("test:{{mail:person:{}}}:1:address", "07".repeat(16))
        );
        let token = keys.mail_token("}x");
        assert!(token.starts_with("test:{mail:token:") && !token.contains("}x"));
    }
}
