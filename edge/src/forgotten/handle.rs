//! The handle to who was forgotten.

use super::state::{PERSONS_MAX, State};
use crate::PersonId;
use crate::presence::Presence;
use crate::redis::{Keys, Link, LinkError, Script, as_ms, script};
use crate::sync::lock;
use std::collections::HashSet;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;
use tokio::sync::watch;

/// How long a person stays forgotten: as long as a browser keeps their cookie at most (RFC 6265bis, section 5.5).
pub(super) const REMEMBERED: Duration = Duration::from_secs(400 * 24 * 3600);

static ADD: LazyLock<Script> = LazyLock::new(|| script!("../redis/time.lua", "add.lua"));

/// What becomes of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Nobody is them any longer.
    Forgotten,
    /// Their open sessions end.
    Out,
}

impl What {
    /// As Redis stores it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Forgotten => "forgotten",
            Self::Out => "out",
        }
    }
}

/// All persons of the cluster who were forgotten. Cheap to clone.
#[derive(Clone)]
pub struct Forgotten {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) link: Link,
    pub(super) keys: Keys,
    presence: Presence,
    state: Mutex<State>,
    is_known: watch::Sender<bool>,
}

impl Forgotten {
    pub(crate) fn new(link: Link, keys: Keys, presence: Presence) -> Self {
        let shared = Shared {
            link,
            keys,
            presence,
            state: Mutex::default(),
            is_known: watch::Sender::new(false),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Whether this instance has read who was forgotten, since its start.
    #[must_use]
    pub fn is_known(&self) -> bool {
        *self.shared.is_known.borrow()
    }

    /// Waits until this instance has read who was forgotten.
    pub async fn known(&self) {
        let mut is_known = self.shared.is_known.subscribe();
        // The sender lives as long as this handle: the wait cannot fail.
        let _known = is_known.wait_for(|is_known| *is_known).await;
    }

    /// Whether that person was forgotten.
    #[must_use]
    pub fn contains(&self, person: PersonId) -> bool {
        lock(&self.shared.state).contains(person)
    }

    /// Forgets a person on every instance, and ends their sessions. Idempotent. Give up what is theirs before.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn add(&self, person: PersonId) -> Result<(), LinkError> {
        if self.contains(person) {
            return Ok(());
        }
        let at_ms = self.tell(person, What::Forgotten).await?;
        self.apply(person, What::Forgotten, at_ms);
        Ok(())
    }

    /// Ends a person's sessions on every instance, of which each may begin anew.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn end_sessions(&self, person: PersonId) -> Result<(), LinkError> {
        self.tell(person, What::Out).await?;
        Ok(())
    }

    /// Returns the time, in milliseconds by Redis's clock.
    async fn tell(&self, person: PersonId, what: What) -> Result<u64, LinkError> {
        let Shared { link, keys, .. } = &*self.shared;
        let [stream, channel] = keys.forgotten();
        let mut call = ADD.key(stream);
        call.confirm()
            .key(channel)
            .arg(person.member())
            .arg(what.name())
            .arg(PERSONS_MAX)
            .arg(as_ms(REMEMBERED));
        link.call(&call).await
    }

    /// Takes an entry of the stream in, which was made at that time.
    pub(super) fn apply(&self, person: PersonId, what: What, at_ms: u64) {
        let is_new = what == What::Out || lock(&self.shared.state).add(person, at_ms);
        if is_new {
            self.shared.presence.end(person);
        }
    }

    /// Who was forgotten, oldest first, with the time, but for those who are in the stream.
    pub(super) fn missing_in(&self, stream: &HashSet<PersonId>) -> Vec<(PersonId, u64)> {
        lock(&self.shared.state).missing_in(stream)
    }

    pub(super) fn mark_known(&self) {
        self.shared.is_known.send_replace(true);
    }
}
