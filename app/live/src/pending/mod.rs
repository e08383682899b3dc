//! Requests that a page may not finish: the browser keeps them until they are answered, and each page of ours sends again
//! what another one left.
//!
//! A server carries each out once, by its idempotency key or by the numbers of its clicks or changes. It remembers those for a day, so
//! what is older is never sent again unasked.

mod request;
pub(crate) use request::document_name;
pub use request::{PendingRequest, forget, is_old, pending};

mod resume;
pub(crate) use resume::resume;
