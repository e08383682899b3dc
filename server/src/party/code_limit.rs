//! What guards the codes of parties: whoever names too many that are no party's may name none for a while.

use crate::problem::HttpError;
use crate::rate::Address;
use crate::state::AppState;
use edge::PersonId;
use protocol::PartyCode;

/// Runs a call that names a party's code, where its address has not guessed too many, and counts a miss.
///
/// Those who share the address with a guesser go on in the party they are in: its code is no guess of theirs.
pub(crate) async fn naming<T, E: Into<HttpError>>(
    state: &AppState,
    (address, person): (&Address, Option<PersonId>),
    code: PartyCode,
    call: impl Future<Output = Result<T, E>>,
) -> Result<T, HttpError> {
    if let Err(refused) = address.may_name_party()
        && !is_in(state, person, code).await
    {
        return Err(refused);
    }
    let answer = call.await.map_err(Into::into);
    if matches!(answer, Err(HttpError::UnknownParty)) {
        address.missed_party();
    }
    answer
}

/// Whether a person is in that party, as far as it can be known now.
async fn is_in(state: &AppState, person: Option<PersonId>, code: PartyCode) -> bool {
    match person {
        Some(person) => {
            let own = state.engine.parties().of(person).await;
            matches!(own, Ok(Some(own)) if own.party_code == code)
        }
        None => false,
    }
}
