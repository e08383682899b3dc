//! The scripts of mail, and what they say.

use super::claim::{Proof, TokenHash};
use crate::PersonId;
use crate::redis::{LinkError, unreadable};
use protocol::Cursor;
use redis::{FromRedisValue, Script, ScriptInvocation, Value};
use std::time::Duration;

/// What scripts answer in place of what was asked; `prelude.lua` names them.
const NOT_OWNER: i64 = -1;
const KEY_REUSED: i64 = -2;

/// A script of one mailbox: files that go before it, and itself.
macro_rules! script {
    ($($file:literal),+) => {
        Script::new(concat!(include_str!("prelude.lua"), $("\n", include_str!($file)),+))
    };
}

/// All of them.
pub(super) struct Scripts {
    pub(super) allow: Script,
    pub(super) store: Script,
    pub(super) keep: Script,
    pub(super) queue: Script,
    pub(super) claim: Script,
    pub(super) owns: Script,
    pub(super) seen: Script,
    pub(super) read: Script,
    pub(super) mailbox: Script,
    pub(super) conversation: Script,
    pub(super) note: Script,
    pub(super) once: Script,
    pub(super) take_up: Script,
    pub(super) taken_up: Script,
}

impl Scripts {
    pub(super) fn new() -> Self {
        Self {
            allow: script!("owner.lua", "allow.lua"),
            store: script!("put.lua", "store.lua"),
            keep: script!("put.lua", "keep.lua"),
            queue: Script::new(include_str!("queue.lua")),
            claim: script!("owner.lua", "claim.lua"),
            owns: script!("owner.lua", "owns.lua"),
            seen: script!("owner.lua", "seen.lua"),
            read: script!("owner.lua", "kept.lua", "read.lua"),
            mailbox: script!("owner.lua", "kept.lua", "unread.lua", "mailbox.lua"),
            conversation: script!("owner.lua", "kept.lua", "conversation.lua"),
            note: script!("owner.lua", "note.lua"),
            once: Script::new(include_str!("once.lua")),
            take_up: Script::new(include_str!("take_up.lua")),
            taken_up: Script::new(include_str!("taken_up.lua")),
        }
    }
}

/// What a script says that may refuse.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer<T> {
    /// What was asked.
    Done(T),
    /// The mailbox is not theirs who ask.
    NotOwner,
    /// The key came with another message.
    KeyReused,
    /// Too many in this minute; one more may be after so many milliseconds.
    Wait(u64),
}

impl<T> Answer<T> {
    /// What is made of what was asked, where it was not refused.
    pub(super) fn read<U>(
        self,
        make: impl FnOnce(T) -> Result<U, LinkError>,
    ) -> Result<Answer<U>, LinkError> {
        Ok(match self {
            Self::Done(done) => Answer::Done(make(done)?),
            Self::NotOwner => Answer::NotOwner,
            Self::KeyReused => Answer::KeyReused,
            Self::Wait(ms) => Answer::Wait(ms),
        })
    }
}

/// Reads what a script says: a number refuses.
pub(super) fn answer<T: FromRedisValue>(value: Value) -> Result<Answer<T>, LinkError> {
    match value {
        Value::Int(NOT_OWNER) => Ok(Answer::NotOwner),
        Value::Int(KEY_REUSED) => Ok(Answer::KeyReused),
        Value::Int(ms) => match u64::try_from(ms) {
            Ok(ms) => Ok(Answer::Wait(ms)),
            Err(_) => Err(unreadable("an answer")),
        },
        value => value_of(value).map(Answer::Done),
    }
}

pub(super) fn value_of<T: FromRedisValue>(value: Value) -> Result<T, LinkError> {
    T::from_redis_value(value).map_err(|_| unreadable("an answer"))
}

pub(super) fn cursor(text: &str) -> Result<Cursor, LinkError> {
    Cursor::parse(text).map_err(|_| unreadable("a letter's place"))
}

/// The arguments that tell who asks, as scripts take them.
pub(super) fn prove(call: &mut ScriptInvocation<'_>, proof: Option<&Proof>) {
    let token = proof.and_then(|proof| proof.token.as_ref());
    let person = proof.and_then(|proof| proof.person);
    call.arg(token.map(TokenHash::hex).unwrap_or_default())
        .arg(person.map(PersonId::member).unwrap_or_default());
}

/// Milliseconds, as scripts take them.
pub(super) fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
