//! Polls: their page, the form that asks, and what makes them documents over REST.

mod page;

use crate::documents::{self, CreateOffered, Offered};
use crate::error::HttpError;
use crate::state::AppState;
use crate::visitor::Visitor;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use axum::routing::get;
use protocol::{Ballot, Create, NewPoll, Poll, PollChange, PollCode, Problem};
use utoipa_axum::router::OpenApiRouter;

/// The pages, forms and calls of polls.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .route("/poll", get(page::show_form).post(page::ask))
        .route("/poll/{key}", get(page::show_poll))
        .layer(DefaultBodyLimit::max(documents::BODY_MAX_BYTES))
        .merge(documents::routes::<Poll>())
        .merge(documents::creating::<Poll>())
}

impl Offered for Poll {
    const NOUN: &'static str = "a poll";
    const KEY: &'static str = "k7m2q9xwtb";

    fn example_change() -> PollChange {
        PollChange::Vote(1)
    }

    fn example() -> Option<(Self, Ballot)> {
        Self::create(Self::example_new()).ok()
    }

    async fn refused(
        state: &AppState,
        visitor: &Visitor,
        code: PollCode,
        problem: Problem,
    ) -> Result<Response, HttpError> {
        page::poll(state, visitor, code, Some(problem)).await
    }
}

impl CreateOffered for Poll {
    fn example_new() -> NewPoll {
        NewPoll {
            question: "When do we fly?".into(),
            options: ["At dawn", "At dusk"].map(String::from).into(),
        }
    }
}
