//! What participants have not seen of their party's chat.

use super::handle::party_script;
use super::{Parties, PartyError};
use crate::PersonId;
use crate::redis::{LinkError, Script};
use protocol::{Cursor, PartyCode};
use std::sync::LazyLock;

/// How many newer messages one call looks at: a page that is further behind than this has not shown the newest.
const NEWER_MAX: usize = 50;

static UNREAD: LazyLock<Script> = party_script!("unread.lua");
static SEEN: LazyLock<Script> = party_script!("seen.lua");

impl Parties {
    /// Notes that a participant has seen the chat up to that message.
    ///
    /// # Errors
    /// [`PartyError::NotIn`], also where there is no such party; [`PartyError::Link`].
    pub async fn mark_seen(
        &self,
        code: PartyCode,
        person: PersonId,
        newest: Cursor,
    ) -> Result<(), PartyError> {
        let id = self
            .call(&SEEN, |call| {
                // Nobody is told that it is done: it need not be on a replica.
                call.arg(code.to_string())
                    .arg(person.member())
                    .arg(newest.to_string())
                    .arg(NEWER_MAX);
            })
            .await?;
        self.participant(id).map(drop)
    }

    /// How many messages these persons have not seen.
    pub(super) async fn unread(&self, persons: &[PersonId]) -> Result<Vec<u32>, LinkError> {
        self.call(&UNREAD, |call| {
            for person in persons {
                call.arg(person.member());
            }
        })
        .await
    }
}
