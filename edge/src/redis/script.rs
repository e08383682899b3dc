//! Scripts, put together from files, and calls of them.

use redis::{Cmd, ToRedisArgs};

/// Builds a [`Script`] from Lua files, joined in this order; their paths are relative to the calling file.
macro_rules! script {
    ($($file:literal),+ $(,)?) => {
        $crate::redis::Script::new(concat!($(include_str!($file), "\n"),+))
    };
}
pub(crate) use script;

/// The slots of a Redis Cluster (cluster specification, "Key distribution model").
pub(super) const SLOTS: u16 = 16_384;

/// A script in Lua, called by its hash.
#[derive(Debug)]
pub(crate) struct Script {
    text: &'static str,
    hash: String,
}

impl Script {
    pub(crate) fn new(text: &'static str) -> Self {
        let hash = redis::Script::new(text).get_hash().to_owned();
        Self { text, hash }
    }

    /// A call that names this key first.
    pub(crate) fn key(&self, key: impl Into<String>) -> Call<'_> {
        let mut call = self.prepare();
        call.key(key);
        call
    }

    /// A call without keys yet; it needs at least one.
    pub(crate) fn prepare(&self) -> Call<'_> {
        Call {
            script: self,
            keys: Vec::new(),
            args: Vec::new(),
            is_confirmed: false,
        }
    }
}

/// A call of a script: its keys and arguments.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    script: &'a Script,
    keys: Vec<String>,
    args: Vec<Vec<u8>>,
    /// Whether the answer waits for a replica.
    pub(super) is_confirmed: bool,
}

impl Call<'_> {
    /// Adds a key. All keys of a call are in one slot.
    pub(crate) fn key(&mut self, key: impl Into<String>) -> &mut Self {
        self.keys.push(key.into());
        self
    }

    /// Adds an argument, or several.
    pub(crate) fn arg(&mut self, arg: impl ToRedisArgs) -> &mut Self {
        self.args.extend(arg.to_redis_args());
        self
    }

    /// Answers only once a replica has what the script wrote, where Redis has replicas: for what somebody is told is done.
    pub(crate) fn confirm(&mut self) -> &mut Self {
        self.is_confirmed = true;
        self
    }

    /// Its first key; all others are in the same slot.
    pub(super) fn first_key(&self) -> &str {
        self.keys.first().map_or("", String::as_str)
    }

    /// The command that runs the script: by its hash, or with its text if Redis does not know it.
    ///
    /// For a cluster it names one more key, which never exists. While a slot moves, a node refuses a command if it misses
    /// one of several keys (cluster specification, "Multi-key operations"): so no script ever sees half of its keys, those
    /// that it makes up from a prefix included.
    pub(super) fn command(&self, by_hash: bool, in_cluster: bool) -> Cmd {
        let (name, script) = match by_hash {
            true => ("EVALSHA", self.script.hash.as_str()),
            false => ("EVAL", self.script.text),
        };
        let absent =
            in_cluster
                .then(|| self.keys.first())
                .flatten()
                .map(|key| match key.find('}') {
                    // With the prefix, as that may be all that the user may touch.
                    Some(end) => key[..=end].to_owned(),
                    None => format!("{{{key}}}"),
                });
        let mut command = redis::cmd(name);
        command
            .arg(script)
            .arg(self.keys.len() + usize::from(absent.is_some()))
            .arg(&self.keys)
            .arg(absent)
            .arg(&self.args);
        command
    }
}

/// A key in the same slot, to write where it must be certain that something is written.
pub(super) fn mark_key(key: &str) -> String {
    let tagged = key.find('}').map_or(key, |end| &key[..=end]);
    format!("{tagged}:1:mark")
}

/// The slot of a key or channel (cluster specification, "Hash tags").
pub(super) fn slot(key: &str) -> u16 {
    crc16::State::<crc16::XMODEM>::calculate(tag(key).as_bytes()) % SLOTS
}

/// The part of a key that decides on its slot.
fn tag(key: &str) -> &str {
    key.split_once('{')
        .and_then(|(_, rest)| rest.split_once('}'))
        .map(|(tag, _)| tag)
        .filter(|tag| !tag.is_empty())
        .unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_those_of_the_specification() {
        assert_eq!(slot("123456789"), 0x31C3);
        assert_eq!(slot("a:{user1000}.following"), slot("user1000"));
        assert_eq!(slot("foo{}{bar}"), slot("foo{}{bar}"));
        assert_eq!(tag("foo{}{bar}"), "foo{}{bar}");
        assert_eq!(tag("foo{{bar}}zap"), "{bar");
        assert_eq!(tag("foo{bar}{zap}"), "bar");
    }

    #[test]
    fn a_cluster_is_told_of_a_key_that_never_exists() {
        let script = Script::new("return 1");
        let mut call = script.key("m:{world}:1:meta");
        call.arg("x").arg([1, 2].as_slice());

        let arguments = |in_cluster| -> Vec<String> {
            let command = call.command(true, in_cluster);
            let words = command.args_iter().map(|arg| match arg {
                redis::Arg::Simple(word) => String::from_utf8_lossy(word).into_owned(),
                _ => String::new(),
            });
            words.skip(2).collect()
        };

        assert_eq!(mark_key("m:{world}:1:meta"), "m:{world}:1:mark");
        assert_eq!(arguments(false), ["1", "m:{world}:1:meta", "x", "1", "2"]);
        assert_eq!(
            arguments(true),
            ["2", "m:{world}:1:meta", "m:{world}", "x", "1", "2"]
        );
    }
}
