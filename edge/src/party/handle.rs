//! The handle through which everything uses parties.

use super::chat::ChatStore;
use super::store::{Outcome, Store};
use crate::hub::Viewer;
use crate::presence::{Guard, Presence};
use crate::redis::{Keys, Link, LinkError, unreadable};
use crate::world::Own;
use crate::{Metrics, PersonId};
use protocol::{
    CODE_MAX, CODE_MIN, Coordinates, NearbyParty, ParticipantName, Party, PartyCode, PartyCreated,
    PartyJoined, RegionCode,
};
use rand::RngExt;
use std::sync::Arc;
use tokio::sync::watch;

/// Codes that one call offers: with a million parties, one code in 900 is taken, and all of eight less than
/// once in 10²³ calls.
const CODES_OFFERED: usize = 8;
/// Most nearby parties that are looked for: the time of a search grows with their number.
const NEARBY_MAX: usize = 200;
/// No place on Earth is farther away, in kilometres.
const RADIUS_MAX_KM: f64 = 20_040.0;

/// Why a party cannot do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PartyError {
    /// There is no party of that code (any more).
    #[error("there is no such party")]
    Unknown,
    /// The person is not in that party (any more).
    #[error("that person is not in the party")]
    NotIn,
    /// It has as many participants as it may have.
    #[error("the party is full: it has {limit} participants")]
    Full {
        /// How many it may have.
        limit: u32,
    },
    /// The caller named too many codes of no party; they may name one again after so many seconds.
    #[error("too many codes of no party, for {0} s")]
    TooManyMisses(u32),
    /// The idempotency key was used for another message.
    #[error("the idempotency key was used for another message")]
    KeyReused,
    /// Redis did not answer; what was asked may have happened, and can be asked again.
    #[error(transparent)]
    Link(#[from] LinkError),
}

/// What became of joining.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joining {
    /// The party and the person's id in it.
    pub joined: PartyJoined,
    /// False where the person was in already.
    pub is_new: bool,
}

/// A party to be.
#[derive(Clone, Debug, PartialEq)]
pub struct PartyPlan {
    /// What its first participant is called; `Guest 0` where nothing is given.
    pub name: Option<ParticipantName>,
    /// Where it is; it is rounded before it is stored.
    pub at: Coordinates,
    /// Whether it is found among the nearby ones.
    pub listed: bool,
}

/// All parties of the cluster, from this instance. A cheap clone.
///
/// Each call is one atomic step in Redis; a person who creates or joins a party leaves the one they are in.
/// A call that failed with [`PartyError::Link`] may have taken effect, and can be made again.
#[derive(Clone)]
pub struct Parties {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    chats: ChatStore,
    /// This instance's name.
    instance: String,
    region: RegionCode,
    /// Who attends parties on this instance.
    attending: Presence,
    /// Begins the names of the channels of parties' changes.
    changes: String,
    /// Counts how often Redis came back with an older state.
    resets: watch::Sender<u64>,
    /// How many participants a party may have.
    limit: u32,
    metrics: Metrics,
}

