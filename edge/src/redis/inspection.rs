//! What is asked of a Redis at each connect: whether it is one to build on.

use super::{LinkError, RedisConcern, Script, script};
use redis::aio::MultiplexedConnection;
use redis::{FromRedisValue, Pipeline, RedisError, Value};
use std::sync::LazyLock;
use std::time::Duration;

/// The oldest Redis with sharded channels.
const OLDEST: u32 = 7;

/// What is forbidden where it is no command.
const KEYS: &str = "keys that begin with REDIS_PREFIX";
const CHANNELS: &str = "channels that begin with REDIS_PREFIX";

/// Says which of some commands are forbidden in scripts.
static PERMISSIONS: LazyLock<Script> = LazyLock::new(|| script!("permissions.lua"));

/// The commands that scripts call.
#[rustfmt::skip]
const IN_SCRIPTS: &[&str] = &[
    "DEL", "EXISTS", "GET", "HDEL", "HEXISTS", "HGET", "HGETALL", "HINCRBY", "HKEYS", "HLEN", "HMGET", "HSET", "HVALS",
    "INCR", "INCRBY", "LLEN", "LPOP", "LPUSH", "LRANGE", "LREM", "LTRIM", "PEXPIRE", "PTTL", "RPUSH", "SADD", "SET",
    "SISMEMBER", "SPOP", "SPUBLISH", "SREM", "TIME", "UNLINK", "XACK", "XADD", "XDEL", "XGROUP CREATE", "XLEN", "XRANGE",
    "XREADGROUP", "XREVRANGE", "XTRIM", "ZADD", "ZCARD", "ZCOUNT", "ZINCRBY", "ZLEXCOUNT", "ZMSCORE", "ZRANGE",
    "ZRANGEBYLEX", "ZRANGEBYSCORE", "ZREM", "ZREMRANGEBYRANK", "ZREVRANGE", "ZREVRANGEBYLEX", "ZREVRANGEBYSCORE",
    "ZSCORE",
];

/// Looks for what is wrong with a Redis. It is asked in one round trip, and nothing is changed; `scratch` names a key, and
/// a channel, that nothing else uses.
///
/// # Errors
/// [`LinkError`] where it does not answer.
pub(super) async fn inspect(
    connection: &mut MultiplexedConnection,
    scratch: &str,
    timeout: Duration,
) -> Result<Vec<RedisConcern>, LinkError> {
    let mut permissions = PERMISSIONS.prepare();
    permissions.arg(scratch).arg(IN_SCRIPTS);
    let mut pipeline = Pipeline::with_capacity(6);
    pipeline.cmd("INFO");
    pipeline.cmd("ROLE");
    pipeline.cmd("WAIT").arg(0).arg(1);
    pipeline.cmd("MGET").arg(scratch);
    pipeline.add_command(permissions.command(true, false));
    pipeline.add_command(permissions.command(false, false));
    let asking = connection.send_packed_commands(&pipeline, 0, pipeline.len());
    let answers = tokio::time::timeout(timeout, asking).await;
    Ok(concerns(answers.map_err(|_| LinkError::Timeout)??))
}

/// What the answers tell. Whatever is not answered, or cannot be read, is no concern.
fn concerns(answers: Vec<Value>) -> Vec<RedisConcern> {
    let (mut concerns, mut forbidden) = (Vec::new(), Vec::new());
    for (place, answer) in answers.into_iter().enumerate() {
        match answer.extract_error() {
            Err(error) => forbidden.extend(forbids(&error)),
            Ok(info) if place == 0 => {
                let info = String::from_redis_value(info).unwrap_or_default();
                concerns.extend(told(&info));
            }
            Ok(Value::Array(names)) if place > 3 => {
                let names = names.into_iter().map(String::from_redis_value);
                forbidden.extend(names.flatten().map(|name| match name.as_str() {
                    "keys" => KEYS.to_owned(),
                    "channels" => CHANNELS.to_owned(),
                    _ => name,
                }));
            }
            Ok(_) => {}
        }
    }
    forbidden.sort_unstable();
    forbidden.dedup();
    if !forbidden.is_empty() {
        concerns.push(RedisConcern::Forbids(forbidden.join(", ")));
    }
    concerns
}

/// What the error says is forbidden, if it says so.
pub(super) fn forbids(error: &RedisError) -> Option<String> {
    if error.code() != Some("NOPERM") {
        return None;
    }
    let told = error.to_string();
    // Of a command its name stands between apostrophes.
    Some(match told.split('\'').nth(1) {
        Some(command) if told.contains("run the") => command.to_uppercase(),
        _ if told.contains("channel") => CHANNELS.into(),
        _ => KEYS.into(),
    })
}

/// What `INFO` tells.
fn told(info: &str) -> impl Iterator<Item = RedisConcern> {
    let field = |names: &[&str]| {
        info.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            names.contains(&name).then(|| value.trim())
        })
    };
    // Valkey tells a version of Redis that it is like, and calls the mode so unless it is to look like Redis.
    let kind = match field(&["redis_mode", "server_mode"]) {
        Some("cluster") => Some(RedisConcern::IsClusterNode),
        Some("sentinel") => Some(RedisConcern::IsSentinel),
        _ => None,
    };
    let version = field(&["redis_version"]).filter(|version| {
        let major = version
            .split('.')
            .next()
            .and_then(|major| major.parse().ok());
        major.is_some_and(|major: u32| major < OLDEST)
    });
    let policy = field(&["maxmemory_policy"]).filter(|policy| *policy != "noeviction");
    let too_old = version.map(|version| RedisConcern::TooOld(version.into()));
    let evicts = policy.map(|policy| RedisConcern::Evicts(policy.into()));
    kind.into_iter().chain(too_old).chain(evicts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn info_tells_what_to_know() {
        let all = |info: &str| told(info).collect::<Vec<_>>();

        assert_eq!(
            all(
                "# Server\r\nredis_version:6.2.7\r\nredis_mode:standalone\r\nmaxmemory_policy:noeviction\r\n"
            ),
            [RedisConcern::TooOld("6.2.7".into())]
        );
        assert_eq!(
            all(
                "redis_version:7.2.4\r\nvalkey_version:8.1.1\r\nserver_mode:cluster\r\nmaxmemory_policy:volatile-lru"
            ),
            [
                RedisConcern::IsClusterNode,
                RedisConcern::Evicts("volatile-lru".into())
            ]
        );
        assert_eq!(all("redis_mode:sentinel"), [RedisConcern::IsSentinel]);
        assert_eq!(all("redis_version:10.0.0"), []);
    }

    #[test]
    fn every_command_of_a_script_is_looked_at() {
        let mut called = BTreeSet::new();
        scripts(
            Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")),
            &mut |text| {
                for call in text.split("call('").skip(1) {
                    let name = call.split('\'').next().unwrap();
                    called.insert(name.to_owned());
                }
            },
        );

        let known = IN_SCRIPTS
            .iter()
            .map(|command| command.split(' ').next().unwrap().to_owned());
        assert_eq!(called, known.collect());
    }

    fn scripts(folder: &Path, see: &mut impl FnMut(&str)) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                scripts(&path, see);
            } else if path.extension().is_some_and(|kind| kind == "lua") {
                see(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
}
