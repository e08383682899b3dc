//! HTTP requests over single connections, kept lean so that they cost little beside what they measure.

mod client;
pub use client::{Client, get};

mod load;
pub use load::{Run, WARM_UP, measure, repeat};
