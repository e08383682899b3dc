//! The handle to parties.

use super::PartyError;
use super::chat::ChatStore;
use super::store::{PartyOutcome, PartyStore};
use crate::hub::{MissLimit, Viewer};
use crate::redis::{Keys, Link, LinkError, unreadable};
use crate::{Metrics, PersonId};
use protocol::{
    CODE_MAX, CODE_MIN, Coordinates, NearbyParty, ParticipantName, Party, PartyCode, PartyCreated,
    PartyJoined, RegionCode,
};
use rand::RngExt;
use std::sync::Arc;
use std::time::Duration;

/// Codes that one call offers: with a million parties one code in 900 is taken, and all eight in fewer than one of 10²³
/// calls.
const CODES_OFFERED: usize = 8;
/// The most nearby parties to search for: the time of a search grows with their number.
const NEARBY_MAX: usize = 200;
/// The largest distance on Earth, in kilometres.
const RADIUS_MAX_KM: f64 = 20_040.0;

/// The result of joining.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinOutcome {
    /// The party and the person's id in it.
    pub joined: PartyJoined,
    /// False if the person was already in it.
    pub is_new: bool,
}

/// A party to create.
#[derive(Clone, Debug, PartialEq)]
pub struct PartyPlan {
    /// The host's name; `Guest 0` without one.
    pub name: Option<ParticipantName>,
    /// Its location, rounded before it is stored.
    pub at: Coordinates,
    /// Whether people nearby can find it.
    pub listed: bool,
}

/// All parties of the cluster. Cheap to clone.
///
/// Each call is one atomic step in Redis. A person who creates or joins a party leaves their present one. A call that
/// failed with [`PartyError::Link`] may have taken effect, and can be retried.
#[derive(Clone)]
pub struct Parties {
    shared: Arc<Shared>,
}

struct Shared {
    store: PartyStore,
    chats: ChatStore,
    region: RegionCode,
    /// The prefix of the channels of parties' changes.
    changes: String,
    /// The most participants of a party.
    limit: u32,
    metrics: Metrics,
}

