//! Calls the scripts of the parties.

use super::cell::Cell;
use super::state::{self, StoredNearby, StoredParty};
use crate::PersonId;
use crate::redis::{Keys, Link, LinkError, as_ms, unreadable};
use protocol::{Coordinates, NearbyParty, ParticipantName, Party, PartyCode, PartyJoined};
use redis::{FromRedisValue, Script, ScriptInvocation};
use std::time::Duration;
use tracing::error;

/// What scripts return instead of a participant's id; named in `prelude.lua`.
const UNKNOWN: i64 = -1;
const NOT_IN: i64 = -2;
const FULL: i64 = -3;
const KEY_REUSED: i64 = -4;
/// Parties ended in one call: a script blocks all of Redis, and each party may have many participants.
const PARTIES_MAX: usize = 50;
/// Kilometres per radian on the sphere of [`Coordinates::distance_km`].
const RADIAN_KM: f64 = 6_371.008_8;
/// Added to the search radius, in radians: half a metre, far more than rounding errors.
const MARGIN: f64 = 1e-7;
/// The most branches that one search looks into. Two thousand take some ten milliseconds; typical searches need tens.
const LOOKS_MAX: usize = 2_000;

/// A script of the parties.
macro_rules! party_script {
    ($($file:literal),+) => {
        crate::redis::script!("../redis/time.lua", "prelude.lua", $($file),+)
    };
}
pub(super) use party_script;

/// The scripts that [`PartyStore`]'s own methods call.
struct Scripts {
    create: Script,
    join: Script,
    rename: Script,
    leave: Script,
    show: Script,
    of: Script,
    nearby: Script,
    expire: Script,
}

/// Reads and changes parties in Redis.
pub(super) struct PartyStore {
    link: Link,
    keys: [String; 2],
    scripts: Scripts,
}

/// The result of a script about one participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PartyOutcome {
    /// Success; the participant's id.
    Done(u32),
    /// The party does not exist.
    Unknown,
    /// The person is not in it.
    NotIn,
    /// The party is full.
    Full,
    /// The idempotency key was used for another message.
    KeyReused,
}

impl PartyStore {
    pub(super) fn new(link: Link, keys: &Keys) -> Self {
        Self {
            link,
            keys: keys.party_all(),
            scripts: Scripts {
                create: party_script!("membership.lua", "create.lua"),
                join: party_script!("membership.lua", "join.lua"),
                rename: party_script!("membership.lua", "rename.lua"),
                leave: party_script!("membership.lua", "leave.lua"),
                show: party_script!("show.lua"),
                of: party_script!("of.lua"),
                nearby: party_script!("near.lua", "nearby.lua"),
                expire: party_script!("membership.lua", "expire.lua"),
            },
        }
    }

