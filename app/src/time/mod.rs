//! Times, as people read them.

mod moment;
pub(crate) use moment::{Moment, day_in_full, read_ms};

mod clock;
pub(crate) use clock::Clock;
