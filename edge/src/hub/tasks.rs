//! Publishes the world to its topic.

use super::Topic;
use crate::metrics::Metrics;
use crate::world::Mirror;
use bytes::Bytes;
use protocol::live::{ServerFrame, WorldFrame};
use protocol::{Region, World};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::error;

/// Turns changes of the mirror into frames.
pub(crate) struct WorldTask {
    pub(crate) topic: Topic,
    pub(crate) mirror: Mirror,
    /// The least time between two frames.
    pub(crate) pace: Duration,
    pub(crate) metrics: Metrics,
}

impl WorldTask {
    pub(crate) async fn run(self, stop: CancellationToken) {
        let mut changes = self.mirror.changes();
        let publishing = async {
            while changes.changed().await.is_ok() {
                let next = Instant::now() + self.pace;
                changes.mark_unchanged();
                if self.mirror.is_full() {
                    self.publish();
                }
                sleep_until(next).await;
            }
        };
        let _ended = stop.run_until_cancelled(publishing).await;
    }

    fn publish(&self) {
        let (world, changes) = self.mirror.take_changes();
        let Some(whole) = encode_world(&world, true, world.regions.clone()) else {
            return;
        };
        let changed = || {
            let mut regions: Vec<_> = Vec::with_capacity(changes.codes.len());
            for code in &changes.codes {
                regions.push(
                    world
                        .region(code)
                        .cloned()
                        .unwrap_or_else(|| gone(code.clone())),
                );
            }
            encode_world(&world, false, regions)
        };
        let change = if changes.all { None } else { changed() };
        self.topic.publish(change, whole);
        self.metrics.frames_encoded.inc();
    }
}

/// A region that is not shown any more.
fn gone(code: protocol::RegionCode) -> Region {
    let city = String::new();
    Region {
        code,
        city,
        lat: 0.0,
        lng: 0.0,
        clicks: 0,
        people: 0,
        connections: 0,
        instances: 0,
    }
}

fn encode_world(world: &World, full: bool, regions: Vec<Region>) -> Option<Bytes> {
    let World {
        epoch, rev, age_ms, ..
    } = *world;
    let frame = ServerFrame::World(WorldFrame {
        epoch,
        rev,
        age_ms,
        full,
        regions,
    });
    encode(&frame)
}

/// A frame as sessions get it.
pub(crate) fn encode(frame: &ServerFrame) -> Option<Bytes> {
    match serde_json::to_vec(frame) {
        Ok(json) => Some(json.into()),
        Err(error) => {
            error!(%error, "A frame cannot be encoded");
            None
        }
    }
}
