//! Polls: their page, the form that asks, and what makes them documents over REST.

mod page;

use crate::documents::{self, CreateOffered, Offered};
use crate::error::HttpError;
use crate::state::AppState;
use crate::visitor::Visitor;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use axum::routing::get;
use page::PollPage;
use protocol::{Ballot, NewPoll, Poll, PollChange, PollCode, PollOption, Problem};
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
    const TAG: &'static str = "polls";
    const KEY: &'static str = "k7m2q9xwtb";

    fn example() -> (Self, Ballot, PollChange) {
        let option = |text: &str, votes| PollOption {
            text: text.into(),
            votes,
        };
        let poll = Self {
            question: "When do we fly?".into(),
            options: vec![option("At dawn", 2), option("At dusk", 5)],
            is_closed: false,
        };
        let ballot = Ballot {
            vote: Some(1),
            is_maker: false,
        };
        (poll, ballot, PollChange::Vote(1))
    }

    async fn refused(
        state: &AppState,
        visitor: &Visitor,
        code: PollCode,
        problem: Problem,
    ) -> Result<Response, HttpError> {
        let page = PollPage {
            code: Some(code),
            problem: Some(problem),
            ..PollPage::default()
        };
        page.respond(state, visitor).await
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
