//! How a conversation reaches its server.

use super::outbox::{Answer, read_answer};
use super::{EntryPage, Stored};
use leptos::prelude::window;
use live::browser::text_of;
use live::pending::PendingRequest;
use protocol::{Cursor, MessageId, MessageStatus, MessageText, Problem, json};
use serde::Deserialize;

/// Bytes of randomness in an idempotency key: 128 bits do not collide.
const KEY_BYTES: usize = 16;

/// The addresses of one conversation, and how its answers are read.
pub(crate) trait Channel: Send + Sync {
    /// Names the conversation among all that this tab remembers something of.
    fn name(&self) -> String;
    /// What to post to send a text.
    fn submission(&self, text: &MessageText) -> Option<Submission>;
    /// Where to get the messages up to one, or the newest.
    fn page_path(&self, up_to: Option<Cursor>) -> String;
    /// Reads what that answers.
    fn read_page(&self, json: &str) -> Option<EntryPage>;
}

/// A request that sends a text.
pub(crate) struct Submission {
    /// Where to post it.
    pub path: String,
    /// What to post.
    pub body: String,
    /// The body's media type.
    pub content_type: &'static str,
}

/// A new idempotency key.
pub(super) fn new_key() -> String {
    let mut bytes = [0; KEY_BYTES];
    let drawn = window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    if drawn.is_err() {
        // Every browser has it; a key that might collide is better than none.
        bytes = std::array::from_fn(|_| (js_sys::Math::random() * 256.0) as u8);
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Sends a text.
pub(super) async fn send(request: &PendingRequest) -> Answer {
    let unanswered = Answer::Unknown(0);
    let Some(response) = request.send().await else {
        return unanswered;
    };
    let retry_after = response.headers().get("retry-after").ok().flatten();
    // An answer that breaks off settles nothing.
    let Some(body) = text_of(&response).await else {
        return unanswered;
    };
    match response.ok() {
        true => read_stored(&body).map_or(unanswered, Answer::Stored),
        false => read_answer(
            response.status(),
            json::read::<Problem>(&body),
            retry_after.and_then(|seconds| seconds.parse().ok()),
        ),
    }
}

/// Reads a stored chat message or letter.
fn read_stored(json: &str) -> Option<Stored> {
    #[derive(Deserialize)]
    struct Sent {
        id: MessageId,
        /// Only a letter may have to wait.
        status: Option<MessageStatus>,
        #[serde(default)]
        unclaimed: bool,
    }
    let sent: Sent = json::read(json)?;
    let is_delivered = |status| status == MessageStatus::Delivered;
    Some(Stored {
        id: sent.id,
        is_delivered: sent.status.is_none_or(is_delivered),
        is_unclaimed: sent.unclaimed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_says_how_far_a_letter_came_and_a_chat_message_is_there() {
        let read = |more: &str| {
            let stored = read_stored(&format!(r#"{{"id":"{}"{more}}}"#, "0".repeat(32))).unwrap();
            (stored.is_delivered, stored.is_unclaimed)
        };

        assert_eq!(read(""), (true, false));
        assert_eq!(read(r#","status":"queued""#), (false, false));
        assert_eq!(
            read(r#","status":"delivered","unclaimed":true"#),
            (true, true)
        );
    }
}
