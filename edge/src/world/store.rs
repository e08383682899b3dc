//! Calls the scripts of the world.

use super::{Mirror, Snapshot};
use crate::redis::{Keys, Link, LinkError};
use crate::region::Place;
use redis::{FromRedisValue, ScriptInvocation};
use std::sync::Arc;

/// A script of the world, with the prelude before it.
pub(crate) struct Script(redis::Script);

impl Script {
    pub(crate) fn new(body: &str) -> Self {
        Self(redis::Script::new(&format!(
            "{}\n{body}",
            include_str!("prelude.lua")
        )))
    }
}

/// What the calling instance is.
#[derive(Clone, Debug)]
pub(crate) struct Own {
    /// Its name, new at each start.
    pub(crate) instance: String,
    /// Its region.
    pub(crate) place: Place,
    /// Where visitors reach it.
    pub(crate) url: String,
}

/// Calls scripts of the world on behalf of one instance. A cheap clone.
#[derive(Clone)]
pub(crate) struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    link: Link,
    keys: Keys,
    mirror: Mirror,
    own: Own,
    world_keys: Vec<String>,
    events: String,
    snapshot: Script,
}

impl Store {
    pub(crate) fn new(link: Link, keys: Keys, mirror: Mirror, own: Own) -> Self {
        let world_keys = keys.world_all();
        let events = keys.world_events();
        let snapshot = Script::new(include_str!("snapshot.lua"));
        let shared = Shared {
            link,
            keys,
            mirror,
            own,
            world_keys,
            events,
            snapshot,
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

    /// Where visitors reach this instance.
    pub(crate) fn url(&self) -> &str {
        &self.shared.own.url
    }

    pub(crate) fn place(&self) -> &Place {
        &self.shared.own.place
    }

    /// Runs a script with the keys and arguments that the prelude names, then the script's own.
    pub(crate) async fn call<T: FromRedisValue>(
        &self,
        script: &Script,
        more: impl FnOnce(&mut ScriptInvocation<'_>),
    ) -> Result<T, LinkError> {
        let shared = &*self.shared;
        let (epoch, rev) = shared.mirror.newest_known();
        let mut invocation = script.0.prepare_invoke();
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

    /// The world's truth and history.
    pub(crate) async fn snapshot(&self) -> Result<(Snapshot, Vec<i64>), LinkError> {
        let (json, history): (String, Vec<i64>) = self.call(&self.shared.snapshot, |_| {}).await?;
        let snapshot = serde_json::from_str(&json).map_err(|error| {
            LinkError::Redis(
                (
                    redis::ErrorKind::UnexpectedReturnType,
                    "the snapshot",
                    error.to_string(),
                )
                    .into(),
            )
        })?;
        Ok((snapshot, history))
    }

    /// Takes in the event that a script returned to this instance, empty where nothing changed.
    pub(crate) fn apply_own(&self, event: &str) {
        if event.is_empty() {
            return;
        }
        match serde_json::from_str(event) {
            Ok(event) => self.shared.mirror.apply(event),
            Err(error) => tracing::error!(%error, "An own event cannot be read"),
        }
    }
}
