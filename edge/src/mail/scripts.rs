//! Calls of mail's scripts, and their answers.

use super::claim::{Credentials, TokenHash};
use super::{Mail, MailError};
use crate::PersonId;
use crate::redis::{Call, LinkError, Script, unreadable};
use protocol::{Cursor, MailAddress};
use redis::{FromRedisValue, Value};

/// What scripts return instead of a result; named in `prelude.lua`.
const NOT_OWNER: i64 = -1;
const KEY_REUSED: i64 = -2;
const BLOCKED: i64 = -3;
const UNVERIFIED_BLOCKED: i64 = -4;
const TOO_MANY_BLOCKS: i64 = -5;

/// A script of mail, built when it is first called.
macro_rules! mail_script {
    ($($file:literal),+) => {
        ::std::sync::LazyLock::new(|| crate::redis::script!($($file),+))
    };
}
pub(super) use mail_script;

impl Mail {
    /// Runs a script of a mailbox with these arguments.
    pub(super) async fn call<T: FromRedisValue>(
        &self,
        script: &Script,
        address: &MailAddress,
        more: impl FnOnce(&mut Call<'_>),
    ) -> Result<T, LinkError> {
        let mut invocation = script.key(self.shared.keys.mail(address));
        more(&mut invocation);
        self.shared.link.call(&invocation).await
    }
}

/// Reads the answer of a script that may refuse: a number is a refusal. One that is not negative says in how many
/// milliseconds to retry; `too_many` is the error then.
pub(super) fn answer<T: FromRedisValue>(
    value: Value,
    too_many: fn(u32) -> MailError,
) -> Result<T, MailError> {
    match value {
        Value::Int(NOT_OWNER) => Err(MailError::NotOwner),
        Value::Int(KEY_REUSED) => Err(MailError::KeyReused),
        Value::Int(BLOCKED) => Err(MailError::Blocked),
        Value::Int(UNVERIFIED_BLOCKED) => Err(MailError::UnverifiedBlocked),
        Value::Int(TOO_MANY_BLOCKS) => Err(MailError::TooManyBlocks),
        Value::Int(ms @ 0..) => {
            let seconds = ms.unsigned_abs().div_ceil(1_000);
            Err(too_many(u32::try_from(seconds).unwrap_or(u32::MAX)))
        }
        value => value_of(value),
    }
}

/// Reads the answer of a script that only the mailbox's owner may call.
pub(super) fn owned<T: FromRedisValue>(value: Value) -> Result<T, MailError> {
    answer(value, |_| unreadable("an answer").into())
}

pub(super) fn value_of<T: FromRedisValue>(value: Value) -> Result<T, MailError> {
    Ok(T::from_redis_value(value).map_err(|_| unreadable("an answer"))?)
}

pub(super) fn cursor(text: &str) -> Result<Cursor, LinkError> {
    Cursor::parse(text).map_err(|_| unreadable("a letter's place"))
}

/// A cursor as scripts take it.
pub(super) fn cursor_or_none(cursor: Option<Cursor>) -> String {
    cursor.map_or_else(String::new, |cursor| cursor.to_string())
}

/// Adds the arguments by which scripts recognise the owner.
pub(super) fn add_credentials(call: &mut Call<'_>, proof: Option<&Credentials>) {
    let token = proof.and_then(|proof| proof.token.as_ref());
    let person = proof.and_then(|proof| proof.person);
    call.arg(token.map(TokenHash::hex).unwrap_or_default())
        .arg(person.map(PersonId::member).unwrap_or_default());
}
