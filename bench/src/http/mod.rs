//! A minimal HTTP/1.1 client, so that the load costs little beside what it measures.

mod reader;

mod get;
pub use get::{Answer, get};

mod client;
pub use client::Client;

mod load;
pub use load::{Load, Target, WARM_UP, load};
