//! An instance that can be killed.

use super::{config, metrics, patient};
use edge::{Config, Endpoint, Engine, Limits};
use std::ops::Deref;
use tokio::runtime::Runtime;

/// An engine in a runtime of its own, which ends as a killed process does: in the middle of everything.
pub struct Instance {
    engine: Engine,
    runtime: Runtime,
}

impl Instance {
    pub fn start(region: &str, redis: Endpoint, limits: Limits) -> Self {
        Self::start_with(config(region, redis, limits))
    }

    /// Starts one that is told all that.
    pub fn start_with(config: Config) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let context = runtime.enter();
        let engine = Engine::start(config, metrics()).unwrap();
        drop(context);
        Self { engine, runtime }
    }

    /// Starts one over the Redis at that URL.
    pub fn start_at(region: &str, url: &str) -> Self {
        Self::start(region, Endpoint::Url(url.into()), patient())
    }

    /// Ends all its tasks where they stand: nothing is flushed, nobody is told.
    pub fn kill(self) {
        self.runtime.shutdown_background();
    }
}

impl Deref for Instance {
    type Target = Engine;

    fn deref(&self) -> &Engine {
        &self.engine
    }
}