impl Parties {
    pub(crate) fn new(link: Link, keys: &Keys, own: Own, limit: u32, metrics: Metrics) -> Self {
        let shared = Shared {
            changes: keys.party_changes(),
            resets: watch::Sender::new(0),
            chats: ChatStore::new(keys.party_chats()),
            store: Store::new(link, keys),
            instance: own.instance,
            region: own.place.code,
            attending: Presence::default(),
            limit,
            metrics,
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Creates a party, led by that person.
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

    /// Joins a party; who is in already stays so, and takes the name where one is given.
    ///
    /// # Errors
    /// [`PartyError::Unknown`], [`PartyError::Full`], [`PartyError::Link`]. After the first two, the person is
    /// still where they were.
    pub async fn join(
        &self,
        code: PartyCode,
        person: PersonId,
        name: Option<ParticipantName>,
    ) -> Result<Joining, PartyError> {
        let Shared { store, limit, .. } = &*self.shared;
        let (outcome, is_new) = store.join(code, person, name.as_ref(), *limit).await?;
        let participant_id = self.id(outcome)?;
        if is_new {
            self.shared.metrics.parties_joined.inc();
        }
        Ok(Joining {
            joined: PartyJoined {
                party_code: code,
                participant_id,
            },
            is_new,
        })
    }

    /// Gives a participant another name.
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

    /// Leaves a party. If the leader left, the longest-standing participant who is online leads, else the
    /// longest-standing. The last one out ends the party.
    ///
    /// # Errors
    /// [`PartyError::Unknown`], [`PartyError::NotIn`], [`PartyError::Link`]. The first two also where an
    /// earlier call left, and its answer was lost.
    pub async fn leave(&self, code: PartyCode, person: PersonId) -> Result<(), PartyError> {
        let outcome = self.shared.store.leave(code, person).await?;
        self.id(outcome)?;
        self.shared.metrics.parties_left.inc();
        Ok(())
    }

    /// The party of that code.
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

    /// Listed parties within `radius_km`, at most `limit` of them and never more than 200, closest first.
    ///
    /// Places are those of [`Coordinates::rounded`]; where many parties share one, the newest come first. The
    /// search takes time for what it finds, not for how many parties there are; should thousands of places be
    /// as good as equally near, it may end before all are found.
    ///
    /// # Errors
    /// [`PartyError::Link`].
    pub async fn nearby(
        &self,
        from: Coordinates,
        radius_km: f64,
        limit: usize,
    ) -> Result<Vec<NearbyParty>, PartyError> {
        // What is no number finds nothing.
        if limit == 0 || radius_km.is_nan() || radius_km < 0.0 {
            return Ok(Vec::new());
        }
        let (radius_km, limit) = (radius_km.min(RADIUS_MAX_KM), limit.min(NEARBY_MAX));
        Ok(self.shared.store.nearby(from, radius_km, limit).await?)
    }

    /// A session's person is online until the guard is dropped, be they in a party or not.
    pub(crate) fn attend(&self, person: PersonId) -> Guard {
        self.shared.attending.join(person)
    }

    /// Runs a call that names a party's code, and counts a miss if there is no such party: nobody can find a party by
    /// trying codes. Those who share an address with somebody who tries go on in the party they are in.
    ///
    /// # Errors
    /// [`PartyError::TooManyMisses`], and those of the call.
    pub async fn naming<T>(
        &self,
        viewer: &Viewer,
        code: PartyCode,
        call: impl Future<Output = Result<T, PartyError>>,
    ) -> Result<T, PartyError> {
        let Some(misses) = &viewer.misses else {
            return call.await;
        };
        if let Err(seconds) = misses.may_name() {
            let own = self.of(viewer.person).await;
            if !matches!(own, Ok(Some(own)) if own.party_code == code) {
                return Err(PartyError::TooManyMisses(seconds));
            }
        }
        let outcome = call.await;
        if matches!(outcome, Err(PartyError::Unknown)) {
            misses.missed();
        }
        outcome
    }

    /// These parties, in this order; nothing where there is none of that code.
    pub(super) async fn look(&self, codes: &[PartyCode]) -> Result<Vec<Option<Party>>, LinkError> {
        self.shared.store.show(codes, self.shared.limit).await
    }

    pub(super) fn store(&self) -> &Store {
        &self.shared.store
    }

    pub(super) fn chats(&self) -> &ChatStore {
        &self.shared.chats
    }

    pub(super) fn instance(&self) -> &str {
        &self.shared.instance
    }

    pub(super) fn attending(&self) -> &Presence {
        &self.shared.attending
    }

    /// The channel that announces changes of a party.
    pub(super) fn party_channel(&self, code: PartyCode) -> String {
        format!("{}{code}", self.shared.changes)
    }

    /// The channel that announces messages of a party's chat.
    pub(super) fn chat_channel(&self, code: PartyCode) -> String {
        self.shared.chats.channel(code)
    }

    /// Counts how often Redis came back with an older state: every party may have changed.
    pub(super) fn resets(&self) -> watch::Receiver<u64> {
        self.shared.resets.subscribe()
    }

    /// Redis came back with an older state.
    pub(super) fn reset(&self) {
        self.shared.resets.send_modify(|count| *count += 1);
    }

    pub(super) fn id(&self, outcome: Outcome) -> Result<u32, PartyError> {
        match outcome {
            Outcome::Done(id) => Ok(id),
            Outcome::Unknown => Err(PartyError::Unknown),
            Outcome::NotIn => Err(PartyError::NotIn),
            Outcome::KeyReused => Err(PartyError::KeyReused),
            Outcome::Full => Err(PartyError::Full {
                limit: self.shared.limit,
            }),
        }
    }
}

/// Codes drawn at random, so that nobody can tell from one what others there are.
fn fresh_codes() -> Vec<PartyCode> {
    let mut rng = rand::rng();
    (0..CODES_OFFERED)
        .filter_map(|_| PartyCode::of_number(rng.random_range(CODE_MIN..=CODE_MAX)))
        .collect()
}
