//! To which region a visitor is sent, as their own browser finds it.
//!
//! A server knows distances at best; a browser can measure. The [`Measurements`] keeps the round trips that it
//! measured to each live region, [`choose`] picks the region, and says why, and [`Sending`] when the page goes
//! there by itself. [`ServerWatch`](server_watch::ServerWatch) says when the server that it hangs on is gone, and
//! [`best_fallback`] where it goes then. These are rules without clock, network or document; [`Dispatch`] wraps them
//! in signals, and in a browser tasks feed it.

mod destination;
pub(crate) use destination::Destination;
mod region_choice;
pub(crate) use region_choice::RegionChoice;

mod choice;
mod fallback;
mod measurements;
mod server_watch;
mod signals;

mod browser;
mod failover;
mod measuring;
mod nearby;

pub(crate) use browser::go;
pub(crate) use choice::{Candidate, ChosenRegion};
pub(crate) use failover::watch_server;
pub(crate) use measuring::measure;
pub(crate) use nearby::{arrive, follow as follow_nearby, locate};
pub(crate) use signals::{Dispatch, LocationStatus, TypedFields};
