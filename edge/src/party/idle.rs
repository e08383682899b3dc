//! Ends parties that nobody uses any longer.

use super::Parties;
use super::handle::party_script;
use crate::redis::{LinkError, Script, as_ms};
use std::sync::LazyLock;

/// Parties ended in one call: a script blocks all of Redis, and each party may have many participants.
const PARTIES_MAX: usize = 50;

static EXPIRE: LazyLock<Script> = party_script!("membership.lua", "expire.lua");

impl Parties {
    /// How long an idle party lasts, in milliseconds.
    pub(crate) fn idle_ms(&self) -> u64 {
        as_ms(self.shared.limits.ttl)
    }

    /// Ends some of the parties that have been idle for that long with nobody online; true if there may be more.
    pub(crate) async fn end_idle(&self) -> Result<bool, LinkError> {
        self.call(&EXPIRE, |call| {
            call.arg(self.idle_ms()).arg(PARTIES_MAX);
        })
        .await
    }
}
