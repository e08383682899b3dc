//! Receives mail from other clusters.

use super::admit::{Admission, own_key};
use super::counts::Counts;
use super::trust;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use edge::Mail;
use edge::peer::Peer;
use futures::{StreamExt, stream};
use protocol::{
    Federated, FederatedBatch, FederatedOutcome, FederatedOutcomes, Federation, Problem,
};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use web::AppState;
use web::HttpError;
use web::visitor::Visitor;

/// The largest body of a call: more than a hundred messages of the maximum size.
pub(crate) const BODY_MAX_BYTES: usize = 1 << 20;
/// The most messages in one call.
const MESSAGES_MAX: usize = 500;
/// How many lanes, of one sender and recipient each, are stored concurrently.
const AT_ONCE: usize = 16;
/// Time limit for storing a call's messages: shorter than the answer's, because the caller waits for it.
const STORING: Duration = Duration::from_secs(6);

/// A call's messages, unparsed: an invalid one must not cause the others to be refused.
#[derive(Deserialize)]
struct Batch {
    messages: Vec<Value>,
}

/// Tells what another cluster needs to know to exchange mail.
///
/// Its name, the key its tokens are checked with, and the places that its addresses are at. Compare the key over
/// another channel before you trust it.
#[utoipa::path(
    get, path = "/api/federation", operation_id = "show_federation", tag = "mail",
    responses((
        status = 200, description = "This cluster.", body = Federation,
        example = json!({
            "name": "murmuration", "public_key": "k4.public.cHFyc3R1dnd4eXp7fH1-f4CBgoOEhYaHiImKi4yNjo8",
            "places": ["ord", "fra", "syd"]
        }),
    )),
)]
pub(crate) async fn show(State(state): State<AppState>) -> Result<Json<Federation>, HttpError> {
    let key = own_key(&state).await?;
    let places = state.config.regions.places();
    Ok(Json(Federation {
        name: state.kept::<trust::Federation>()?.name.clone(),
        public_key: key.public().to_string(),
        places: places.iter().map(|place| place.code.clone()).collect(),
    }))
}

/// Takes mail from another cluster's server.
///
/// The token is a PASETO (v4.public) that the calling cluster signed for this body: issuer, audience, expiry within a
/// minute, an id that is accepted once, and the body's digest. Each message is stored once, however often it comes.
#[utoipa::path(
    post, path = "/api/federation/messages", operation_id = "receive_messages", tag = "mail",
    security(("federation_token" = [])),
    request_body(content = FederatedBatch, example = json!({ "messages": [{
        "id": "6f1c0b52a9de4f7388e02d6b1c9a54f0", "to": "ord-wren", "from": "moon-ann",
        "message": "Fancy a flight?", "sent_ms": 1777660200000u64, "verified": true
    }] })),
    responses((
        status = 200, description = "What became of each message.", body = FederatedOutcomes,
        example = json!({ "outcomes": [{ "outcome": "stored" }] }),
    )),
)]
pub(crate) async fn receive(
    State(state): State<AppState>,
    visitor: Visitor,
    request: Request,
) -> Result<Json<FederatedOutcomes>, HttpError> {
    let address = visitor.address;
    let admission = Admission::begin(&state, &address, request.headers())?;
    let body = Bytes::from_request(request, &state).await?;
    admission.finish(&address, &body).await?;
    let batch: Batch = serde_json::from_slice(&body)
        .map_err(|_| HttpError::bad_body("The body must be a JSON object with `messages`."))?;
    if batch.messages.len() > MESSAGES_MAX {
        let reason = format!("There are at most {MESSAGES_MAX} `messages`.");
        return Err(HttpError::bad_body(reason));
    }
    let outcomes = store(state.engine.mail(), admission.peer, batch.messages).await;
    let counts = &state.kept::<trust::Federation>()?.counts;
    count(counts, &admission.peer.name, &outcomes);
    Ok(Json(FederatedOutcomes { outcomes }))
}

/// Stores a peer's messages: in order for each sender and recipient, and none after one that has to be sent again. What a
/// sender has to send again holds nobody else up.
async fn store(mail: &Mail, peer: &Peer, messages: Vec<Value>) -> Vec<FederatedOutcome> {
    let mut outcomes = Vec::with_capacity(messages.len());
    let mut lanes = BTreeMap::<_, Vec<_>>::new();
    for (at, message) in messages.into_iter().enumerate() {
        match readable(peer, message) {
            Ok(message) => {
                outcomes.push(None);
                let lane = (message.from.clone(), message.to.clone());
                lanes.entry(lane).or_default().push((at, message));
            }
            Err(problem) => outcomes.push(Some(FederatedOutcome::Refused { problem })),
        }
    }
    let until = Instant::now() + STORING;
    let stored = lanes.into_values();
    let stored = stream::iter(stored.map(|some| in_order(mail, some, until)));
    let stored: Vec<_> = stored.buffer_unordered(AT_ONCE).collect().await;
    for (at, outcome) in stored.into_iter().flatten() {
        outcomes[at] = Some(outcome);
    }
    // All are set by now.
    outcomes.into_iter().flatten().collect()
}

/// Parses a message, and checks that the peer may send it.
fn readable(peer: &Peer, message: Value) -> Result<Federated, Problem> {
    let message: Federated = serde_json::from_value(message)
        .map_err(|_| Problem::new(422, "bad-message", "The message cannot be read"))?;
    let is_theirs = peer.places.contains(message.from.place()) && !message.from.is_postmaster();
    match is_theirs {
        true => Ok(message),
        false => {
            let problem = Problem::new(403, "not-your-place", "The sender is of another cluster");
            Err(problem.with_detail("A cluster sends mail from addresses at its own places."))
        }
    }
}

/// Stores what one sender wrote to one recipient, in order. After a failure or a time-out, the rest have to be sent again.
async fn in_order(
    mail: &Mail,
    messages: Vec<(usize, Federated)>,
    until: Instant,
) -> Vec<(usize, FederatedOutcome)> {
    let mut outcomes = Vec::with_capacity(messages.len());
    let mut held_up: Option<Problem> = None;
    for (at, message) in messages {
        let outcome = match held_up.clone() {
            Some(problem) => FederatedOutcome::Later { problem },
            None => match timeout_at(until, mail.receive(message)).await {
                Ok(received) => outcome(received.map_err(HttpError::from)),
                // It may have been stored all the same; sent again, it is recognised.
                Err(_) => FederatedOutcome::Later { problem: no_time() },
            },
        };
        if let FederatedOutcome::Later { problem } = &outcome {
            held_up = Some(problem.clone());
        }
        outcomes.push((at, outcome));
    }
    outcomes
}

fn no_time() -> Problem {
    Problem::new(
        503,
        "no-time",
        "There was more than could be stored in time",
    )
}

fn outcome(received: Result<(), HttpError>) -> FederatedOutcome {
    let Err(error) = received else {
        return FederatedOutcome::Stored;
    };
    match error.is_temporary() {
        true => FederatedOutcome::Later {
            problem: error.into_problem(),
        },
        false => FederatedOutcome::Refused {
            problem: error.into_problem(),
        },
    }
}

fn count(counts: &Counts, peer: &str, outcomes: &[FederatedOutcome]) {
    for outcome in outcomes {
        let name = match outcome {
            FederatedOutcome::Stored => "stored",
            FederatedOutcome::Later { .. } => "later",
            FederatedOutcome::Refused { .. } => "refused",
        };
        counts.received(peer, name);
    }
}
