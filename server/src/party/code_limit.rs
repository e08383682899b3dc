//! Limits guessing of party codes: an address or a network that names too many unknown ones may name none for a while.
//!
//! See [`edge::Parties::may_name`], which the live socket asks as well.

use super::PartyRefusal;
use edge::PersonId;
use protocol::PartyCode;
use web::AppState;
use web::rate::Address;

/// Runs a call that names a party's code, unless its address has guessed too many, and counts a miss.
///
/// People who share the address with a guesser can go on in the party they are in.
pub(crate) async fn naming<T, E: Into<PartyRefusal>>(
    state: &AppState,
    (address, person): (&Address, Option<PersonId>),
    code: PartyCode,
    call: impl Future<Output = Result<T, E>>,
) -> Result<T, PartyRefusal> {
    let parties = state.engine.parties();
    parties.may_name(address, person, code).await?;
    let answer = call.await.map_err(Into::into);
    if answer.as_ref().is_err_and(PartyRefusal::is_unknown) {
        parties.missed(address);
    }
    answer
}
