//! Reads a peer's answer. Peers are not trusted, so its size and shape are checked.

use edge::{OutboxEntry, OutboxOutcome};
use protocol::{FederatedOutcome, FederatedOutcomes, Problem};
use reqwest::header::RETRY_AFTER;
use reqwest::{Response, StatusCode};
use std::time::Duration;

/// The largest answer accepted. A hundred outcomes take about 20 KB.
const ANSWER_MAX_BYTES: usize = 256 << 10;
/// The longest `Retry-After` that is honoured.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(3600);

/// Why a call failed as a whole.
#[derive(Debug)]
pub(super) struct Fault {
    /// The reason, as shown to the sender of a letter.
    pub(super) reason: String,
    /// The technical cause, for the log.
    pub(super) cause: String,
    /// How long the peer asked to wait.
    pub(super) at_least: Duration,
}

impl Fault {
    pub(super) fn new(reason: String, cause: impl ToString) -> Self {
        Self {
            reason,
            cause: cause.to_string(),
            at_least: Duration::ZERO,
        }
    }
}

/// The outcome of each message, from the peer's answer.
pub(super) async fn read(
    peer: &str,
    entries: &[OutboxEntry],
    mut answer: Response,
) -> Result<Vec<OutboxOutcome>, Fault> {
    let status = answer.status();
    if status != StatusCode::OK {
        let at_least = retry_after(&answer);
        let cause = format!("HTTP {status}");
        let reason = refusal(peer, status);
        return Err(Fault {
            reason,
            cause,
            at_least,
        });
    }
    let nonsense = |cause: String| {
        let reason = format!("The cluster {peer} answers what this one cannot read.");
        Fault::new(reason, cause)
    };
    let mut body = Vec::new();
    while let Some(chunk) = answer
        .chunk()
        .await
        .map_err(|error| unreachable(peer, &error))?
    {
        if body.len() + chunk.len() > ANSWER_MAX_BYTES {
            return Err(nonsense("the answer is too large".into()));
        }
        body.extend_from_slice(&chunk);
    }
    let read = serde_json::from_slice::<FederatedOutcomes>(&body);
    let outcomes = read.map_err(|error| nonsense(error.to_string()))?.outcomes;
    if outcomes.len() != entries.len() {
        let cause = format!("{} outcomes of {}", outcomes.len(), entries.len());
        return Err(nonsense(cause));
    }
    Ok(outcomes.into_iter().map(outcome).collect())
}

/// The fault of a call that got no answer.
pub(super) fn unreachable(peer: &str, error: &reqwest::Error) -> Fault {
    let reason = match error.is_timeout() {
        true => format!("The cluster {peer} does not answer in time."),
        false => format!("The cluster {peer} cannot be reached."),
    };
    // The error's own text omits its sources.
    let mut cause = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        cause = format!("{cause}: {error}");
        source = error.source();
    }
    Fault::new(reason, cause)
}

fn refusal(peer: &str, status: StatusCode) -> String {
    match status.as_u16() {
        401 | 403 => format!(
            "The cluster {peer} does not accept what this one signs: those who run the two have to compare their keys."
        ),
        429 => format!("The cluster {peer} asks to wait."),
        300..=399 => {
            format!("The cluster {peer} has moved: those who run this one have to learn where.")
        }
        500..=599 => format!("The cluster {peer} cannot take mail now."),
        status => format!("The cluster {peer} does not take mail from this one ({status})."),
    }
}

/// The answer's `Retry-After` in seconds; dates are ignored.
fn retry_after(answer: &Response) -> Duration {
    let seconds = answer.headers().get(RETRY_AFTER);
    let seconds = seconds.and_then(|value| value.to_str().ok()?.trim().parse().ok());
    Duration::from_secs(seconds.unwrap_or(0)).min(RETRY_AFTER_MAX)
}

fn outcome(outcome: FederatedOutcome) -> OutboxOutcome {
    match outcome {
        FederatedOutcome::Stored => OutboxOutcome::Stored,
        FederatedOutcome::Later { problem } => OutboxOutcome::Later(words(problem)),
        FederatedOutcome::Refused { problem } => OutboxOutcome::Refused(words(problem)),
    }
}

/// A problem as one or two sentences. The outbox limits their length.
fn words(problem: Problem) -> String {
    match problem.detail {
        Some(detail) => format!("{}. {detail}", problem.title),
        None => format!("{}.", problem.title),
    }
}
