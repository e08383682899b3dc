//! The handle to parties.

use super::cell::Cell;
use super::misses::Misses;
use super::state::{self, StoredParty};
use super::timings::Timings;
use super::{PartyError, PartyLimits, PartyMetrics};
use crate::PersonId;
use crate::redis::{Call, Keys, Link, LinkError, Script, unreadable};
use protocol::{
    CODE_MAX, CODE_MIN, Coordinates, ParticipantName, Party, PartyCode, PartyCreated, PartyJoined,
    RegionCode,
};
use rand::RngExt;
use redis::FromRedisValue;
use std::sync::{Arc, LazyLock};
use tracing::error;

/// Codes that one call offers: with a million parties one code in 900 is taken, and all eight in fewer than one of 10²³
/// calls.
const CODES_OFFERED: usize = 8;
/// What scripts return instead of a participant's id; named in `prelude.lua`.
const UNKNOWN: i64 = -1;
const NOT_IN: i64 = -2;
const FULL: i64 = -3;
const KEY_REUSED: i64 = -4;

/// A script of the parties, built when it is first called.
macro_rules! party_script {
    ($($file:literal),+) => {
        LazyLock::new(|| crate::redis::script!("../redis/time.lua", "prelude.lua", $($file),+))
    };
}
pub(super) use party_script;

static CREATE: LazyLock<Script> = party_script!("membership.lua", "create.lua");
static JOIN: LazyLock<Script> = party_script!("membership.lua", "join.lua");
static RENAME: LazyLock<Script> = party_script!("membership.lua", "rename.lua");
static LEAVE: LazyLock<Script> = party_script!("membership.lua", "leave.lua");
static SHOW: LazyLock<Script> = party_script!("show.lua");
static OF: LazyLock<Script> = party_script!("of.lua");

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
    /// The host's name; `Guest 1` without one.
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
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) link: Link,
    pub(super) keys: Keys,
    region: RegionCode,
    pub(super) limits: PartyLimits,
    pub(super) misses: Misses,
    pub(super) timings: Timings,
    metrics: PartyMetrics,
}

impl Parties {
    pub(crate) fn new(
        link: Link,
        keys: Keys,
        region: RegionCode,
        limits: PartyLimits,
        metrics: PartyMetrics,
    ) -> Self {
        let shared = Shared {
            link,
            keys,
            region,
            limits,
            misses: Misses::default(),
            timings: Timings::default(),
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
        let region = &self.shared.region;
        let cell = Cell::of(plan.at);
        let code: String = self
            .call(&CREATE, |call| {
                call.confirm();
                call.arg(person.member())
                    .arg(plan.name.as_ref().map_or("", ParticipantName::as_str))
                    .arg(region.as_str())
                    .arg(cell.name())
                    .arg(u8::from(plan.listed))
                    .arg(cell.number());
                // Random, so that no code reveals others.
                let mut rng = rand::rng();
                let numbers = (0..CODES_OFFERED).map(|_| rng.random_range(CODE_MIN..=CODE_MAX));
                for code in numbers.filter_map(PartyCode::of_number) {
                    call.arg(code.to_string());
                }
            })
            .await?;
        let party_code = PartyCode::parse(&code).map_err(|_| unreadable("a free code"))?;
        self.shared.metrics.created.inc();
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
        let (id, is_new) = self
            .call(&JOIN, |call| {
                call.confirm();
                call.arg(code.to_string())
                    .arg(person.member())
                    .arg(name.as_ref().map_or("", ParticipantName::as_str))
                    .arg(self.shared.limits.participants);
            })
            .await?;
        let participant_id = self.participant(id)?;
        if is_new {
            self.shared.metrics.joined.inc();
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
        let id = self
            .call(&RENAME, |call| {
                call.confirm();
                call.arg(code.to_string())
                    .arg(person.member())
                    .arg(name.as_str());
            })
            .await?;
        self.participant(id).map(drop)
    }

    /// Leaves a party. If the host leaves, the longest-standing participant who is online becomes host, or else the
    /// longest-standing one. The party ends when the last one leaves.
    ///
    /// # Errors
    /// [`PartyError::Unknown`], [`PartyError::NotIn`], [`PartyError::Link`]. The first two also if an
    /// earlier call took effect and its answer was lost.
    pub async fn leave(&self, code: PartyCode, person: PersonId) -> Result<(), PartyError> {
        let id = self
            .call(&LEAVE, |call| {
                call.confirm();
                call.arg(code.to_string()).arg(person.member());
            })
            .await?;
        self.participant(id)?;
        self.shared.metrics.left.inc();
        Ok(())
    }

    /// The party with that code.
    ///
    /// # Errors
    /// [`PartyError::Unknown`], [`PartyError::Link`].
    pub async fn show(&self, code: PartyCode) -> Result<Party, PartyError> {
        let found = self.look(&[code]).await?.into_iter().flatten().next();
        found.ok_or(PartyError::Unknown)
    }

    /// The party that a person is in, and their id in it.
    ///
    /// # Errors
    /// [`PartyError::Link`].
    pub async fn of(&self, person: PersonId) -> Result<Option<PartyJoined>, PartyError> {
        let found: Vec<String> = self
            .call(&OF, |call| {
                call.arg(person.member());
            })
            .await?;
        let [code, id] = &found[..] else {
            return Ok(None);
        };
        match (PartyCode::parse(code), id.parse()) {
            (Ok(party_code), Ok(participant_id)) => Ok(Some(PartyJoined {
                party_code,
                participant_id,
            })),
            _ => Err(unreadable("a person's party").into()),
        }
    }

    /// Reads these parties, in this order; `None` for unknown codes.
    pub(super) async fn look(&self, codes: &[PartyCode]) -> Result<Vec<Option<Party>>, LinkError> {
        let found: Vec<StoredParty> = self
            .call(&SHOW, |call| {
                for code in codes {
                    call.arg(code.to_string());
                }
            })
            .await?;
        let read = |(code, stored): (&PartyCode, &StoredParty)| {
            let party = state::party(*code, stored, self.shared.limits.participants);
            if party.is_none() && !stored.0.is_empty() {
                // Skip it so that the others can be read.
                error!(party.id = %code, "Failed to parse party {code}; is another version running?");
            }
            party
        };
        Ok(codes.iter().zip(&found).map(read).collect())
    }

    /// Runs a script with the keys that the prelude names and the script's own arguments.
    pub(super) async fn call<T: FromRedisValue>(
        &self,
        script: &Script,
        more: impl FnOnce(&mut Call<'_>),
    ) -> Result<T, LinkError> {
        let mut invocation = script.prepare();
        for key in self.shared.keys.party_all() {
            invocation.key(key);
        }
        more(&mut invocation);
        self.shared.link.call(&invocation).await
    }

    /// The participant's id that a script returned, or why it refused.
    pub(super) fn participant(&self, id: i64) -> Result<u32, PartyError> {
        match id {
            UNKNOWN => Err(PartyError::Unknown),
            NOT_IN => Err(PartyError::NotIn),
            FULL => Err(PartyError::Full {
                limit: self.shared.limits.participants,
            }),
            KEY_REUSED => Err(PartyError::KeyReused),
            id => Ok(u32::try_from(id).map_err(|_| unreadable("a participant's id"))?),
        }
    }
}
