//! Calls the world's scripts.

use super::arrivals::Confirmation;
use super::{Mirror, Snapshot};
use crate::redis::{Call, Events, Keys, Link, LinkError, Script, script};
use crate::region::Place;
use redis::FromRedisValue;
use std::sync::Arc;

/// The calling instance.
#[derive(Clone, Debug)]
pub(crate) struct InstanceInfo {
    /// Its name, new at each start.
    pub(crate) instance: String,
    /// Its region.
    pub(crate) place: Place,
    /// Its URL for visitors.
    pub(crate) url: String,
}

/// Calls the world's scripts on behalf of one instance. Cheap to clone.
#[derive(Clone)]
pub(crate) struct WorldStore {
    shared: Arc<Shared>,
}

struct Shared {
    link: Link,
    keys: Keys,
    mirror: Mirror,
    own: InstanceInfo,
    world_keys: [String; 12],
    events: String,
    snapshot: Script,
    alive: Script,
    confirm: Script,
}

impl WorldStore {
    pub(crate) fn new(link: Link, keys: Keys, mirror: Mirror, own: InstanceInfo) -> Self {
        let world_keys = keys.world_all();
        let events = keys.world_events();
        let snapshot = script!("../redis/time.lua", "prelude.lua", "snapshot.lua");
        let shared = Shared {
            link,
            keys,
            mirror,
            own,
            world_keys,
            events,
            snapshot,
            alive: script!("alive.lua"),
            confirm: script!("confirm.lua"),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    pub(crate) fn link(&self) -> &Link {
        &self.shared.link
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.shared.keys
    }

    pub(crate) fn mirror(&self) -> &Mirror {
        &self.shared.mirror
    }

    pub(crate) fn instance(&self) -> &str {
        &self.shared.own.instance
    }

    /// This instance's URL for visitors.
    pub(crate) fn url(&self) -> &str {
        &self.shared.own.url
    }

    pub(crate) fn place(&self) -> &Place {
        &self.shared.own.place
    }

    /// Runs a script with the keys and arguments that its preludes name, followed by its own.
    pub(crate) async fn call<T: FromRedisValue>(
        &self,
        script: &Script,
        more: impl FnOnce(&mut Call<'_>),
    ) -> Result<T, LinkError> {
        let shared = &*self.shared;
        let (epoch, rev) = shared.mirror.newest_known();
        let mut invocation = script.prepare();
        for key in &shared.world_keys {
            invocation.key(key);
        }
        invocation
            .arg(epoch)
            .arg(rev)
            .arg(&shared.own.instance)
            .arg(&shared.events)
            .arg(shared.own.place.code.as_str());
        more(&mut invocation);
        shared.link.call(&invocation).await
    }

    /// Reads the world and its history.
    pub(crate) async fn snapshot(&self) -> Result<(Snapshot, Vec<i64>), LinkError> {
        let (json, history): (String, Vec<i64>) = self.call(&self.shared.snapshot, |_| {}).await?;
        let snapshot = serde_json::from_str(&json).map_err(|error| {
            let kind = redis::ErrorKind::UnexpectedReturnType;
            LinkError::Redis((kind, "the snapshot", error.to_string()).into())
        })?;
        Ok((snapshot, history))
    }

    /// Tells all instances that this one lives; works while Redis takes no writes, too.
    pub(crate) async fn say_alive(&self) -> Result<(), LinkError> {
        self.call(&self.shared.alive, |_| {}).await
    }

    /// What other regions tell of this instance's clicks.
    pub(crate) fn confirmations(&self) -> Events {
        let channel = self.shared.keys.arrivals(self.instance());
        self.shared.link.hear(&channel)
    }

    /// Tells an instance of another region that its clicks are here.
    pub(crate) async fn confirm(
        &self,
        instance: &str,
        confirmation: &Confirmation,
    ) -> Result<(), LinkError> {
        let channel = self.shared.keys.arrivals(instance);
        let json = serde_json::to_string(confirmation).unwrap_or_default();
        self.call(&self.shared.confirm, |call| {
            call.arg(channel).arg(json);
        })
        .await
    }

    /// Applies the event that a script returned to this instance; it is empty if nothing changed.
    pub(crate) fn apply_own(&self, event: &str) {
        if event.is_empty() {
            return;
        }
        match serde_json::from_str(event) {
            Ok(event) => self.shared.mirror.apply(event),
            Err(error) => tracing::error!(%error, "Failed to parse an event of this instance"),
        }
    }
}
