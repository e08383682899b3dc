//! What other pages left, sent again.

use super::request::{PendingRequest, document_name, forget, is_any_kept, is_old, pending};
use crate::browser::{is_reachable, now_ms, text_of};
use gloo_timers::future::TimeoutFuture;
use protocol::Problem;
use protocol::json;
use protocol::live::ServerFrame;
use serde::Deserialize;

/// How long a page leaves a request to the page that began it, if that is still open, in milliseconds.
const YOUNG_MS: i64 = 5_000;
/// The pause between two looks at what is pending, in milliseconds.
const PAUSE_MS: u32 = 5_000;

/// Sends what other pages left, for as long as this page is open. `tell` shows what went wrong; it is false once the page is
/// gone.
pub(crate) async fn resume(tell: impl Fn(Option<Problem>) -> bool) {
    while tell(None) {
        if is_any_kept() && is_reachable().await {
            for problem in settle_all().await {
                tell(Some(problem));
            }
        }
        TimeoutFuture::new(PAUSE_MS).await;
    }
}

/// Sends what other pages left; what its writer should know. Loaded where anything is left.
#[cfg_attr(feature = "split", leptos::lazy)]
async fn settle_all() -> Vec<Problem> {
    let now_ms = now_ms();
    let mut problems = Vec::new();
    for request in pending() {
        if !request.asks && now_ms - request.written_ms >= YOUNG_MS {
            problems.extend(settle(request).await);
        }
    }
    problems
}

/// Sends a request again; what its writer should know.
async fn settle(mut request: PendingRequest) -> Option<Problem> {
    let is_text = request.newest == 0;
    let mut refusal = None;
    if is_old(request.written_ms) {
        request.asks = true;
    } else {
        let response = request.send().await?;
        match response.status() {
            408 | 425 | 429 | 500.. => return None,
            _ if !is_text && response.ok() => {
                refusal = settled(&request, &text_of(&response).await?)?;
            }
            _ => request.asks = !response.ok(),
        }
    }
    match request.asks && is_text {
        true => request.keep(),
        false => forget(&request.key),
    }
    refusal.or_else(|| request.asks.then(|| left_over(&request)))
}

/// Why a change was refused, if one was; nothing at all until a server has decided on every click or change. A click that was
/// refused is sent again: clicks come too fast, or too many wait.
fn settled(request: &PendingRequest, frames: &str) -> Option<Option<Problem>> {
    let is_of = |topic: &str, key: &str| document_name(topic, key) == request.conversation;
    let (mut refusal, mut undecided) = (None, numbers(request));
    for frame in frames.lines().filter_map(ServerFrame::decode) {
        match frame {
            ServerFrame::Ack { seq, .. } if request.conversation.is_empty() => {
                undecided.retain(|number| *number > seq);
            }
            ServerFrame::Own {
                topic, key, seq, ..
            } if is_of(&topic, &key) => undecided.retain(|number| *number > seq),
            // The others are decided for themselves.
            ServerFrame::RefusedChange {
                topic,
                key,
                seq,
                problem,
            } if is_of(&topic, &key) => {
                refusal = Some(problem);
                undecided.retain(|number| *number != seq);
            }
            _ => {}
        }
    }
    undecided.is_empty().then_some(refusal)
}

/// The numbers of a request's clicks or changes. A server decides on clicks in their order, so the newest stands for all.
fn numbers(request: &PendingRequest) -> Vec<u64> {
    if request.conversation.is_empty() {
        return vec![request.newest];
    }
    let numbered = request.body.lines().filter_map(json::read::<Numbered>);
    numbered.map(|Numbered { seq }| seq).collect()
}

/// A frame with a number, as far as that matters. serde's reader of frames is more than a browser should download.
#[derive(Deserialize)]
struct Numbered {
    seq: u64,
}

fn left_over(request: &PendingRequest) -> Problem {
    let (kind, title, detail) = match (request.newest, request.conversation.as_str()) {
        (0, _) => (
            "unsent-message",
            "A message was not sent",
            "Open its conversation to send it again or to edit it.",
        ),
        (_, "") => (
            "old-clicks",
            "Some clicks may not have counted",
            "An earlier page was closed before they were counted. Click again if they are missing.",
        ),
        _ => (
            "old-changes",
            "Some changes may not have been saved",
            "An earlier page was closed before they were saved. Make them again if they are missing.",
        ),
    };
    Problem::new(408, kind, title).with_detail(detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clicks_are_settled_once_the_newest_is_counted() {
        let welcome = r#"{"type":"welcome","version":5,"region":"fra","instance":"fra-1"}"#;
        let ack = r#"{"type":"ack","seq":7,"epoch":1,"rev":9}"#;
        let refused =
            r#"{"type":"refused","seq":3,"problem":{"type":"x","title":"X","status":429}}"#;

        let clicks = |newest, frames: &[&str]| {
            let request = PendingRequest {
                newest,
                ..PendingRequest::default()
            };
            settled(&request, &frames.join("\n")).is_some()
        };

        assert!(!clicks(7, &[welcome]));
        assert!(clicks(7, &[welcome, ack]));
        assert!(!clicks(8, &[welcome, ack]));
        assert!(!clicks(8, &[welcome, ack, refused]));
    }

    #[test]
    fn changes_are_settled_once_all_are_decided() {
        let own = r#"{"type":"own","topic":"poll","key":"k","rev":3,"seq":2,"own":{}}"#;
        let refused = r#"{"type":"refused_change","topic":"poll","key":"k","seq":3,"problem":{"type":"x","title":"X","status":409}}"#;
        let changes = |conversation: &str, newest, frames: &[&str]| {
            let body = (2..=newest).map(|seq| {
                format!("{{\"type\":\"change\",\"topic\":\"poll\",\"key\":\"k\",\"seq\":{seq},\"change\":0}}\n")
            });
            let request = PendingRequest {
                conversation: conversation.into(),
                newest,
                body: body.collect(),
                ..PendingRequest::default()
            };
            settled(&request, &frames.join("\n")).map(|refusal| refusal.is_some())
        };

        assert_eq!(changes("poll:k", 2, &[own]), Some(false));
        assert_eq!(changes("poll:k", 3, &[own]), None);
        assert_eq!(changes("poll:k", 3, &[own, refused]), Some(true));
        assert_eq!(changes("poll:k", 3, &[refused]), None, "not the first");
        assert_eq!(
            changes("poll:k", 4, &[own, refused]),
            None,
            "not the newest"
        );
        assert_eq!(changes("poll:other", 2, &[own, refused]), None);
        assert_eq!(changes("", 2, &[own]), None);
    }
}
