//! Mail to and from other clusters: signed HTTP between servers.
//!
//! Each cluster has an Ed25519 key and reads its peers' public keys from `peers.toml`. A call carries a PASETO
//! (v4.public) token that the caller signed for this body and this receiver. It is valid for a minute and accepted
//! once. A peer may only deliver mail from addresses at its own places.
//!
//! One task per peer empties that peer's outbox: it takes what is due, calls the peer and records the outcomes. Every
//! instance runs these tasks; the outbox's lease decides which instance sends. Mail that cannot be sent yet stays in
//! the outbox and does not affect local mail. `docs/federation.md` describes the protocol.

// What the shared state holds of these is named by its own file: the state must not depend on the handlers.
pub(crate) mod counts;
pub(crate) mod key;
pub(crate) mod trust;

mod admit;
mod answer;
mod token;

mod call;
pub(crate) use call::Caller;

mod receive;

mod sender;
pub(crate) use sender::send_to_peers;

use crate::state::AppState;
use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The calls that other clusters make.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(receive::receive))
        .layer(DefaultBodyLimit::max(receive::BODY_MAX_BYTES))
        .routes(routes!(receive::show))
}
