//! An engine behind a link that breaks, which can be killed.

use super::logged::Logged;
use crate::testing::Proxy;
use crate::{Config, Documents, Endpoint, Engine, Metrics, Sources};
use protocol::Document;
use std::io;
use std::time::Duration;
use tokio::runtime::Runtime;

/// The regions of the instances.
const REGIONS: [&str; 3] = ["fra", "ord", "syd"];

/// An engine in a runtime of its own.
pub(super) struct Instance {
    pub(super) engine: Engine,
    pub(super) runtime: Runtime,
    pub(super) link: Proxy,
}

impl Instance {
    /// Starts the instance of that number.
    pub(super) fn start<D: Document>(number: usize, redis: &str) -> io::Result<Self> {
        let link = Proxy::start(redis)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let region = REGIONS[number % REGIONS.len()];
        let redis = Endpoint::Url(link.url());
        let mut config = Config::new(region, redis).map_err(io::Error::other)?;
        config.limits.redis_timeout = Duration::from_millis(500);
        let context = runtime.enter();
        let sources = Sources::default().with_document::<Logged<D>>();
        let engine = Engine::start_with(config, Metrics::default(), sources);
        drop(context);
        Ok(Self {
            engine: engine.map_err(io::Error::other)?,
            runtime,
            link,
        })
    }

    /// Its documents.
    pub(super) fn documents<D: Document>(&self) -> Option<Documents<Logged<D>>> {
        self.engine.documents()
    }

    /// Ends all its tasks where they stand: nothing is flushed, nobody is told.
    pub(super) fn kill(self) {
        self.runtime.shutdown_background();
    }
}
