//! Exports a mailbox as JSON lines, for its owner or by the operator's command.

use super::auth::Reading;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use edge::Credentials;
use futures::stream;
use protocol::{Cursor, Letter, MailAddress, Message};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use web::AppState;
use web::HttpError;
use web::extract::Query;
use web::headers::NO_STORE;

/// The media type of JSON lines.
const NDJSON: &str = "application/x-ndjson";

/// Letters read at once: a few megabytes at most.
pub(crate) const LETTERS_AT_ONCE: usize = 250;

/// One line: the message's fields, and whether the mailbox's owner sent it.
#[derive(Serialize)]
struct Line<'a> {
    is_own: bool,
    #[serde(flatten)]
    message: &'a Message,
}

/// Letters as JSON lines, each with its newline.
pub(crate) fn as_lines(letters: &[Letter]) -> Result<Vec<u8>, serde_json::Error> {
    let mut lines = Vec::new();
    for letter in letters {
        let (is_own, message) = (letter.is_own, &letter.message);
        serde_json::to_writer(&mut lines, &Line { is_own, message })?;
        lines.push(b'\n');
    }
    Ok(lines)
}

/// Which mailbox to export.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ExportQuery {
    /// Whose mailbox.
    #[param(example = "ord-wren")]
    address: MailAddress,
}

/// A mailbox that is read page by page.
struct Reader {
    state: AppState,
    of: MailAddress,
    proof: Credentials,
    after: Option<Cursor>,
}

/// Exports a mailbox.
///
/// Every message in it, received and sent, oldest first: one per line, with `is_own` if its owner sent it. Only for the
/// address's owner. If the export fails midway, the connection breaks.
#[utoipa::path(
    get, path = "/api/messages/export", operation_id = "export_messages", tag = "mail",
    security(("mail_token" = [])),
    params(ExportQuery),
    responses((
        status = 200, description = "The messages, one per line.", body = String, content_type = "application/x-ndjson",
        headers(("Cache-Control" = String, description = "`no-store`")),
        example = json!("{\"is_own\":false,\"id\":\"6f1c0b52a9de4f7388e02d6b1c9a54f0\",\
            \"cursor\":\"1777660200000-0\",\"to\":\"ord-wren\",\"from\":\"fra-finch\",\"message\":\"Fancy a flight?\",\
            \"sent_at\":\"2026-05-01T18:30:00.000Z\",\"verified\":true}\n"),
    )),
)]
pub(super) async fn export(
    State(state): State<AppState>,
    Reading(proof): Reading,
    Query(query): Query<ExportQuery>,
) -> Result<Response, HttpError> {
    let of = state.engine.mail().resolve(query.address)?;
    let name = format!("attachment; filename=\"{of}.jsonl\"");
    let mut reader = Reader {
        state,
        of,
        proof,
        after: None,
    };
    // The first page is read before the answer begins, so that a refusal has its status.
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
    /// The next page; none after the last.
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
        let lines = as_lines(&letters).map_err(|error| HttpError::logged(&error))?;
        Ok(Some(lines.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{Cursor, MailAddress, MessageId, MessageText};

    #[test]
    fn a_letter_is_one_line_whatever_it_says() {
        let address = |text| MailAddress::parse(text).unwrap();
        let text = "two\nlines \u{2028}<b>\"\u{0}";
        let message = Message {
            id: MessageId::of(7),
            cursor: Cursor::parse("5-0").unwrap(),
            to: address("ord-ann"),
            from: address("fra-bob"),
            message: MessageText::parse(text).unwrap(),
            sent_at: "2026-05-01T18:30:00.000Z".into(),
            verified: true,
        };
        let letter = Letter {
            rev: 1,
            is_own: false,
            is_unclaimed: false,
            message,
        };

        let lines = String::from_utf8(as_lines(&[letter.clone(), letter]).unwrap()).unwrap();

        let lines: Vec<_> = lines.split_terminator('\n').collect();
        assert_eq!(lines.len(), 2);
        let line: serde_json::Value = serde_json::from_str(lines[0]).unwrap();
        assert_eq!(line["message"], text);
        assert_eq!(
            (&line["is_own"], &line["to"]),
            (&false.into(), &"ord-ann".into())
        );
        assert_eq!(line.as_object().unwrap().len(), 8);
    }
}
