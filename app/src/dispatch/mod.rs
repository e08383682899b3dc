//! To which region a visitor is sent, as their own browser finds it.
//!
//! A server knows distances at best; a browser can measure. The [`Book`] keeps the round trips that it
//! measured to each live region, [`choose`] picks the region, and says why, and [`Sending`] when the page goes
//! there by itself. [`Vigil`](vigil::Vigil) says when the server that it hangs on is gone, and
//! [`refuge`] where it goes then. These are rules without clock, network or document; [`Dispatch`] wraps them
//! in signals, and in a browser tasks feed it.

mod destination;
pub(crate) use destination::Destination;
mod region_choice;
pub(crate) use region_choice::RegionChoice;

mod book;
mod choice;
mod refuge;
mod signals;
mod vigil;

mod browser;
mod failover;
mod measuring;
mod nearby;

pub(crate) use browser::go;
pub(crate) use choice::{Candidate, Choice};
pub(crate) use failover::stand_by;
pub(crate) use measuring::measure;
pub(crate) use nearby::{arrive, follow as follow_nearby, locate};
pub(crate) use signals::{Dispatch, Locating, Typed};
