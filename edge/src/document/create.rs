//! Creating documents.

use super::mark::digest;
use super::state::json;
use super::{ChangeError, Documents};
use crate::PersonId;
use crate::redis::LinkError;
use protocol::{Create, Revised, Seen};
use tokio::task::JoinSet;

impl<D: Create> Documents<D> {
    /// Creates a document of what [`Create::create`] made: once for each idempotency key of the person, where there is one. Its
    /// key, and what the person sees.
    ///
    /// # Errors
    /// [`ChangeError::TooLarge`], [`ChangeError::TooMany`], [`ChangeError::KeyReused`], [`ChangeError::Link`].
    pub async fn create(
        &self,
        person: PersonId,
        once: Option<&str>,
        (value, own): (D, D::Own),
    ) -> Result<(D::Key, Seen<D, D::Own>), ChangeError> {
        let (value, own) = (json(&value), json(&own));
        for (json, max_bytes) in [(&value, D::MAX_BYTES), (&own, D::OWN_MAX_BYTES)] {
            if !(1..=max_bytes).contains(&json.len()) {
                return Err(ChangeError::TooLarge { max_bytes });
            }
        }
        let member = person.member();
        let name = match once {
            Some(once) => digest(&[&member, D::NAME, once]),
            None => format!("{:032x}", rand::random::<u128>()),
        };
        // The same for a call that comes again, and nobody's to guess: a person's id is secret.
        let random = name.get(..32).map(|name| u128::from_str_radix(name, 16));
        let random = random.and_then(Result::ok);
        let key = D::Key::from(random.unwrap_or_else(rand::random));
        self.note(person, &key.to_string()).await?;
        let store = &self.shared.store;
        let made = digest(&[&name, &value]);
        let created = store
            .create(&store.place(&key), person, (&value, &own), &made)
            .await?;
        let seen = created.and_then(|created| created.seen(person));
        match (seen, once) {
            (Some(seen), _) => Ok((key, seen)),
            (None, Some(_)) => Err(ChangeError::KeyReused),
            // Another document has the key, by a chance of one in 2⁵⁰.
            (None, None) => Err(ChangeError::Busy),
        }
    }

    /// Notes that a person creates a document, if they may.
    async fn note(&self, person: PersonId, key: &str) -> Result<(), ChangeError> {
        let (store, max) = (&self.shared.store, self.shared.most);
        if store.add(person, key, max, &[]).await? {
            return Ok(());
        }
        // Some may have expired.
        let (_, gone) = self.look(person).await?;
        match !gone.is_empty() && store.add(person, key, max, &gone).await? {
            true => Ok(()),
            false => Err(ChangeError::TooMany { max }),
        }
    }

    /// The documents that a person created, newest first.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn created_by(
        &self,
        person: PersonId,
    ) -> Result<Vec<(D::Key, Revised<D>)>, LinkError> {
        Ok(self.look(person).await?.0)
    }

    /// What there is of the documents that a person created, newest first, and which are gone.
    async fn look(
        &self,
        person: PersonId,
    ) -> Result<(Vec<(D::Key, Revised<D>)>, Vec<String>), LinkError> {
        let keys = self.shared.store.created_by(person).await?;
        // Each is in a slot of its own: they are read side by side.
        let mut reading = JoinSet::new();
        for (at, name) in keys.iter().enumerate() {
            if let Ok(key) = D::Key::try_from(name.clone()) {
                let documents = self.clone();
                reading.spawn(async move {
                    (at, documents.read(&key, None).await.map(|seen| (key, seen)))
                });
            }
        }
        let mut found: Vec<_> = reading.join_all().await;
        found.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        let (mut there, mut gone) = (Vec::new(), Vec::new());
        for (at, outcome) in found {
            match outcome? {
                (key, Some(Seen { rev, value, .. })) => there.push((key, Revised { rev, value })),
                (_, None) => gone.extend(keys.get(at).cloned()),
            }
        }
        Ok((there, gone))
    }
}
