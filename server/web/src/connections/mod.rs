//! The connections that visitors open: how many there may be, and for how long without a request.
//!
//! [`Admission`] counts them, in all and of each network address, and lets in who fits. A connection holds its place until
//! its socket closes, upgraded or not. [`serve()`] accepts; `activity.rs` knows how many requests of a connection are going
//! on, and one that has none for a while is closed, whichever HTTP version it speaks and before that is known.
//!
//! Beyond the last place there are a few spare ones, which answer whether the server lives and is ready, and tell everybody
//! else that it is full. While a server has no room for longer than a moment, or the system gives it no more sockets,
//! [`watch()`] makes it unready and takes it off the registry, so that nobody is sent there.

mod activity;
pub(crate) use activity::Busy;

mod admission;
pub(crate) use admission::{Admission, Bounds, Place};

mod capacity;

mod counts;
pub(crate) use counts::Counts;

mod files;
pub(crate) use files::{places, raise_limit};

mod requests;

mod serve;
pub(crate) use serve::{Serving, serve};

mod spare;
pub(crate) use spare::turn_away;

mod stream;
pub(crate) use stream::Stream;

mod watch;
pub(crate) use watch::watch;
