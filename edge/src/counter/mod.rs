//! The counter: every click counts once.
//!
//! A click belongs to a [`ClickSource`] (a session, or one idempotency key) and has a number within it. Clicks wait in the
//! [`Counter`]'s bounded buffer, grouped by source into runs of consecutive numbers. One task takes all of them and counts
//! them in one script call; the next batch collects meanwhile, so batches grow with the load. The script stores each
//! source's newest counted number and skips clicks up to it. So a batch is retried unchanged until it succeeds, and a
//! browser that reconnects to another instance resends what was not acknowledged, with the same numbers.
//!
//! Those who wait for a source's clicks watch its [`Account`].

mod account;
pub(crate) use account::Account;
pub use account::{ClickSource, Receipt};

mod state;
pub use state::ClickError;
pub(crate) use state::Counter;

mod tasks;
