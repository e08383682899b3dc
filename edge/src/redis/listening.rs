//! Subscribes to a node's channels, and hears what is published.

use super::LinkError;
use super::node_task::{Connections, NodeTask};
use redis::aio::{MultiplexedConnection, SendError};
use redis::{Pipeline, PushInfo, PushKind, Value};
use std::sync::Arc;

/// The most channels per pipeline: this many block Redis for less than a millisecond.
const CHANNELS_MAX: usize = 500;

impl NodeTask {
    /// Subscribes to channels, or unsubscribes from them. Each is a command of its own, as they may be in different slots.
    pub(super) async fn send_channels(
        &self,
        listening: &mut MultiplexedConnection,
        command: &str,
        channels: &[Arc<str>],
    ) -> Result<(), LinkError> {
        for some in channels.chunks(CHANNELS_MAX) {
            let mut pipeline = Pipeline::with_capacity(some.len());
            for channel in some {
                pipeline.cmd(command).arg(&**channel);
            }
            let sending = listening.send_packed_commands(&pipeline, 0, some.len());
            let answers = tokio::time::timeout(self.shared.timeout, sending)
                .await
                .map_err(|_| LinkError::Timeout)??;
            for answer in answers {
                answer.extract_error()?;
            }
        }
        Ok(())
    }

    /// Subscribes to newly followed channels, and unsubscribes from unfollowed ones.
    pub(super) async fn adjust(&self, connections: &mut Connections) -> Result<(), LinkError> {
        let subscriptions = &self.node.subscriptions;
        let changes = subscriptions.take_changes();
        let mut fresh = changes.followed.clone();
        fresh.retain(|channel| connections.subscribed.insert(channel.clone()));
        self.send_channels(&mut connections.listening, "SSUBSCRIBE", &fresh)
            .await?;
        let mut old = changes.given_up;
        old.retain(|channel| connections.subscribed.remove(channel));
        for channel in &old {
            subscriptions.leave(channel);
        }
        self.send_channels(&mut connections.listening, "SUNSUBSCRIBE", &old)
            .await?;
        // A channel that was unfollowed and followed again meanwhile has a new follower.
        for channel in &changes.followed {
            subscriptions.begin(channel);
        }
        Ok(())
    }

    pub(super) fn push_sender(
        &self,
        generation: u64,
    ) -> impl Fn(PushInfo) -> Result<(), SendError> + Send + Sync + 'static {
        let node = self.node.clone();
        move |push| {
            match push.kind {
                PushKind::SMessage => {
                    node.mark_heard();
                    if let Some((channel, message)) = message(push.data) {
                        node.subscriptions
                            .hear(&String::from_utf8_lossy(&channel), message);
                    }
                }
                PushKind::SUnsubscribe => {
                    if let Some(Value::BulkString(channel)) = push.data.first()
                        && !node.subscriptions.left(&String::from_utf8_lossy(channel))
                    {
                        // The channel's slot has moved to another node.
                        node.renew(generation);
                    }
                }
                PushKind::Disconnection => node.renew(generation),
                _ => {}
            }
            Ok(())
        }
    }
}

/// The channel and payload of a pushed message.
fn message(data: Vec<Value>) -> Option<(Vec<u8>, Vec<u8>)> {
    match <[Value; 2]>::try_from(data) {
        Ok([Value::BulkString(channel), Value::BulkString(payload)]) => Some((channel, payload)),
        _ => None,
    }
}
