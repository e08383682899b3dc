//! Large transfers.

use super::LinkError;
use super::link::{Link, Shared, is_elsewhere};
use super::node::LiveConnection;
use super::run::invoke;
use super::script::{Call, slot};
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, FromRedisValue};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// The time-out of a bulk call: a megabyte at half a megabit per second, and some more. A dead connection is noticed much
/// earlier, on the common one.
const BULK_TIMEOUT: Duration = Duration::from_secs(30);

impl Link {
    /// Opens a separate connection for large transfers, which would delay all else on the common one.
    ///
    /// # Errors
    /// [`LinkError`].
    pub(crate) async fn bulk(&self) -> Result<Bulk, LinkError> {
        let node = self.node(slot(&self.home));
        let live = node.live().ok_or(LinkError::Away)?;
        let timeout = self.shared.timeout;
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(timeout))
            .set_response_timeout(Some(BULK_TIMEOUT));
        let connecting = live
            .client
            .get_multiplexed_async_connection_with_config(&config);
        let connection = tokio::time::timeout(timeout * 2, connecting)
            .await
            .map_err(|_| LinkError::Timeout)??;
        Ok(Bulk {
            connection,
            common: node.watch(),
            generation: live.generation,
            shared: self.shared.clone(),
        })
    }
}

/// A connection for large transfers, closed when dropped. Its calls fail once the common one has broken.
pub(crate) struct Bulk {
    connection: MultiplexedConnection,
    /// The common connection, and which one it was when this one was opened.
    common: watch::Receiver<Option<LiveConnection>>,
    generation: u64,
    shared: Arc<Shared>,
}

impl Bulk {
    /// Runs a script, and loads it first if Redis does not know it. Whatever fails says nothing of the common
    /// connection.
    ///
    /// # Errors
    /// [`LinkError`]; after [`LinkError::Timeout`] the script may or may not have run.
    pub(crate) async fn call<T: FromRedisValue>(
        &mut self,
        call: &Call<'_>,
    ) -> Result<T, LinkError> {
        let mut connection = self.connection.clone();
        let in_cluster = self.shared.is_cluster;
        self.answer(invoke(call, &mut connection, in_cluster)).await
    }

    /// Reads strings of one slot; `None` for missing ones.
    ///
    /// # Errors
    /// [`LinkError`].
    pub(crate) async fn read(
        &mut self,
        keys: &[String],
    ) -> Result<Vec<Option<Vec<u8>>>, LinkError> {
        let mut connection = self.connection.clone();
        let mut command = redis::cmd("MGET");
        self.answer(command.arg(keys).query_async(&mut connection))
            .await
    }

    /// Waits for an answer until the time-out, or until the common connection is replaced.
    async fn answer<T>(
        &mut self,
        call: impl Future<Output = redis::RedisResult<T>>,
    ) -> Result<T, LinkError> {
        let generation = self.generation;
        let broken = self.common.wait_for(|live| {
            let now = live.as_ref().map(|live| live.generation);
            now != Some(generation)
        });
        tokio::select! {
            answer = tokio::time::timeout(BULK_TIMEOUT, call) => {
                let answer = answer.map_err(|_| LinkError::Timeout)?;
                if answer.as_ref().is_err_and(is_elsewhere) {
                    self.shared.moved.notify_one();
                }
                Ok(answer?)
            }
            _ = broken => Err(LinkError::Away),
        }
    }
}
