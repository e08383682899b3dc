//! What a room needs of the browser.

use super::sayings::Stage;
use crate::browser::{fetch, read, text_of};
use protocol::{Chat, ChatMessage, Cursor, MessageText, PartyCode, Problem};
use web_sys::{Headers, RequestInit, Response, UrlSearchParams};

/// Says something, once.
pub(super) async fn say(code: PartyCode, text: &MessageText) -> Stage {
    let Some(request) = request(text) else {
        return Stage::Unsure;
    };
    let Some(response) = fetch(&format!("/party/{code}/say"), &request).await else {
        return Stage::Unsure;
    };
    answer(&response).await
}

/// A form's own sending, but for what it asks to be answered with.
fn request(text: &MessageText) -> Option<RequestInit> {
    let fields = UrlSearchParams::new().ok()?;
    fields.append("message", text.as_str());
    let headers = Headers::new().ok()?;
    headers.set("accept", "application/json").ok()?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&fields);
    Some(request)
}

async fn answer(response: &Response) -> Stage {
    let status = response.status();
    // An answer that broke off tells nothing.
    let Some(body) = text_of(response).await else {
        return Stage::Unsure;
    };
    match status {
        201 => serde_json::from_str::<ChatMessage>(&body).map_or(Stage::Unsure, Stage::Said),
        408 | 500.. => Stage::Unsure,
        _ => {
            let unclear = || Problem::new(status, "about:blank", "The server did not take it");
            Stage::Refused(serde_json::from_str(&body).unwrap_or_else(|_| unclear()))
        }
    }
}

/// The room's lines up to one.
pub(super) async fn lines(code: PartyCode, up_to: Cursor) -> Option<Chat> {
    read(&format!("/party/{code}/lines?before={up_to}")).await
}
