//! The scripts of mail, and their answers.

use super::claim::{Credentials, TokenHash};
use crate::PersonId;
use crate::redis::{LinkError, script, unreadable};
use protocol::Cursor;
use redis::{FromRedisValue, Script, ScriptInvocation, Value};

/// What scripts return instead of a result; named in `prelude.lua`.
const NOT_OWNER: i64 = -1;
const KEY_REUSED: i64 = -2;

/// A script of one mailbox.
macro_rules! mailbox_script {
    ($($file:literal),+) => {
        script!("prelude.lua", $($file),+)
    };
}

/// All scripts.
pub(super) struct MailScripts {
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
    pub(super) accept_token: Script,
    pub(super) set_address: Script,
    pub(super) address_of_person: Script,
}

impl MailScripts {
    pub(super) fn new() -> Self {
        Self {
            allow: mailbox_script!("owner.lua", "allow.lua"),
            store: mailbox_script!("put.lua", "store.lua"),
            keep: mailbox_script!("put.lua", "keep.lua"),
            queue: script!("queue.lua"),
            claim: mailbox_script!("owner.lua", "claim.lua"),
            owns: mailbox_script!("owner.lua", "owns.lua"),
            seen: mailbox_script!("owner.lua", "seen.lua"),
            read: mailbox_script!("owner.lua", "kept.lua", "read.lua"),
            mailbox: mailbox_script!("owner.lua", "kept.lua", "unread.lua", "mailbox.lua"),
            conversation: mailbox_script!("owner.lua", "kept.lua", "conversation.lua"),
            note: mailbox_script!("owner.lua", "note.lua"),
            accept_token: script!("accept_token.lua"),
            set_address: script!("set_address.lua"),
            address_of_person: script!("address_of_person.lua"),
        }
    }
}

/// The answer of a script that may refuse.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer<T> {
    /// The result.
    Done(T),
    /// The caller does not own the mailbox.
    NotOwner,
    /// The idempotency key was used for another message.
    KeyReused,
    /// Too many in this minute; retry after this many milliseconds.
    Wait(u64),
}

impl<T> Answer<T> {
    /// Converts the result, if there is one.
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

/// Reads a script's answer: a number is a refusal.
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

/// Adds the arguments by which scripts recognise the owner.
pub(super) fn add_credentials(call: &mut ScriptInvocation<'_>, proof: Option<&Credentials>) {
    let token = proof.and_then(|proof| proof.token.as_ref());
    let person = proof.and_then(|proof| proof.person);
    call.arg(token.map(TokenHash::hex).unwrap_or_default())
        .arg(person.map(PersonId::member).unwrap_or_default());
}
