#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

/// The engine: settings of places and limits, persons, errors.
pub use edge;
/// What crosses a wire: documents, problems, what pages are rendered from.
pub use protocol;

mod access;
pub use access::Caller;

mod client_address;

mod config;
pub use config::{Config, ConfigError, Rates, Secret, Variables};

mod connections;

mod dispatch;

pub mod documents;

mod error;
pub use error::HttpError;

pub mod extract;

pub mod headers;

mod health;
mod live;
mod metrics;
mod openapi;
pub use openapi::group;

pub mod page;

mod problem_page;

pub mod rate;

mod root_secret;
mod router;
mod scrape;
mod shared_keys;

mod site;
pub use site::Site;

mod site_files;

mod startup;
pub use startup::run;

mod state;
pub use state::{AppState, Instance};

pub mod telemetry;

pub mod visitor;

mod visitor_cookie;
pub use visitor_cookie::{CookieScope, Keys, SignedCookie};

mod world;
