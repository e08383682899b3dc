//! The keys of cookies and persons.

use axum_extra::extract::cookie::Key;
use edge::{Forgotten, IdentityKey, PersonId};
use protocol::DeviceId;

/// The keys derived from the secrets that all instances share.
#[derive(Clone)]
pub struct Keys {
    /// Sign cookies, the present one first: a cookie counts that any of them signed.
    pub(super) signing: Vec<Key>,
    /// Turns devices into persons.
    pub identity: IdentityKey,
    /// The secret that the rest follows from, which is not replaced.
    pub root: String,
    /// Whose cookies count no longer.
    forgotten: Option<Forgotten>,
}

impl Keys {
    /// The keys of secrets of at least 32 bytes.
    pub(crate) fn of(secrets: &[&str], root: String, forgotten: Option<Forgotten>) -> Self {
        let keys = secrets.iter().map(|secret| secret.as_bytes());
        Self {
            signing: keys.map(Key::derive_from).collect(),
            identity: IdentityKey::new(root.as_bytes()),
            root,
            forgotten,
        }
    }

    /// The person of a device.
    ///
    /// None if they were forgotten.
    #[must_use]
    pub fn person(&self, device: &DeviceId) -> Option<PersonId> {
        let person = self.identity.person(device);
        let forgotten = self.forgotten.as_ref();
        let is_forgotten = forgotten.is_some_and(|forgotten| forgotten.contains(person));
        (!is_forgotten).then_some(person)
    }
}
