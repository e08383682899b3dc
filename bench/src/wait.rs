//! Waiting for something.

use anyhow::{Context, anyhow};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long anything may take that figures wait for: the longest is a round of the draw, with the pause before it.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Repeats a check, with this pause between two, until it finds something rather than why there is nothing yet.
pub async fn until<T>(
    pause: Duration,
    mut check: impl AsyncFnMut() -> anyhow::Result<Result<T, String>>,
) -> anyhow::Result<T> {
    let deadline = Instant::now() + TIMEOUT;
    loop {
        match check().await? {
            Ok(found) => return Ok(found),
            Err(reason) if Instant::now() > deadline => {
                return Err(anyhow!(reason)).context("waited too long");
            }
            Err(_) => sleep(pause).await,
        }
    }
}
