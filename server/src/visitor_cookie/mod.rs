//! The visitor's cookie: a signed device id that scripts cannot read.
//!
//! The device id is a secret and stays in the cookie. Everything else knows the person by a keyed hash of it.

mod keys;
pub(crate) use keys::Keys;

mod signature;

mod cookie;
pub(crate) use cookie::{CookieScope, keep, of_session, read, remove};

#[cfg(test)]
mod tests;
