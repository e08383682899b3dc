#![doc = include_str!("../README.md")]

mod code;
pub use code::{CodeError, RegionCode};

mod session;
pub use session::{SessionId, SessionIdError};

mod coordinates;
pub use coordinates::{Coordinates, CoordinatesError};

mod device;
pub use device::{DeviceId, DeviceIdError};

mod world;
pub use world::{HISTORY_SAMPLES, HISTORY_STEP_MS, PageState, Region, World, WorldReport};

mod counter;
pub use counter::{Click, ClickReceipt, Step, StepError};

mod dispatch;
pub use dispatch::{Manager, ManagerFound};

mod party;
pub use party::{
    CODE_MAX, CODE_MIN, NEARBY_MAX, NEARBY_RADIUS_KM, NearbyParty, NewParticipant, NewParty,
    Participant, ParticipantName, ParticipantNameError, PartiesState, Party, PartyCode,
    PartyCodeError, PartyCreated, PartyJoined, PartyState,
};

pub mod live;

mod problem;
pub use problem::Problem;
