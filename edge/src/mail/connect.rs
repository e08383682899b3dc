//! Mail without an instance, for operators' commands.

use super::Mail;
use crate::redis::{ConfigError, Keys, Link, LinkTask};
use crate::{Config, Metrics};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Takes the place of an instance's name; it holds no lease.
const NOBODY: &str = "command";

/// Access to a cluster's mail without registering an instance.
pub struct MailLink {
    mail: Mail,
    link: Link,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl MailLink {
    /// Connects in the background; see [`ready`](Self::ready).
    ///
    /// # Errors
    /// [`ConfigError`] if a setting is invalid.
    pub fn open(config: Config) -> Result<Self, ConfigError> {
        let metrics = Metrics::default();
        let keys = Keys::new(&config.prefix, config.redis.database());
        let limits = &config.limits;
        // The world's events are ignored.
        let (link, task, _events) = LinkTask::new(
            (&config.redis, &config.redis_tls),
            (&keys.world_events(), keys.scratch()),
            (limits.redis_timeout, limits.confirm),
            metrics.clone(),
        )?;
        let mail = Mail::new(
            (link.clone(), keys),
            (config.regions, config.peers),
            NOBODY.into(),
            config.limits.mail,
            metrics.mail,
        );
        let stop = CancellationToken::new();
        let task = tokio::spawn(task.run(stop.clone()));
        Ok(Self {
            mail,
            link,
            stop,
            task,
        })
    }

    /// Waits up to `at_most` for Redis; returns whether it is reachable.
    pub async fn ready(&self, at_most: Duration) -> bool {
        tokio::time::timeout(at_most, self.link.up()).await.is_ok()
    }

    /// The mail.
    #[must_use]
    pub fn mail(&self) -> &Mail {
        &self.mail
    }

    /// Disconnects, and stops Redis if this started it.
    pub async fn close(self) {
        self.stop.cancel();
        // A task that panicked has ended as well.
        let _ended = self.task.await;
    }
}
