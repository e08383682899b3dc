//! Slots: which key is in which, and moving them.

use super::view::id_of;
use super::{RedisCluster, SLOTS};
use redis::aio::MultiplexedConnection;
use redis::{FromRedisValue, RedisError};
use std::io;

/// Keys that move in one step, in which both nodes stand still. Few, so that moving takes many.
const KEYS_AT_ONCE: usize = 10;
/// How long one step may take, in milliseconds.
const STEP_MAX_MS: usize = 10_000;

impl RedisCluster {
    /// The slot of a key: that of its hash tag, if it has one.
    #[must_use]
    pub fn slot_of(key: &str) -> u16 {
        let tag = key
            .split_once('{')
            .and_then(|(_, rest)| rest.split_once('}'))
            .map_or("", |(tag, _)| tag);
        let hashed = if tag.is_empty() { key } else { tag };
        crc16::State::<crc16::XMODEM>::calculate(hashed.as_bytes()) % SLOTS
    }

    /// Moves a slot and its keys to another primary, a few keys at a time, as resharding does.
    ///
    /// # Errors
    /// Where a node refuses: the slot may be half-moved then, and the same call goes on with it.
    pub async fn move_slot(&self, slot: u16, to: usize) -> io::Result<()> {
        let from = self.primary_of_slot(slot).await?;
        if from == to {
            return Ok(());
        }
        let mut source = self.nodes[from].connection().await?;
        let mut target = self.nodes[to].connection().await?;
        let step = |state: &str, node| {
            vec![
                "SETSLOT".into(),
                slot.to_string(),
                state.into(),
                id_of(node),
            ]
        };
        set(&mut target, step("IMPORTING", from)).await?;
        set(&mut source, step("MIGRATING", to)).await?;
        loop {
            let some = vec![
                "GETKEYSINSLOT".into(),
                slot.to_string(),
                KEYS_AT_ONCE.to_string(),
            ];
            let keys: Vec<Vec<u8>> = cluster(&mut source, some).await?;
            if keys.is_empty() {
                break;
            }
            self.migrate(&mut source, to, &keys).await?;
        }
        // The new one first: should all else fail, nobody would point at one that knows nothing of it.
        set(&mut target, step("NODE", to)).await?;
        set(&mut source, step("NODE", to)).await
    }

    async fn migrate(
        &self,
        source: &mut MultiplexedConnection,
        to: usize,
        keys: &[Vec<u8>],
    ) -> io::Result<()> {
        let node = &self.nodes[to];
        let mut migrate = redis::cmd("MIGRATE");
        migrate.arg("127.0.0.1").arg(node.port()).arg("").arg(0);
        migrate.arg(STEP_MAX_MS);
        if let Some(password) = node.password() {
            migrate.arg("AUTH").arg(password);
        }
        migrate.arg("KEYS").arg(keys);
        let moved: Result<(), RedisError> = migrate.query_async(source).await;
        moved.map_err(io::Error::other)
    }
}

async fn cluster<T: FromRedisValue>(
    node: &mut MultiplexedConnection,
    words: Vec<String>,
) -> io::Result<T> {
    let mut command = redis::cmd("CLUSTER");
    let answer = command.arg(words).query_async(node).await;
    answer.map_err(io::Error::other)
}

async fn set(node: &mut MultiplexedConnection, words: Vec<String>) -> io::Result<()> {
    cluster(node, words).await
}
