//! Sends visitors elsewhere while this instance has no room.

use crate::state::AppState;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval};
use tracing::{info, warn};

/// How often the room is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Makes an instance without room unready, and takes it off the registry until it has some; until shutdown.
pub(crate) async fn watch(state: AppState) {
    let mut looks = interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while state
        .stopping
        .run_until_cancelled(looks.tick())
        .await
        .is_some()
    {
        let Some(is_open) = state.admission.look(Instant::now()) else {
            continue;
        };
        match is_open {
            true => info!("This instance has room for connections again"),
            false => {
                warn!("This instance has no room for connections; visitors are sent elsewhere")
            }
        }
        state.engine.set_listed(is_open);
    }
}
