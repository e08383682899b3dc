//! Documents: changes of one and of many, how they reach another region, and what a document takes, each beside the same by a
//! Lua script that is written by hand.

mod engines;

mod latency;
pub(super) use latency::latency;

mod load;

mod memory;
pub(super) use memory::memory;

mod rates;
pub(super) use rates::{hot, many};

mod script;

mod stage;

mod tally;
