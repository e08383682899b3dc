//! The visitor's cookie: a signed device id that scripts cannot read.
//!
//! The device id is a secret and stays in the cookie. Everything else knows the person by a keyed hash of it. A site may
//! sign cookies of its own beside it.

mod keys;
pub use keys::Keys;

mod signature;

mod cookie;
pub use cookie::CookieScope;
pub(crate) use cookie::{keep, of_session, read, remove};

mod signed;
pub use signed::SignedCookie;

#[cfg(test)]
mod tests;