    /// Runs a script with the keys that the prelude names and the script's own arguments.
    pub(super) async fn call<T: FromRedisValue>(
        &self,
        script: &Script,
        more: impl FnOnce(&mut ScriptInvocation<'_>),
    ) -> Result<T, LinkError> {
        let mut invocation = script.prepare_invoke();
        for key in &self.keys {
            invocation.key(key);
        }
        more(&mut invocation);
        self.link.call(&invocation).await
    }

    /// Creates a party with the first of these codes that is free; `None` if none is.
    pub(super) async fn create(
        &self,
        person: PersonId,
        region: &str,
        plan: &super::PartyPlan,
        codes: &[PartyCode],
    ) -> Result<Option<PartyCode>, LinkError> {
        let cell = Cell::of(plan.at);
        let code: String = self
            .call(&self.scripts.create, |call| {
                call.arg(person.member())
                    .arg(name_or_none(plan.name.as_ref()))
                    .arg(region)
                    .arg(cell.name())
                    .arg(u8::from(plan.listed))
                    .arg(cell.number());
                for code in codes {
                    call.arg(code.to_string());
                }
            })
            .await?;
        Ok(PartyCode::parse(&code).ok())
    }

    /// Joins; also returns whether the person is new there.
    pub(super) async fn join(
        &self,
        code: PartyCode,
        person: PersonId,
        name: Option<&ParticipantName>,
        limit: u32,
    ) -> Result<(PartyOutcome, bool), LinkError> {
        let (id, is_new): (i64, bool) = self
            .call(&self.scripts.join, |call| {
                call.arg(code.to_string())
                    .arg(person.member())
                    .arg(name_or_none(name))
                    .arg(limit);
            })
            .await?;
        Ok((outcome(id)?, is_new))
    }

    pub(super) async fn rename(
        &self,
        code: PartyCode,
        person: PersonId,
        name: &ParticipantName,
    ) -> Result<PartyOutcome, LinkError> {
        let id = self
            .call(&self.scripts.rename, |call| {
                call.arg(code.to_string())
                    .arg(person.member())
                    .arg(name.as_str());
            })
            .await?;
        outcome(id)
    }

    pub(super) async fn leave(
        &self,
        code: PartyCode,
        person: PersonId,
    ) -> Result<PartyOutcome, LinkError> {
        let id = self
            .call(&self.scripts.leave, |call| {
                call.arg(code.to_string()).arg(person.member());
            })
            .await?;
        outcome(id)
    }

    /// Reads these parties, in this order; `None` for unknown codes.
    pub(super) async fn show(
        &self,
        codes: &[PartyCode],
        limit: u32,
    ) -> Result<Vec<Option<Party>>, LinkError> {
        let found: Vec<StoredParty> = self
            .call(&self.scripts.show, |call| {
                for code in codes {
                    call.arg(code.to_string());
                }
            })
            .await?;
        let read = |(code, stored): (&PartyCode, &StoredParty)| {
            let party = state::party(*code, stored, limit);
            if party.is_none() && !stored.0.is_empty() {
                // Skip it so that the others can be read.
                error!(party.id = %code, "Failed to parse party {code}; is another version running?");
            }
            party
        };
        Ok(codes.iter().zip(&found).map(read).collect())
    }

    pub(super) async fn of(&self, person: PersonId) -> Result<Option<PartyJoined>, LinkError> {
        let found: Vec<String> = self
            .call(&self.scripts.of, |call| {
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
            _ => Err(unreadable("a person's party")),
        }
    }

    /// Ends some of the parties that have been idle for that long; true if there may be more.
    pub(super) async fn end_idle(&self, ttl: Duration) -> Result<bool, LinkError> {
        self.call(&self.scripts.expire, |call| {
            call.arg(as_ms(ttl)).arg(PARTIES_MAX);
        })
        .await
    }

    /// Searches listed parties around a place; the limit is at least 1, the radius not negative.
    pub(super) async fn nearby(
        &self,
        from: Coordinates,
        radius_km: f64,
        limit: usize,
    ) -> Result<Vec<NearbyParty>, LinkError> {
        // Half a great circle is the largest distance; its cosine is -1.
        let reach = radius_km / RADIAN_KM + MARGIN;
        let least = if reach < std::f64::consts::PI {
            reach.cos()
        } else {
            -2.0
        };
        let found: Vec<StoredNearby> = self
            .call(&self.scripts.nearby, |call| {
                call.arg(from.lat() * 100.0)
                    .arg(from.lng() * 100.0)
                    .arg(limit)
                    .arg(least)
                    .arg(LOOKS_MAX);
            })
            .await?;
        Ok(state::nearby(found, from, radius_km, limit))
    }
}

/// A name as scripts expect it.
fn name_or_none(name: Option<&ParticipantName>) -> &str {
    name.map_or("", ParticipantName::as_str)
}

pub(super) fn outcome(id: i64) -> Result<PartyOutcome, LinkError> {
    match id {
        UNKNOWN => Ok(PartyOutcome::Unknown),
        NOT_IN => Ok(PartyOutcome::NotIn),
        FULL => Ok(PartyOutcome::Full),
        KEY_REUSED => Ok(PartyOutcome::KeyReused),
        id => match u32::try_from(id) {
            Ok(id) => Ok(PartyOutcome::Done(id)),
            Err(_) => Err(unreadable("a participant's id")),
        },
    }
}
