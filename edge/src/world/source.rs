//! The world as sessions watch it.

use super::Mirror;
use crate::hub::{Source, Update, Viewer, WatchError};
use crate::redis::LinkError;
use protocol::live::{NoKey, WorldTopic};
use protocol::{Region, RegionCode, World};
use tokio::sync::watch;

/// The mirror as a source of frames.
pub(crate) struct WorldSource(pub(crate) Mirror);

impl Source for WorldSource {
    type Topic = WorldTopic;

    const LOAD_MAX: usize = 1;

    async fn admit(&self, _: &Viewer, key: NoKey) -> Result<NoKey, WatchError> {
        Ok(key)
    }

    fn channel(&self, _: &NoKey) -> Option<String> {
        None
    }

    fn changes(&self) -> Option<watch::Receiver<u64>> {
        Some(self.0.changes())
    }

    async fn load(&self, _: &[NoKey]) -> Result<Vec<Option<Update<World>>>, LinkError> {
        if !self.0.is_full() {
            return Ok(vec![None]);
        }
        let (world, changes) = self.0.take_changes();
        let changed = |code: &RegionCode| {
            let known = world.region(code).cloned();
            known.unwrap_or_else(|| gone(code.clone()))
        };
        let update = Update {
            change: (!changes.all).then(|| World {
                full: false,
                regions: changes.codes.iter().map(changed).collect(),
                ..world
            }),
            whole: world,
        };
        Ok(vec![Some(update)])
    }
}

/// A region that is not shown any more.
fn gone(code: RegionCode) -> Region {
    Region {
        code,
        city: String::new(),
        lat: 0.0,
        lng: 0.0,
        clicks: 0,
        people: 0,
        connections: 0,
        instances: 0,
        reached_ms: None,
        reached_rev: None,
    }
}
