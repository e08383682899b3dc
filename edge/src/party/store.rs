//! Calls the scripts of the parties.

use super::cell::Cell;
use super::state::{self, Stored, StoredNearby};
use crate::PersonId;
use crate::redis::{Keys, Link, LinkError, unreadable};
use protocol::{Coordinates, NearbyParty, ParticipantName, Party, PartyCode, PartyJoined};
use redis::{FromRedisValue, ScriptInvocation};
use tracing::error;

/// What scripts answer in place of a participant's id; `prelude.lua` names them.
const UNKNOWN: i64 = -1;
const NOT_IN: i64 = -2;
const FULL: i64 = -3;
const KEY_REUSED: i64 = -4;
/// Kilometres to a radian on the sphere of [`Coordinates::distance_km`].
const RADIAN_KM: f64 = 6_371.008_8;
/// What is searched is larger by this, in radians: half a metre, far above what rounding takes away.
const MARGIN: f64 = 1e-7;
/// Branches that one search looks into. Two thousand take some ten milliseconds; a search that has found most of
/// what it should takes tens.
const LOOKS_MAX: usize = 2_000;

/// A script of the parties, with the prelude before it.
pub(super) struct Script(redis::Script);

impl Script {
    /// One that only looks, or changes a party without anyone leaving.
    pub(super) fn new(body: &str) -> Self {
        let prelude = include_str!("prelude.lua");
        Self(redis::Script::new(&format!("{prelude}\n{body}")))
    }

    /// One in which people may leave and parties end.
    pub(super) fn with_membership(body: &str) -> Self {
        Self::new(&format!("{}\n{body}", include_str!("membership.lua")))
    }
}

/// The scripts that [`Store`]'s own methods call.
struct Scripts {
    create: Script,
    join: Script,
    rename: Script,
    leave: Script,
    show: Script,
    of: Script,
    nearby: Script,
}

/// Reads and changes parties in Redis.
pub(super) struct Store {
    link: Link,
    keys: Vec<String>,
    changes: String,
    scripts: Scripts,
}

/// What a script answered that concerns one participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Done; the participant's id.
    Done(u32),
    /// There is no such party.
    Unknown,
    /// The person is not in it.
    NotIn,
    /// It has no room.
    Full,
    /// The idempotency key was used for another message.
    KeyReused,
}

impl Store {
    pub(super) fn new(link: Link, keys: &Keys) -> Self {
        Self {
            link,
            keys: keys.party_all(),
            changes: keys.party_changes(),
            scripts: Scripts {
                create: Script::with_membership(include_str!("create.lua")),
                join: Script::with_membership(include_str!("join.lua")),
                rename: Script::new(include_str!("rename.lua")),
                leave: Script::with_membership(include_str!("leave.lua")),
                show: Script::new(include_str!("show.lua")),
                of: Script::new(include_str!("of.lua")),
                nearby: Script::new(concat!(
                    include_str!("near.lua"),
                    "\n",
                    include_str!("nearby.lua")
                )),
            },
        }
    }

    pub(super) fn link(&self) -> &Link {
        &self.link
    }

    /// Runs a script with the keys and the argument that the prelude names, then the script's own.
    pub(super) async fn call<T: FromRedisValue>(
        &self,
        script: &Script,
        more: impl FnOnce(&mut ScriptInvocation<'_>),
    ) -> Result<T, LinkError> {
        let mut invocation = script.0.prepare_invoke();
        for key in &self.keys {
            invocation.key(key);
        }
        invocation.arg(&self.changes);
        more(&mut invocation);
        self.link.call(&invocation).await
    }

    /// Creates a party under the first of these codes that is free; nothing where none is.
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

    /// Joins; whether the person is new there comes with the id.
    pub(super) async fn join(
        &self,
        code: PartyCode,
        person: PersonId,
        name: Option<&ParticipantName>,
        limit: u32,
    ) -> Result<(Outcome, bool), LinkError> {
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
    ) -> Result<Outcome, LinkError> {
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
    ) -> Result<Outcome, LinkError> {
        let id = self
            .call(&self.scripts.leave, |call| {
                call.arg(code.to_string()).arg(person.member());
            })
            .await?;
        outcome(id)
    }

    /// These parties, in this order; nothing where there is none of that code.
    pub(super) async fn show(
        &self,
        codes: &[PartyCode],
        limit: u32,
    ) -> Result<Vec<Option<Party>>, LinkError> {
        let found: Vec<Stored> = self
            .call(&self.scripts.show, |call| {
                for code in codes {
                    call.arg(code.to_string());
                }
            })
            .await?;
        let read = |(code, stored): (&PartyCode, &Stored)| {
            let party = state::party(*code, stored, limit);
            if party.is_none() && !stored.0.is_empty() {
                // It must not keep others from being read.
                error!(party.id = %code, "Party {code} cannot be read; is another version running?");
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

    /// Listed parties around a place; the limit is at least 1, the radius not negative.
    pub(super) async fn nearby(
        &self,
        from: Coordinates,
        radius_km: f64,
        limit: usize,
    ) -> Result<Vec<NearbyParty>, LinkError> {
        // Half of a great circle is the farthest there is: its cosine is -1, and nothing is less near.
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

/// A name as scripts take it.
fn name_or_none(name: Option<&ParticipantName>) -> &str {
    name.map_or("", ParticipantName::as_str)
}

pub(super) fn outcome(id: i64) -> Result<Outcome, LinkError> {
    match id {
        UNKNOWN => Ok(Outcome::Unknown),
        NOT_IN => Ok(Outcome::NotIn),
        FULL => Ok(Outcome::Full),
        KEY_REUSED => Ok(Outcome::KeyReused),
        id => match u32::try_from(id) {
            Ok(id) => Ok(Outcome::Done(id)),
            Err(_) => Err(unreadable("a participant's id")),
        },
    }
}
