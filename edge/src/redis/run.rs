//! Runs calls on a node, and waits for its replicas.

use super::link::{Shared, as_ms};
use super::node::{LiveConnection, Node};
use super::script::{Call, mark_key};
use super::{Confirm, ConfirmWhen, LinkError, unreadable};
use redis::aio::MultiplexedConnection;
use redis::{Cmd, FromRedisValue, Pipeline, RedisError, Role, Value, from_redis_value};

/// Runs a script on a node. If its answer waits for replicas, it has another connection than calls that do not wait.
pub(super) async fn run<T: FromRedisValue>(
    call: &Call<'_>,
    node: &Node,
    live: &LiveConnection,
    shared: &Shared,
) -> Result<T, LinkError> {
    let waiting = call.is_confirmed.then(|| live.waiting.next()).flatten();
    if let Some(mut connection) = waiting {
        let then = mark_and_wait(call.first_key(), shared.confirm);
        let [answer, marked, confirmed] = run_with(call, then, &mut connection, shared).await?;
        check([marked, confirmed], shared.confirm)?;
        return Ok(from_redis_value(answer).map_err(RedisError::from)?);
    }
    let mut connection = live.connection.clone();
    if !(call.is_confirmed && shared.fails_over && shared.confirm.when == ConfirmWhen::Replicated) {
        return Ok(invoke(call, &mut connection, shared.is_cluster).await?);
    }
    // The node had no replicas when its task last looked. If it has one now, that one may be promoted in a moment.
    let [answer, role] = run_with(call, [redis::cmd("ROLE")], &mut connection, shared).await?;
    if let Ok(Role::Primary { replicas, .. }) = from_redis_value(role)
        && !replicas.is_empty()
    {
        node.look();
        wait(call.first_key(), &mut connection, shared.confirm).await?;
    }
    Ok(from_redis_value(answer).map_err(RedisError::from)?)
}

/// Waits until enough replicas have what was stored before.
pub(super) async fn wait(
    key: &str,
    connection: &mut MultiplexedConnection,
    confirm: Confirm,
) -> Result<(), LinkError> {
    let mut pipeline = Pipeline::with_capacity(2);
    for command in mark_and_wait(key, confirm) {
        pipeline.add_command(command);
    }
    let answers = connection.send_packed_commands(&pipeline, 0, 2).await?;
    let answers = <[Value; 2]>::try_from(answers)
        .map_err(|_| unreadable("the answers to several commands"))?;
    check(answers, confirm)
}

/// The commands that wait for replicas. As Valkey waits for nothing where nothing was written, and a repeated call may have
/// nothing to write, something is written beside this key.
fn mark_and_wait(key: &str, confirm: Confirm) -> [Cmd; 2] {
    let mut mark = redis::cmd("SET");
    mark.arg(mark_key(key)).arg("").arg("PX").arg(1_000);
    let mut wait = redis::cmd("WAIT");
    wait.arg(confirm.replicas).arg(as_ms(confirm.within));
    [mark, wait]
}

/// Checks the answers to these commands.
fn check([marked, confirmed]: [Value; 2], confirm: Confirm) -> Result<(), LinkError> {
    marked.extract_error()?;
    // An error if waiting is forbidden, or the node is no longer the primary.
    let confirmed: u32 = from_redis_value(confirmed.extract_error()?).map_err(RedisError::from)?;
    match confirmed >= confirm.replicas {
        true => Ok(()),
        false => Err(LinkError::Unconfirmed),
    }
}

/// Runs a script and then other commands, in one round trip. The answers to all.
async fn run_with<const MORE: usize, const ALL: usize>(
    call: &Call<'_>,
    then: [Cmd; MORE],
    connection: &mut MultiplexedConnection,
    shared: &Shared,
) -> Result<[Value; ALL], LinkError> {
    let mut by_hash = true;
    loop {
        let mut pipeline = Pipeline::with_capacity(ALL);
        pipeline.add_command(call.command(by_hash, shared.is_cluster));
        for command in &then {
            pipeline.add_command(command.clone());
        }
        let answers = connection.send_packed_commands(&pipeline, 0, ALL).await?;
        let mut answers = <[Value; ALL]>::try_from(answers)
            .map_err(|_| unreadable("the answers to several commands"))?;
        match std::mem::take(&mut answers[0]).extract_error() {
            Err(error) if by_hash && error.code() == Some("NOSCRIPT") => by_hash = false,
            Err(error) => return Err(error.into()),
            Ok(answer) => {
                answers[0] = answer;
                return Ok(answers);
            }
        }
    }
}

/// Runs a script on this connection.
pub(super) async fn invoke<T: FromRedisValue>(
    call: &Call<'_>,
    connection: &mut MultiplexedConnection,
    in_cluster: bool,
) -> Result<T, RedisError> {
    match call.command(true, in_cluster).query_async(connection).await {
        Err(error) if error.code() == Some("NOSCRIPT") => {
            call.command(false, in_cluster)
                .query_async(connection)
                .await
        }
        outcome => outcome,
    }
}
