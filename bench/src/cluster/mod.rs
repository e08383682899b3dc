//! The real thing, started for one figure: a Redis, and servers of several regions over it.
//!
//! [`Cluster`] owns all of them and ends them when it goes. [`Meter`] reads what they and a crowd of
//! sessions have used and got; the difference of two readings is what a figure is made of.

mod instance;
pub use instance::{Instance, Place};

mod start;
pub use start::{Cluster, Plan};

mod meter;
pub use meter::{Meter, Span};
