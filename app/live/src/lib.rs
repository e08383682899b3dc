#![doc = include_str!("../README.md")]

pub mod bound;
pub mod browser;
pub mod format;
pub mod pending;

pub use protocol;

mod client;
pub use client::provide_live;
mod signals;
pub use signals::{Live, RegionRow};
mod connection;
pub use connection::{Connection, Stop};
mod line;
pub use line::Barrier;
mod round_trips;
pub use round_trips::{RoundTrips, TripFigures};
mod each_region;
pub use each_region::each_region;

mod topic;
pub use topic::{Known, on_state, use_topic};
mod watch;
pub use watch::use_count;
mod document;
pub use document::{OpenDocument, use_document};
mod shown;
pub use shown::Shown;
mod components;
pub use components::{
    Absence, ChangeButton, ChangeForm, ConnectionPill, DocumentView, News, Notices, ProblemNote,
};

mod head;
pub use head::{Card, Head, NOT_INDEXED, Origin};
mod pages;
pub use pages::PageContent;
mod shell;
pub use shell::{head_meta, page_body, page_meta, page_scripts};
mod assets;
pub use assets::{code_root, stylesheet};

mod answers;
mod backoff;
mod changes;
mod clicks;
mod connecting;
mod cues;
mod exchange;
mod mirror;
mod notice;
mod socket;
mod state;
mod view;

/// What the code calls that [`pages!`] writes.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "hydrate")]
    pub use crate::pages::{handed_over, hydrate_page};
}

#[cfg(test)]
mod tests;