impl Parties {
    pub(crate) fn new(
        link: Link,
        keys: &Keys,
        region: RegionCode,
        limit: u32,
        metrics: Metrics,
    ) -> Self {
        let shared = Shared {
            changes: keys.party_changes(),
            chats: ChatStore::new(keys.party_chats()),
            store: PartyStore::new(link, keys),
            region,
            limit,
            metrics,
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Creates a party hosted by that person.
    ///
    /// # Errors
    /// [`PartyError::Link`].
    pub async fn create(
        &self,
        person: PersonId,
        plan: PartyPlan,
    ) -> Result<PartyCreated, PartyError> {
        let Shared { store, region, .. } = &*self.shared;
        let code = store
            .create(person, region.as_str(), &plan, &fresh_codes())
            .await?;
        let party_code = code.ok_or_else(|| unreadable("a free code"))?;
        self.shared.metrics.parties_created.inc();
        Ok(PartyCreated {
            party_code,
            participant_id: 0,
            region: region.clone(),
        })
    }

    /// Joins a party. Someone already in it stays, and takes the name if there is one.
    ///
    /// # Errors
    /// [`PartyError::Unknown`], [`PartyError::Full`], [`PartyError::Link`]. After the first two, the person remains in their
    /// present party.
    pub async fn join(
        &self,
        code: PartyCode,
        person: PersonId,
        name: Option<ParticipantName>,
    ) -> Result<JoinOutcome, PartyError> {
        let Shared { store, limit, .. } = &*self.shared;
        let (outcome, is_new) = store.join(code, person, name.as_ref(), *limit).await?;
        let participant_id = self.id(outcome)?;
        if is_new {
            self.shared.metrics.parties_joined.inc();
        }
        Ok(JoinOutcome {
            joined: PartyJoined {
                party_code: code,
                participant_id,
            },
            is_new,
        })
    }

    /// Renames a participant.
    ///
    /// # Errors
    /// [`PartyError::Unknown`], [`PartyError::NotIn`], [`PartyError::Link`].
    pub async fn rename(
        &self,
        code: PartyCode,
        person: PersonId,
        name: ParticipantName,
    ) -> Result<(), PartyError> {
        let outcome = self.shared.store.rename(code, person, &name).await?;
        self.id(outcome).map(drop)
    }

    /// Leaves a party. If the host leaves, the longest-standing participant who is online becomes host, or else the
    /// longest-standing one. The party ends when the last one leaves.
    ///
    /// # Errors
    /// [`PartyError::Unknown`], [`PartyError::NotIn`], [`PartyError::Link`]. The first two also if an
    /// earlier call took effect and its answer was lost.
    pub async fn leave(&self, code: PartyCode, person: PersonId) -> Result<(), PartyError> {
        let outcome = self.shared.store.leave(code, person).await?;
        self.id(outcome)?;
        self.shared.metrics.parties_left.inc();
        Ok(())
    }

    /// The party with that code.
    ///
    /// # Errors
    /// [`PartyError::Unknown`], [`PartyError::Link`].
    pub async fn show(&self, code: PartyCode) -> Result<Party, PartyError> {
        let found = self.look(&[code]).await?;
        found
            .into_iter()
            .flatten()
            .next()
            .ok_or(PartyError::Unknown)
    }

    /// The party that a person is in, and their id in it.
    ///
    /// # Errors
    /// [`PartyError::Link`].
    pub async fn of(&self, person: PersonId) -> Result<Option<PartyJoined>, PartyError> {
        Ok(self.shared.store.of(person).await?)
    }

    /// Listed parties within `radius_km`, closest first: up to `limit`, and never more than 200.
    ///
    /// Locations are those of [`Coordinates::rounded`]; parties at the same one come newest first. The search takes time
    /// for what it finds, not for how many parties there are. If thousands of locations are about equally near, it may end
    /// before it has found all.
    ///
    /// # Errors
    /// [`PartyError::Link`].
    pub async fn nearby(
        &self,
        from: Coordinates,
        radius_km: f64,
        limit: usize,
    ) -> Result<Vec<NearbyParty>, PartyError> {
        // NaN finds nothing.
        if limit == 0 || radius_km.is_nan() || radius_km < 0.0 {
            return Ok(Vec::new());
        }
        let (radius_km, limit) = (radius_km.min(RADIUS_MAX_KM), limit.min(NEARBY_MAX));
        Ok(self.shared.store.nearby(from, radius_km, limit).await?)
    }

    /// Ends some of the parties that have been idle for that long with nobody online; true if there may be more.
    pub(crate) async fn end_idle(&self, ttl: Duration) -> Result<bool, LinkError> {
        self.shared.store.end_idle(ttl).await
    }

    /// Whether somebody may name a code now. Those who share an address with somebody who tries codes may go on in the party
    /// they are in.
    ///
    /// # Errors
    /// [`PartyError::TooManyMisses`].
    pub async fn may_name(
        &self,
        misses: &dyn MissLimit,
        person: Option<PersonId>,
        code: PartyCode,
    ) -> Result<(), PartyError> {
        let Err(seconds) = misses.may_name() else {
            return Ok(());
        };
        let own = match person {
            Some(person) => self.of(person).await.ok().flatten(),
            None => None,
        };
        match own {
            Some(own) if own.party_code == code => Ok(()),
            _ => Err(PartyError::TooManyMisses(seconds)),
        }
    }

    /// Runs a call that names a party's code, and counts a miss if the party does not exist, so that nobody can find
    /// parties by trying codes. Someone who shares an address with such a caller can still use their present party.
    ///
    /// # Errors
    /// [`PartyError::TooManyMisses`], and those of the call.
    pub(super) async fn naming<T>(
        &self,
        viewer: &Viewer,
        code: PartyCode,
        call: impl Future<Output = Result<T, PartyError>>,
    ) -> Result<T, PartyError> {
        let Some(misses) = &viewer.misses else {
            return call.await;
        };
        self.may_name(misses.as_ref(), Some(viewer.person), code)
            .await?;
        let outcome = call.await;
        if matches!(outcome, Err(PartyError::Unknown)) {
            misses.missed();
        }
        outcome
    }

    /// Reads these parties, in this order; `None` for unknown codes.
    pub(super) async fn look(&self, codes: &[PartyCode]) -> Result<Vec<Option<Party>>, LinkError> {
        self.shared.store.show(codes, self.shared.limit).await
    }

    pub(super) fn store(&self) -> &PartyStore {
        &self.shared.store
    }

    pub(super) fn chats(&self) -> &ChatStore {
        &self.shared.chats
    }

    /// The channel that announces changes of a party.
    pub(super) fn party_channel(&self, code: PartyCode) -> String {
        format!("{}{code}", self.shared.changes)
    }

    /// The channel that announces messages of a party's chat.
    pub(super) fn chat_channel(&self, code: PartyCode) -> String {
        self.shared.chats.channel(code)
    }

    /// The participant's id, or the error.
    pub(super) fn id(&self, outcome: PartyOutcome) -> Result<u32, PartyError> {
        match outcome {
            PartyOutcome::Done(id) => Ok(id),
            PartyOutcome::Unknown => Err(PartyError::Unknown),
            PartyOutcome::NotIn => Err(PartyError::NotIn),
            PartyOutcome::KeyReused => Err(PartyError::KeyReused),
            PartyOutcome::Full => Err(PartyError::Full {
                limit: self.shared.limit,
            }),
        }
    }
}

/// Random codes, so that no code reveals others.
fn fresh_codes() -> Vec<PartyCode> {
    let mut rng = rand::rng();
    (0..CODES_OFFERED)
        .filter_map(|_| PartyCode::of_number(rng.random_range(CODE_MIN..=CODE_MAX)))
        .collect()
}
