//! A request that is kept until it is answered.

use crate::browser::{fetch, keep_alive, now_ms};
use leptos::prelude::window;
use web_sys::{Headers, RequestInit, Response, Storage};

/// Begins the names that requests are kept under.
const PREFIX: &str = "murmuration-pending:";
/// The age from which a server may have forgotten a request, in milliseconds: an hour before it does.
const OLD_MS: i64 = 23 * 3_600_000;
/// The age at which a request is dropped, in milliseconds.
const FORGOTTEN_MS: i64 = 7 * 24 * 3_600_000;
/// What browsers send for pages that are gone, less some for others (Fetch Standard, section 4.6: 64 KiB at once).
const KEEPALIVE_MAX_BYTES: usize = 48 << 10;
/// A request that is not answered yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PendingRequest {
    /// Its idempotency key, and the name that it is kept under.
    pub key: String,
    /// The conversation that it is part of, or the document that it changes; empty for clicks.
    pub conversation: String,
    /// The text that it sends; empty for clicks and changes.
    pub text: String,
    /// When it was written, in milliseconds since 1970.
    pub written_ms: i64,
    /// Where to post it.
    pub path: String,
    /// The body's media type.
    pub content_type: String,
    /// What to post.
    pub body: String,
    /// The number of the newest click or change in it; 0 for a text.
    pub newest: u64,
    /// Whether its conversation is to ask its writer: it was refused, or is too old.
    pub asks: bool,
}

impl PendingRequest {
    /// Keeps it until it is [forgotten](forget). A browser without room for it sends it all the same.
    pub fn keep(&self) {
        if let Some(storage) = storage() {
            let _kept = storage.set_item(&format!("{PREFIX}{}", self.key), &self.write());
        }
    }

    /// Its fields, one a line, then its text and its body: all pages load the code of this, so it is no writer of any JSON.
    pub fn write(&self) -> String {
        format!(
            "{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}{}",
            self.key,
            self.written_ms,
            self.newest,
            u8::from(self.asks),
            self.conversation,
            self.path,
            self.content_type,
            self.text.len(),
            self.text,
            self.body
        )
    }

    /// Reads that again.
    pub fn read(written: &str) -> Option<Self> {
        let mut fields = written.splitn(9, '\n');
        let mut next = || fields.next();
        let mut request = Self {
            key: next()?.to_owned(),
            written_ms: next()?.parse().ok()?,
            newest: next()?.parse().ok()?,
            asks: next()? == "1",
            conversation: next()?.to_owned(),
            path: next()?.to_owned(),
            content_type: next()?.to_owned(),
            ..Self::default()
        };
        let length = next()?.parse().ok()?;
        let (text, body) = next()?.split_at_checked(length)?;
        (request.text, request.body) = (text.to_owned(), body.to_owned());
        Some(request)
    }

    /// Sends it from a page that goes away, and asks for no answer. What a browser does not take is left to the next page.
    pub(crate) fn send_unanswered(&self) {
        let navigator = window().navigator();
        let _queued = navigator.send_beacon_with_opt_str(&self.path, Some(&self.body));
    }

    /// Sends it, even if its page is gone before the answer comes.
    pub async fn send(&self) -> Option<Response> {
        let headers = Headers::new().ok()?;
        headers.set("accept", "application/json").ok()?;
        headers.set("content-type", &self.content_type).ok()?;
        headers.set("idempotency-key", &self.key).ok()?;
        let request = RequestInit::new();
        request.set_method("POST");
        request.set_headers(&headers);
        request.set_body(&self.body.as_str().into());
        if self.body.len() < KEEPALIVE_MAX_BYTES {
            keep_alive(&request);
        }
        fetch(&self.path, &request).await
    }
}

/// What a document's requests are kept by: no conversation's name, since documents are other topics.
pub(crate) fn document_name(topic: &str, key: &str) -> String {
    format!("{topic}:{key}")
}

/// Whether a server may have forgotten what was written then, in milliseconds since 1970.
pub fn is_old(written_ms: i64) -> bool {
    now_ms() - written_ms >= OLD_MS
}

/// All that is pending, oldest first; what nobody came back to for long is dropped.
pub fn pending() -> Vec<PendingRequest> {
    let Some(storage) = storage() else {
        return Vec::new();
    };
    let keys = (0..storage.length().unwrap_or_default()).filter_map(|at| storage.key(at).ok()?);
    let keys: Vec<_> = keys.filter(|key| key.starts_with(PREFIX)).collect();
    let mut pending = Vec::new();
    for key in keys {
        let written = storage.get_item(&key).ok().flatten().unwrap_or_default();
        match PendingRequest::read(&written) {
            Some(request) if now_ms() - request.written_ms < FORGOTTEN_MS => {
                // There are few, and the library's sort would add much code to the download.
                let at = pending.partition_point(|other: &PendingRequest| {
                    other.written_ms <= request.written_ms
                });
                pending.insert(at, request);
            }
            _ => drop(storage.remove_item(&key)),
        }
    }
    pending
}

/// Forgets a request, which is answered.
pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _forgotten = storage.remove_item(&format!("{PREFIX}{key}"));
    }
}

/// Whether the browser keeps anything for the pages of this server.
pub(super) fn is_any_kept() -> bool {
    let keys = storage().map_or(0, |storage| storage.length().unwrap_or_default());
    keys > 0
}

/// What the browser keeps for all pages of this server, if it does.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_as_it_was_written() {
        let request = PendingRequest {
            key: "k".into(),
            conversation: "party:1".into(),
            text: "a\nb % ü\u{0}".into(),
            written_ms: -7,
            path: "/party/1/chat".into(),
            content_type: "text/plain".into(),
            body: "x\n\ny".into(),
            newest: u64::MAX,
            asks: true,
        };

        assert_eq!(PendingRequest::read(&request.write()), Some(request));
        for broken in [
            "",
            "k\n1",
            "k\nx\n0\n0\n\n\n\n0\n",
            "k\n1\n0\n0\n\n\n\n9\nab",
            "{}",
        ] {
            assert_eq!(PendingRequest::read(broken), None, "{broken}");
        }
    }
}
