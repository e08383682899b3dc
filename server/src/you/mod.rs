//! What the site knows of a visitor, and how to be forgotten: a page without scripts, its form, and a call for programs.

mod devices;
mod forms;
mod page;

use axum::routing::get;
use edge::{PartyError, PersonId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::AppState;
use web::HttpError;
use web::rate::Address;

/// The page, its form and its call.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(devices::forget))
        .route("/you", get(page::show))
        .route("/you/forget", get(forms::to_page).post(forms::forget))
}

/// Gives up all that is a person's, then forgets them everywhere. Until that last step it can be tried again.
async fn forget_everywhere(
    state: &AppState,
    address: &Address,
    person: PersonId,
) -> Result<(), HttpError> {
    address.forgets.take_one().map_err(too_many)?;
    let engine = &state.engine;
    engine.mail().give_all_back(person).await?;
    let parties = engine.parties();
    if let Some(party) = parties.of(person).await? {
        match parties.leave(party.party_code, person).await {
            // Gone meanwhile.
            Err(PartyError::Unknown | PartyError::NotIn) => {}
            outcome => outcome?,
        }
    }
    let forgotten = engine.forgotten().add(person).await;
    forgotten.map_err(|error| HttpError::redis_away(&error))
}

fn too_many(seconds: u32) -> HttpError {
    let reason = "Too many visitors of this network were forgotten.";
    HttpError::too_many("too-many-forgotten", "Too many requests", seconds, reason)
}
