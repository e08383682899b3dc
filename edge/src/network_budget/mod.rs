//! What the visitors of a network leave behind in Redis, counted over a day.
//!
//! Whoever may do something often may fill Redis with it. So every network has a budget of bytes for a day, counted in Redis
//! for all instances together, of what clicks, parties, letters and claims leave there. Instances gather what is spent, and
//! report it in blocks: clicks wait for no call.

mod handle;
pub use handle::NetworkBudgets;
