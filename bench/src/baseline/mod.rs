//! What the figures are compared with: axum with nothing around it.

mod http;

mod socket;

mod serve;
pub use serve::serve;
