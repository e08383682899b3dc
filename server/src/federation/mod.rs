//! Mail to and from other clusters: signed HTTP between servers.
//!
//! Each cluster has an Ed25519 key and reads its peers' public keys from `peers.toml`. A call carries a PASETO
//! (v4.public) token that the caller signed for this body and this receiver. It is valid for a minute and accepted
//! once. A peer may only deliver mail from addresses at its own places.
//!
//! One task per peer empties that peer's outbox: it takes what is due, calls the peer and records the outcomes. Every
//! instance runs these tasks; the outbox's lease decides which instance sends. Mail that cannot be sent yet stays in
//! the outbox and does not affect local mail. `docs/federation.md` describes the protocol.

mod counts;
pub(crate) use counts::Counts;

mod key;
pub(crate) use key::SigningKey;

mod trust;
pub(crate) use trust::Federation;

mod admit;
mod answer;
mod call;
use call::Caller;
mod receive;
mod settings;
mod token;

mod sender;
use sender::send_to_peers;

use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use web::{AppState, Config, Site};

/// Adds mail to and from other clusters to a site.
///
/// # Errors
/// If a variable is invalid, or the system's root certificates cannot be read.
pub(crate) fn add_to(mut site: Site, config: &mut Config) -> anyhow::Result<Site> {
    let counts = Counts::new(site.registry());
    let federation = Federation::from_env(config, counts.clone())?;
    let callers = Caller::of_peers(&federation.name, &config.peers)?;
    Ok(site
        .routes(routes())
        .keep(federation)
        .begin(move |state| send_to_peers(state, callers, &counts)))
}

/// The calls that other clusters make.
fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(receive::receive))
        .layer(DefaultBodyLimit::max(receive::BODY_MAX_BYTES))
        .routes(routes!(receive::show))
}
