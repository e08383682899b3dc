//! Persons who were forgotten: their cookies and device ids count for nothing on any instance, for as long as one may be kept.
//!
//! Redis holds them as a stream, oldest first, which is trimmed by age and number. Each instance has a copy in memory, as
//! every request asks it: it reads the stream at its start, and what is new whenever the channel says so or the connection
//! is new. If the newest entry that it knows is not there any longer, Redis has lost some, and whoever is missing is written
//! back. A person who is only signed out, in one browser, is in the stream as well: their open sessions end, and begin
//! anew as whoever their browser says.
//!
//! [`Forgotten`] is the handle, [`ForgottenTask`] follows the stream, [`state`] is the copy.

mod handle;
pub use handle::Forgotten;

mod state;

mod task;
pub(crate) use task::ForgottenTask;
