//! The counter: every click counts once.
//!
//! A click belongs to a [`ClickSource`] (a session, or one idempotency key) and has a number within it. Clicks wait in the
//! [`Counter`]'s bounded buffer, grouped by source into runs of consecutive numbers. One task takes all of them and counts
//! them in one script call; the next batch collects meanwhile, so batches grow with the load. The script stores each
//! source's newest counted number and skips clicks up to it. So a browser that reconnects to another instance resends what was
//! not acknowledged, with the same numbers. The instance itself retries a batch until it succeeds, under the same number: the
//! script stores the number of its newest batch, too.
//!
//! Sessions are remembered for a day, as pages may resend clicks for nearly as long. An idempotency key is remembered for
//! some minutes: a program that does not know whether its click counted asks soon. An instance that could not count such a
//! click for as long never does. A click that nobody can resend leaves nothing behind.
//!
//! Those who wait for a source's clicks watch its [`Account`].

mod account;
pub(crate) use account::Account;
pub use account::{ClickSource, Receipt};

mod error;
pub use error::ClickError;

mod state;
pub(crate) use state::Counter;

mod tasks;
