//! Numbers of players that visitors take.
//!
//! Redis counts how many were given, and each instance remembers the count that it was last told. Since all points are
//! random, consecutive numbers are as good as any.

use super::store::{draw_script, number};
use super::{Draw, DrawError, GiveError};
use crate::redis::Script;
use protocol::PlayerPoints;
use std::sync::LazyLock;

static GIVE: LazyLock<Script> = draw_script!("give.lua");

impl Draw {
    /// The points of a player for the visitor who has their number, and whether they could be drawn.
    ///
    /// Nobody else is told that: it is a bit of the secret minimum.
    ///
    /// # Errors
    /// [`DrawError`].
    pub fn own_player(&self, id: u64) -> Result<PlayerPoints, DrawError> {
        self.round()?.own_player(id)
    }

    /// Gives away a player's number: the next one in all regions, and from 1 again once all players' are given.
    ///
    /// If Redis loses how many were given, it goes on from what the instances remember. So a number may come twice then, as
    /// it does after all were given.
    ///
    /// # Errors
    /// [`GiveError`]: a number may have been given that nobody has.
    pub async fn give_number(&self) -> Result<u32, GiveError> {
        let players = self.round()?.head().players;
        let known = self.known().given;
        let given: String = self
            .call(&GIVE, |call| {
                call.confirm();
                call.arg(known);
            })
            .await?;
        let given = number(&given)?;
        self.note_given(given);
        Ok(wrapped(given, players))
    }
}

/// The number that comes as that one, from 1, of this many players.
fn wrapped(given: u64, players: u32) -> u32 {
    let beyond = given.saturating_sub(1) % u64::from(players.max(1));
    // Less than the number of players.
    u32::try_from(beyond + 1).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_again_after_the_last_player() {
        let of_three = [1, 2, 3, 4, 6, 7].map(|given| wrapped(given, 3));

        assert_eq!(of_three, [1, 2, 3, 1, 3, 1]);
        assert_eq!(wrapped(u64::MAX, 1), 1);
        assert_eq!(wrapped(u64::from(u32::MAX), u32::MAX), u32::MAX);
    }
}
