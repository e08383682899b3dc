//! Mail: messages per second, latency, a full mailbox, and delivery to another cluster.

mod stored;
pub(super) use stored::stored;

mod mailbox;
pub(super) use mailbox::{latency, pages};

mod federation;
pub(super) use federation::federation;
