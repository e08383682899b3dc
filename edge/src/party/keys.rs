//! The names of the keys and channels of parties alone.

use crate::PersonId;
use crate::redis::Keys;
use protocol::PartyCode;

impl Keys {
    /// The channel that announces changes of a party.
    pub(super) fn party_changes(&self, code: PartyCode) -> String {
        self.party(&format!("changes:{code}"))
    }

    /// The channel that announces messages of a party's chat.
    pub(super) fn party_chats(&self, code: PartyCode) -> String {
        self.party(&format!("chats:{code}"))
    }

    /// The channel that announces how many messages of their party's chat a person has not seen.
    pub(super) fn party_unread(&self, person: PersonId) -> String {
        self.party(&format!("unread:{}", person.member()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_parties_share_a_slot_with_the_world() {
        let keys = Keys::new("test:", 0);
        let code = PartyCode::parse("457495738").unwrap();
        let [online, all] = keys.party_all();

        for key in [
            online,
            all,
            keys.party_changes(code),
            keys.party_chats(code),
            keys.party_unread(PersonId([7; 16])),
        ] {
            assert!(key.starts_with("test:{world}:"), "{key}");
        }
    }
}
