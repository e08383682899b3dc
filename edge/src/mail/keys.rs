//! The names of mail's keys.

use crate::redis::Keys;
use crate::{NetworkId, PersonId};
use protocol::MailAddress;
use sha2::{Digest, Sha256};

impl Keys {
    /// The prefix of a mailbox's keys and channel; each mailbox has a slot of its own. `prelude.lua` lists them.
    pub(super) fn mail(&self, address: &MailAddress) -> String {
        self.tagged(&format!("mail:{address}"), "")
    }

    /// The channel of a mailbox's changes.
    pub(super) fn mail_changes(&self, address: &MailAddress) -> String {
        self.mail(address) + Self::CHANGES
    }

    /// The channel of changes for those who are told only how many letters are unseen.
    pub(super) fn mail_unread(&self, address: &MailAddress) -> String {
        self.mail(address) + "unread:changes"
    }

    /// The prefix of the keys and channel of the echo at that address; `echo_put.lua` lists them.
    pub(super) fn mail_echo(&self, address: &MailAddress) -> String {
        self.tagged(&format!("echo:{}", address.place()), "")
    }

    /// The channel that announces letters to an echo.
    pub(super) fn mail_echo_changes(&self, address: &MailAddress) -> String {
        self.mail_echo(address) + Self::CHANGES
    }

    /// A person's current address, and all of theirs.
    pub(super) fn mail_person(&self, person: PersonId) -> [String; 2] {
        let tag = format!("mail:person:{}", person.member());
        ["address", "addresses"].map(|name| self.tagged(&tag, name))
    }

    /// The channel that announces another current address of a person.
    pub(super) fn mail_person_changes(&self, person: PersonId) -> String {
        let [address, _] = self.mail_person(person);
        address + ":changes"
    }

    /// The prefix of the keys and channels of the outbox for another cluster.
    pub(super) fn mail_outbox(&self, peer: &str) -> String {
        self.tagged(&format!("mail:outbox:{peer}"), "")
    }

    /// The channel that announces messages for another cluster.
    pub(super) fn mail_outbox_changes(&self, peer: &str) -> String {
        self.mail_outbox(peer) + Self::CHANGES
    }

    /// Counts the letters of unverified senders from a client's network.
    pub(super) fn mail_network(&self, network: NetworkId) -> String {
        self.tagged(&format!("mail:network:{}", network.member()), "sent")
    }

    /// Exists while a token's id is remembered. The id comes from another cluster, so the name contains only its hash.
    pub(super) fn mail_token(&self, id: &str) -> String {
        let hash = Sha256::digest(id);
        self.tagged(&format!("mail:token:{hash:x}"), "taken")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let echo = keys.mail_echo(&address);
        assert_eq!(echo, "test:{echo:ap-south-1}:1:");
        assert!(keys.mail_echo_changes(&address).starts_with(&echo));
        let [person, _] = keys.mail_person(PersonId([7; 16]));
        assert_eq!(
            person,
            format!("test:{{mail:person:{}}}:1:address", "07".repeat(16))
        );
        let token = keys.mail_token("}x");
        assert!(token.starts_with("test:{mail:token:") && !token.contains("}x"));
    }
}
