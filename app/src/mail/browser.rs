//! What mail needs of the browser.

use super::outgoing::{Answer, Trouble, read_answer};
use crate::browser::{fetch, text_of};
use leptos::prelude::{document, window};
use protocol::{MailAddress, MessageSent, MessageText, Problem};
use serde::Serialize;
use web_sys::{RequestInit, Response};

/// Bytes of randomness in an idempotency key: 128 bits meet no other.
const KEY_BYTES: usize = 16;

/// A new idempotency key.
pub(super) fn new_key() -> String {
    let mut bytes = [0; KEY_BYTES];
    let drawn = window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    if drawn.is_err() {
        // No browser is without; a key that another letter could have is better than none.
        bytes = std::array::from_fn(|_| (js_sys::Math::random() * 256.0) as u8);
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether somebody looks at the page.
pub(super) fn is_seen() -> bool {
    !document().hidden()
}

/// Sends a letter.
pub(super) async fn send(
    from: &MailAddress,
    to: &MailAddress,
    text: &MessageText,
    key: &str,
) -> Answer {
    #[derive(Serialize)]
    struct Body<'a> {
        message: &'a MessageText,
        to: &'a MailAddress,
        from: &'a MailAddress,
    }
    let message = Body {
        message: text,
        to,
        from,
    };
    let unreached = Answer::Unknown(Trouble::Unreached, 0);
    let Ok(body) = serde_json::to_string(&message) else {
        return unreached;
    };
    let Some(response) = post("/api/messages", Some((&body, key))).await else {
        return unreached;
    };
    let retry_after = response.headers().get("retry-after").ok().flatten();
    let retry_after = retry_after.and_then(|seconds| seconds.parse().ok());
    let status = response.status();
    // An answer that broke off settles nothing.
    let Some(text) = text_of(&response).await else {
        return unreached;
    };
    match response
        .ok()
        .then(|| serde_json::from_str::<MessageSent>(&text))
    {
        Some(Ok(sent)) => Answer::Stored(sent),
        Some(Err(_)) => unreached,
        None => read_answer(
            status,
            serde_json::from_str::<Problem>(&text).ok(),
            retry_after,
        ),
    }
}

/// Asks for something to be done, which says nothing; false where it was not.
pub(super) async fn ask(path: &str) -> bool {
    post(path, None).await.is_some_and(|response| response.ok())
}

async fn post(path: &str, body: Option<(&str, &str)>) -> Option<Response> {
    let request = RequestInit::new();
    request.set_method("POST");
    if let Some((json, key)) = body {
        request.set_body(&json.into());
        let headers = web_sys::Headers::new().ok()?;
        headers.set("content-type", "application/json").ok()?;
        headers.set("idempotency-key", key).ok()?;
        request.set_headers(&headers);
    }
    fetch(path, &request).await
}
