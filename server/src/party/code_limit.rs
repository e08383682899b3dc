//! Limits guessing of party codes: an address that names too many unknown ones may name none for a while.

use super::PartyRefusal;
use crate::rate::Address;
use crate::state::AppState;
use edge::{PartyError, PersonId};
use protocol::PartyCode;

/// Runs a call that names a party's code, unless its address has guessed too many, and counts a miss.
///
/// People who share the address with a guesser can go on in the party they are in.
pub(crate) async fn naming<T, E: Into<PartyRefusal>>(
    state: &AppState,
    (address, person): (&Address, Option<PersonId>),
    code: PartyCode,
    call: impl Future<Output = Result<T, E>>,
) -> Result<T, PartyRefusal> {
    if let Err(seconds) = address.party_misses.has_one()
        && !is_in(state, person, code).await
    {
        return Err(PartyError::TooManyMisses(seconds).into());
    }
    let answer = call.await.map_err(Into::into);
    if answer.as_ref().is_err_and(PartyRefusal::is_unknown) {
        address.party_misses.owe_one();
    }
    answer
}

/// Whether a person is in that party, as far as it can be known now.
async fn is_in(state: &AppState, person: Option<PersonId>, code: PartyCode) -> bool {
    let Some(person) = person else { return false };
    let own = state.engine.parties().of(person).await;
    matches!(own, Ok(Some(own)) if own.party_code == code)
}
