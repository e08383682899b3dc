//! Learns the keys that all instances share, and keeps them when Redis loses them.

use crate::config::Secret;
use crate::root_secret::Root;
use crate::state::AppState;
use crate::visitor_cookie::Keys;
use edge::LinkError;
use std::time::Duration;

/// The time between two tries to learn the keys.
const RETRY: Duration = Duration::from_millis(500);

/// Learns the keys before visitors come, as pages must render when Redis is away, too. Writes the secret that they follow
/// from back where Redis has lost it, and takes an older one over where two were made.
pub(crate) async fn follow(state: AppState) {
    let news = state.engine.secret_news();
    let follow = async {
        news.come().await;
        // Before that, the cookie of somebody who was forgotten would count.
        state.engine.forgotten().known().await;
        let (mut known, mut has_failed) = (None, false);
        loop {
            let again = match learn(&state, &mut known).await {
                Ok(is_settled) => {
                    has_failed = false;
                    !is_settled
                }
                Err(error) => {
                    if !std::mem::replace(&mut has_failed, true) {
                        tracing::warn!(%error, "Failed to learn the shared secret; retrying");
                    }
                    true
                }
            };
            match again {
                true => drop(tokio::time::timeout(RETRY, news.come()).await),
                false => news.come().await,
            }
        }
    };
    state.stopping.run_until_cancelled(follow).await;
}

/// Asks Redis for the secret that persons follow from, and tells it the one that is known. Returns whether that is settled.
async fn learn(state: &AppState, known: &mut Option<Root>) -> Result<bool, LinkError> {
    let configured: Vec<_> = state.config.secrets.iter().map(Secret::expose).collect();
    let root = match configured.is_empty() {
        true => shared(state, known.as_ref()).await?,
        false => sealed(state, &configured, known.as_ref()).await?,
    };
    let Some(root) = root else {
        return Ok(false);
    };
    if known.as_ref().map(|known| &known.secret) != Some(&root.secret) {
        let of_root = [root.secret.as_str()];
        let signing = if configured.is_empty() {
            &of_root[..]
        } else {
            &configured
        };
        let forgotten = Some(state.engine.forgotten().clone());
        state.set_keys(Keys::of(signing, root.secret.clone(), forgotten));
    }
    *known = Some(root);
    Ok(true)
}

/// The secret that instances make where none is configured; none while another may be older.
async fn shared(state: &AppState, known: Option<&Root>) -> Result<Option<Root>, LinkError> {
    let known = known.and_then(|known| Some((known.secret.as_str(), known.made_ms?)));
    let kept = state.engine.shared_secret(known).await?;
    Ok((!kept.is_open).then_some(Root {
        secret: kept.value,
        made_ms: Some(kept.made_ms),
        missing: Vec::new(),
    }))
}

/// The secret that is sealed with these; none while another may be older.
async fn sealed(
    state: &AppState,
    secrets: &[&str],
    known: Option<&Root>,
) -> Result<Option<Root>, LinkError> {
    let mut kept = state.engine.sealed_secrets(None, &[]).await?;
    let Some(mut root) = Root::learn(secrets, &kept.value, kept.made_ms, known) else {
        // A library failed that does not. Then the secret itself is the root, and nothing is kept.
        let secret = secrets[secrets.len() - 1].to_owned();
        return Ok(Some(Root::unkept(secret)));
    };
    let missing = std::mem::take(&mut root.missing);
    if !missing.is_empty() {
        kept = state.engine.sealed_secrets(root.made_ms, &missing).await?;
    }
    let is_fresh = root.made_ms.is_none();
    root.made_ms = root.made_ms.or(Some(kept.made_ms));
    Ok((!is_fresh || !kept.is_open).then_some(root))
}
