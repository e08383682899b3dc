//! Parties: small groups of people of any region, led by one of them.

use crate::PersonId;
use crate::redis::LinkError;
use protocol::{
    Coordinates, NearbyParty, ParticipantName, Party, PartyCode, PartyCreated, PartyJoined,
};

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
#[derive(Clone)]
pub struct Parties;

impl Parties {
    /// Creates a party, led by that person.
    ///
    /// # Errors
    /// [`PartyError::Link`].
    pub async fn create(
        &self,
        person: PersonId,
        plan: PartyPlan,
    ) -> Result<PartyCreated, PartyError> {
        let _ = (person, plan);
        Err(LinkError::Away.into())
    }

    /// Joins a party; who is in already stays so, and takes the name where one is given.
    ///
    /// # Errors
    /// [`PartyError::Unknown`], [`PartyError::Full`], [`PartyError::Link`].
    pub async fn join(
        &self,
        code: PartyCode,
        person: PersonId,
        name: Option<ParticipantName>,
    ) -> Result<Joining, PartyError> {
        let _ = (code, person, name);
        Err(LinkError::Away.into())
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
        let _ = (code, person, name);
        Err(LinkError::Away.into())
    }

    /// Leaves a party. If the leader left, the longest-standing participant who is online leads, else the
    /// longest-standing. The last one out ends the party.
    ///
    /// # Errors
    /// [`PartyError::Unknown`], [`PartyError::NotIn`], [`PartyError::Link`].
    pub async fn leave(&self, code: PartyCode, person: PersonId) -> Result<(), PartyError> {
        let _ = (code, person);
        Err(LinkError::Away.into())
    }

    /// The party of that code.
    ///
    /// # Errors
    /// [`PartyError::Unknown`], [`PartyError::Link`].
    pub async fn show(&self, code: PartyCode) -> Result<Party, PartyError> {
        let _ = code;
        Err(LinkError::Away.into())
    }

    /// The party that a person is in, and their id in it.
    ///
    /// # Errors
    /// [`PartyError::Link`].
    pub async fn of(&self, person: PersonId) -> Result<Option<PartyJoined>, PartyError> {
        let _ = person;
        Err(LinkError::Away.into())
    }

    /// Listed parties within `radius_km`, at most `limit` of them, closest first.
    ///
    /// # Errors
    /// [`PartyError::Link`].
    pub async fn nearby(
        &self,
        from: Coordinates,
        radius_km: f64,
        limit: usize,
    ) -> Result<Vec<NearbyParty>, PartyError> {
        let _ = (from, radius_km, limit);
        Err(LinkError::Away.into())
    }
}
