//! Polls: their page, the form that asks, and what makes them documents over REST.

mod page;

use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use axum::routing::get;
use protocol::{Ballot, Create, NewPoll, Poll, PollChange, PollCode, Problem};
use utoipa_axum::router::OpenApiRouter;
use web::AppState;
use web::HttpError;
use web::documents::{self, CreateOffered, Offered};
use web::visitor::Visitor;

/// The pages of polls, and the form that asks.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .route("/poll", get(page::show_form).post(page::ask))
        .route("/poll/{key}", get(page::show_poll))
        .layer(DefaultBodyLimit::max(documents::BODY_MAX_BYTES))
}

/// What cannot be derived of polls.
pub(crate) struct Polls;

impl Offered for Polls {
    type Document = Poll;

    const NOUN: &'static str = "a poll";
    const ABOUT: &'static str = "A question, a few options, and one vote a person.";
    const KEY: &'static str = "k7m2q9xwtb";

    fn example_change() -> PollChange {
        PollChange::Vote(1)
    }

    fn example() -> Option<(Poll, Ballot)> {
        Poll::create(Self::example_new()).ok()
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

impl CreateOffered for Polls {
    fn example_new() -> NewPoll {
        NewPoll {
            question: "When do we fly?".into(),
            options: ["At dawn", "At dusk"].map(String::from).into(),
        }
    }
}
