//! Mail to and from other clusters: signed HTTP between servers.
//!
//! Each cluster has an Ed25519 key, and knows its peers' from `peers.toml`. A call carries a PASETO (v4.public) that
//! its sender signed for this one body, for this one receiver, for a minute; it is accepted once. Who the message's
//! sender may be follows from who signed: an address at one of that peer's places.
//!
//! For each peer one task empties its outbox: takes what is due, calls the peer, notes what came of it. All instances
//! have that task, and the outbox's lease decides whose turn it is. What cannot be sent now stays in the outbox; local
//! mail knows nothing of it. `docs/federation.md` tells it from outside.

mod key;
pub(crate) use key::{KeyError, PublicKey, SigningKey};

mod token;
pub(crate) use token::TokenFault;

mod trust;
pub(crate) use trust::Federation;

mod counts;
pub(crate) use counts::Counts;

mod admit;
use admit::{Admission, own_key};

mod answer;

mod call;
pub(crate) use call::Caller;

mod receive;

mod sender;
pub(crate) use sender::send_to_peers;

use crate::state::AppState;
use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The calls of other clusters.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(receive::receive))
        .layer(DefaultBodyLimit::max(receive::BODY_MAX_BYTES))
        .routes(routes!(receive::show))
}
