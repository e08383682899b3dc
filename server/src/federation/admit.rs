//! Authenticates calls from other clusters.

use super::key::SigningKey;
use super::token::{Checked, Claimed, REMEMBERED, TokenFault};
use super::trust::Federation;
use crate::mail::bearer;
use axum::http::HeaderMap;
use edge::peer::Peer;
use time::OffsetDateTime;
use tracing::info;
use web::AppState;
use web::HttpError;
use web::rate::Address;

/// How many characters of a claimed issuer are logged.
const ISSUER_MAX_CHARS: usize = 64;

/// A call whose token is valid, as far as can be told without its body.
pub(crate) struct Admission<'a> {
    state: &'a AppState,
    /// The calling peer.
    pub(crate) peer: &'a Peer,
    token: Checked,
}

impl<'a> Admission<'a> {
    /// Checks a call's token before its body is read.
    ///
    /// # Errors
    /// `bad-token`, whatever is wrong; `too-many-tokens` if the address sent too many invalid ones.
    pub(crate) fn begin(
        state: &'a AppState,
        address: &Address,
        headers: &HeaderMap,
    ) -> Result<Self, HttpError> {
        let claimed = bearer(headers).ok_or(TokenFault::Missing);
        let claimed = claimed.and_then(Claimed::read);
        let claimed = claimed.map_err(|fault| refuse(state, address, "", fault))?;
        let issuer = claimed.issuer().to_owned();
        let federation = state.kept::<Federation>()?;
        let known = federation.key_of(&issuer);
        let known = known.zip(state.engine.mail().peers().named(&issuer));
        let (key, peer) =
            known.ok_or_else(|| refuse(state, address, &issuer, TokenFault::Issuer))?;
        let token = claimed.check(key, &federation.name, OffsetDateTime::now_utc());
        let token = token.map_err(|fault| refuse(state, address, &issuer, fault))?;
        Ok(Self { state, peer, token })
    }

    /// Checks the body against the token, and marks the token as used.
    ///
    /// # Errors
    /// As [`begin`](Self::begin); `redis-away` if Redis cannot tell whether the token was used before.
    pub(crate) async fn finish(&self, address: &Address, body: &[u8]) -> Result<(), HttpError> {
        let (state, name) = (self.state, &self.peer.name);
        let is_for = self.token.is_for(body);
        is_for.map_err(|fault| refuse(state, address, name, fault))?;
        // Ids are unique per issuer only.
        let id = format!("{name}:{}", self.token.id);
        let mail = state.engine.mail();
        match mail.accept_once(&id, REMEMBERED).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(refuse(state, address, name, TokenFault::Replay)),
            Err(error) => Err(error.into()),
        }
    }
}

/// Counts and logs a rejected token; the client is not told why. Past an address's limit, nothing is logged. The limit
/// applies to invalid tokens only, so a peer behind the same address is not locked out.
fn refuse(state: &AppState, address: &Address, issuer: &str, fault: TokenFault) -> HttpError {
    if let Ok(federation) = state.kept::<Federation>() {
        federation.counts.refused(fault);
    }
    if let Err(seconds) = address.bad_tokens.take_one() {
        return too_many_tokens(seconds);
    }
    // The caller chose this text: log one line of bounded length.
    let issuer: String = issuer
        .chars()
        .take(ISSUER_MAX_CHARS)
        .flat_map(char::escape_debug)
        .collect();
    info!(peer.claimed = issuer, reason = %fault, "A call from another cluster is not accepted: {fault}");
    bad_token()
}

/// This cluster's key: the configured one, or else one derived from the secret that persons follow from, too.
///
/// # Errors
/// `not-ready` while the secret cannot be read.
pub(crate) async fn own_key(state: &AppState) -> Result<SigningKey, HttpError> {
    if let Some(key) = &state.kept::<Federation>()?.key {
        return Ok(key.clone());
    }
    SigningKey::derive(&state.keys()?.root).map_err(|error| HttpError::logged(&error))
}

fn bad_token() -> HttpError {
    HttpError::new(401, "bad-token", "The token cannot be accepted").with_detail(
        "Only servers of known clusters may make this call, with a new token for each call.",
    )
}

fn too_many_tokens(seconds: u32) -> HttpError {
    let reason = "Too many invalid tokens came from this address. Check keys, names and clocks.";
    HttpError::too_many(
        "too-many-tokens",
        "Too many invalid tokens",
        seconds,
        reason,
    )
}
