//! Documents: small values that many people change together, by rules in Rust.
//!
//! [`protocol::Document`] says what a kind of document is and what may be done to it. [`Documents`] is the handle to all of a
//! kind. In Redis a document is a hash (see `look.lua`); what is remembered of the sources of changes stands beside it.
//!
//! An instance collects the changes of a document while a call for it is under way ([`writer`]), decides on them one after the
//! other ([`state`]), and stores the result with one script that compares the version and sets all of it. Where another
//! instance was first, it decides anew on what is there now, and has the next turn alone: one that is far from Redis would
//! always come late otherwise. A writer lives as long as changes wait.
//!
//! Sources number their changes, and the script that stores a change moves its source's [mark](mark) along. So each counts
//! once: across retries after a lost answer, reconnects to other instances, instances that were killed, and failovers.
//!
//! Sessions that watch a document get what everybody sees as frames that all of them share, and what they alone see as frames of
//! their person's ([`source`]).

mod create;

mod error;
pub use error::ChangeError;

mod handle;
pub use handle::Documents;

mod kinds;
pub(crate) use kinds::{Kind, Kinds, Parts, Plan, build};

mod mark;
pub use mark::ChangeSource;

mod reply;

mod source;

mod state;

mod store;

mod writer;
