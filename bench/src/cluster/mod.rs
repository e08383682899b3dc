//! What a figure measures: a Redis and servers of several regions, or a baseline.
//!
//! A [`Cluster`] owns its processes and kills them when dropped. A [`Meter`] measures the CPU time that
//! they use.

mod process;
pub use process::{Meter, Process, Usage, free_address, origin};

mod start;
pub use start::{Cluster, Plan, World, server};

mod store;
pub use store::{Kind, Store};
