//! Mail: REST calls, export, and pages with their forms.

mod addresses;
mod auth;
pub(crate) use auth::bearer;
mod blocks;
mod export;
pub(crate) use export::{LETTERS_AT_ONCE, as_lines};
mod forms;
mod messages;
mod page;
mod parts;
mod problem;

use crate::messages::BODY_MAX_BYTES;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::{AppState, group};

/// The REST calls, pages and forms of mail.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    let with_messages = OpenApiRouter::new()
        .routes(routes!(messages::send, messages::list))
        .route("/mail/send", get(forms::to_mailbox).post(forms::send))
        .route(
            "/mail/{address}",
            get(page::show_conversation).post(forms::reply),
        )
        .layer(DefaultBodyLimit::max(BODY_MAX_BYTES));
    let about = "Messages between addresses in any region or cluster.";
    group("mail", about)
        .routes(routes!(addresses::claim))
        .routes(routes!(addresses::renew_token))
        .routes(routes!(addresses::give_back))
        .routes(routes!(export::export))
        .routes(routes!(blocks::list))
        .routes(routes!(blocks::block, blocks::unblock))
        .route("/mail", get(page::show_mail))
        .route("/mail/name", get(forms::to_mailbox).post(forms::claim))
        .route("/mail/blocks", get(forms::to_mailbox).post(blocks::submit))
        .route(
            "/mail/give-back",
            get(forms::to_mailbox).post(forms::give_back),
        )
        .route("/mail/conversations", get(parts::conversations))
        .route("/mail/{address}/letters", get(parts::letters))
        .route("/mail/{address}/seen", post(parts::seen))
        .merge(with_messages)
}
