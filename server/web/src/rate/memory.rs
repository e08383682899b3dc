//! What visitors leave behind in Redis, bounded by network and day.
//!
//! An instance gathers what the visitors of a network leave behind, and reports it once it is a block, without anybody
//! waiting: clicks wait for no call. What was reported last decides whether they may leave more. So a network may exceed its
//! budget, by what it does in the time of a call and by a block at each instance.
//!
//! Costs are about what Redis needs, with its own overhead. An address counts for each day that a claim may last, so that all
//! of a network's claims together take no more than what it may spend in two days. `docs/operations.md` has the sums.

use super::Address;
use crate::error::HttpError;
use crate::state::AppState;
use edge::LinkError;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many bytes an instance gathers before it reports them.
const BLOCK: u64 = 64 << 10;
/// The number of a session's newest click.
pub const SESSION: u64 = 256;
/// The idempotency key of a click.
pub const CLICK_KEY: u64 = 256;
/// The first change that a session or an idempotency key makes to a document: its number, and the person's own part.
pub const CHANGE: u64 = 256;
/// A document: what one request may say of it, its maker's list and an idempotency key.
pub const DOCUMENT: u64 = 6_144;
/// A party with its first participant.
pub const PARTY: u64 = 2_048;
/// A participant, or their new name.
pub const PARTICIPANT: u64 = 768;
/// A mail address: some 330 bytes for each of up to 400 days.
pub const CLAIM: u64 = 128 << 10;
/// What a chat message takes besides its text: its idempotency key among others.
const CHAT_MESSAGE: u64 = 512;
/// What a letter takes besides its text where it is the only one of its mailbox.
const LETTER: u64 = 5_120;

/// What a chat message costs.
pub fn chat_message(text: &str) -> u64 {
    CHAT_MESSAGE + text.len() as u64
}

/// What a letter costs, in the mailboxes of its recipient and of its sender.
pub fn letter(text: &str) -> u64 {
    LETTER + 2 * text.len() as u64
}

/// Lets a visitor leave so many bytes behind.
///
/// # Errors
/// A problem that says in how long their network may leave more.
pub fn leave(state: &AppState, address: &Address, bytes: u64) -> Result<(), HttpError> {
    let network = &address.network;
    let due = network.memory.leave(bytes, Instant::now());
    let due = due.map_err(too_much)?;
    // Before the key is known, nobody can do anything.
    if let Some((due, keys)) = due.zip(state.known_keys()) {
        let id = address.network_id(&keys);
        let (network, budgets) = (Arc::clone(network), state.engine.networks().clone());
        state.tasks.spawn(async move {
            let outcome = budgets.spend(id, due).await;
            network.memory.settle(due, outcome, Instant::now());
        });
    }
    Ok(())
}

fn too_much(seconds: u32) -> HttpError {
    HttpError::too_many(
        "too-much-stored",
        "Your network has stored too much",
        seconds,
        "What is stored for all who share your network has a limit for each day.",
    )
}

/// What a network left behind, as far as this instance knows.
#[derive(Default)]
pub(super) struct Memory(Mutex<State>);

#[derive(Default)]
struct State {
    unreported: u64,
    is_reporting: bool,
    /// When it may leave more, if its budget is used up.
    full_until: Option<Instant>,
}

impl Memory {
    /// Counts bytes that are left behind. Returns those to report now, if any.
    ///
    /// # Errors
    /// The seconds until more may be left.
    fn leave(&self, bytes: u64, now: Instant) -> Result<Option<u64>, u32> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(until) = state.full_until.filter(|until| *until > now) {
            let seconds = until.saturating_duration_since(now).as_secs() + 1;
            return Err(u32::try_from(seconds).unwrap_or(u32::MAX));
        }
        state.unreported = state.unreported.saturating_add(bytes);
        if state.is_reporting || state.unreported < BLOCK {
            return Ok(None);
        }
        state.is_reporting = true;
        Ok(Some(std::mem::take(&mut state.unreported)))
    }

    /// Takes the outcome of a report.
    fn settle(&self, bytes: u64, outcome: Result<Option<Duration>, LinkError>, now: Instant) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.is_reporting = false;
        match outcome {
            Ok(wait) => state.full_until = wait.map(|wait| now + wait),
            // While Redis is away nothing is left there; what waits to be is bounded elsewhere.
            Err(_) => state.unreported = state.unreported.saturating_add(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_behind_is_reported_in_blocks_one_at_a_time() {
        let (memory, now) = (Memory::default(), Instant::now());

        assert_eq!(memory.leave(BLOCK - 1, now), Ok(None));
        assert_eq!(memory.leave(1, now), Ok(Some(BLOCK)));
        assert_eq!(memory.leave(BLOCK, now), Ok(None), "one is under way");
        memory.settle(BLOCK, Err(LinkError::Away), now);
        assert_eq!(memory.leave(5, now), Ok(Some(2 * BLOCK + 5)), "again");
        memory.settle(2 * BLOCK + 5, Ok(None), now);

        assert_eq!(memory.leave(5, now), Ok(None));
    }

    #[test]
    fn a_network_whose_budget_is_used_up_waits_for_the_next_day() {
        let (memory, now) = (Memory::default(), Instant::now());
        let minute = Duration::from_secs(60);

        memory.leave(BLOCK, now).unwrap();
        memory.settle(BLOCK, Ok(Some(minute)), now);

        assert_eq!(memory.leave(1, now), Err(61));
        assert_eq!(memory.leave(1, now + minute), Ok(None));
    }
}
