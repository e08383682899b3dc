#![doc = include_str!("../README.md")]

mod code;
pub use code::{CodeError, RegionCode};

mod session;
pub use session::{SessionId, SessionIdError};

mod world;
pub use world::{HISTORY_SAMPLES, HISTORY_STEP_MS, PageState, Region, World, WorldReport};

mod counter;
pub use counter::{Click, ClickReceipt, Step, StepError};

pub mod live;

mod problem;
pub use problem::Problem;
