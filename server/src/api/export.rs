//! Everything in a mailbox, for its owner to take away.

use super::query::Query;
use crate::headers::NO_STORE;
use crate::letters::{LETTERS_AT_ONCE, as_lines};
use crate::problem::HttpError;
use crate::proof::Reading;
use crate::state::AppState;
use axum::body::Body;
use axum::extract::State;
use axum::http::Uri;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use edge::Credentials;
use futures::stream;
use protocol::{Cursor, MailAddress};
use tracing::warn;

/// JSON values, one a line.
const NDJSON: &str = "application/x-ndjson";

/// A mailbox that is read page by page.
struct Reader {
    state: AppState,
    of: MailAddress,
    proof: Credentials,
    after: Option<Cursor>,
}

/// Exports a mailbox.
///
/// Everything that is in it, also what its owner wrote, oldest first: one message a line, with `is_own` where its
/// owner wrote it. Only for who has claimed the address. An answer that ends early breaks its connection off.
#[utoipa::path(
    get, path = "/api/messages/export", operation_id = "export_messages", tag = "mail",
    security(("mail_token" = [])),
    params(("address" = MailAddress, Query, description = "Whose mailbox.", example = "ord-wren")),
    responses((
        status = 200, description = "The messages, one a line.", body = String, content_type = "application/x-ndjson",
        headers(("Cache-Control" = String, description = "`no-store`")),
        example = json!("{\"is_own\":false,\"id\":\"6f1c0b52a9de4f7388e02d6b1c9a54f0\",\
            \"cursor\":\"1777660200000-0\",\"to\":\"ord-wren\",\"from\":\"fra-finch\",\"message\":\"Fancy a flight?\",\
            \"sent_at\":\"2026-05-01T18:30:00.000Z\",\"verified\":true}\n"),
    )),
)]
pub(super) async fn export(
    State(state): State<AppState>,
    Reading(proof): Reading,
    uri: Uri,
) -> Result<Response, HttpError> {
    let of = state
        .engine
        .mail()
        .resolve(Query::of(&uri).address("address")?)?;
    let name = format!("attachment; filename=\"{of}.jsonl\"");
    let mut reader = Reader {
        state,
        of,
        proof,
        after: None,
    };
    // The first page is read before the answer begins, so that a refusal is one; each next while one is sent.
    let first = reader.page().await?;
    let pages = stream::try_unfold((first, reader), async |(page, mut reader)| {
        let Some(page) = page else { return Ok(None) };
        let next: Option<Bytes> = reader.page().await?;
        Ok::<_, HttpError>(Some((page, (next, reader))))
    });
    let head = [
        (CONTENT_TYPE, NDJSON.to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    Ok((NO_STORE, head, Body::from_stream(pages)).into_response())
}

impl Reader {
    /// The next page; nothing after the last.
    async fn page(&mut self) -> Result<Option<Bytes>, HttpError> {
        let mail = self.state.engine.mail();
        let page = mail.letters(
            self.of.clone(),
            Some(&self.proof),
            self.after,
            LETTERS_AT_ONCE,
        );
        let letters = page.await?;
        let Some(last) = letters.last() else {
            return Ok(None);
        };
        self.after = Some(last.message.cursor);
        let lines = as_lines(&letters).map_err(|error| {
            warn!(%error, "A mailbox cannot be exported");
            HttpError::Internal
        })?;
        Ok(Some(lines.into()))
    }
}
