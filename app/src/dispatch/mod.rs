//! The recommended region, as the visitor's own browser measures it.
//!
//! A server knows distances at best; a browser can measure. [`Measurements`](measurements::Measurements) keeps round
//! trips to each live region, [`choice`] picks the region and says why, and when the page moves there by itself.
//! [`ServerWatch`](failover::ServerWatch) says when the page's own server is gone, and [`fallback`] where the page
//! goes then. These are rules without clock, network or document; [`Dispatch`] wraps them in signals.

mod destination;
pub(crate) use destination::Destination;
mod region_choice;
pub(crate) use region_choice::RegionChoice;

mod choice;
mod fallback;
mod measurements;
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
