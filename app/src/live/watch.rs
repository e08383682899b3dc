//! What a page watches.

use protocol::live::{ClientFrame, StateFrame};
use std::fmt;
use std::sync::Arc;

/// By which connection a state came, counted from 1, and when, in milliseconds of the page's clock.
pub(super) type Arrival = (u32, u64);

/// Something that the page watches.
#[derive(Clone)]
pub(super) struct Watch {
    /// Tells a server.
    pub(super) frame: ClientFrame,
    hear: Arc<Hear>,
}

type Hear = dyn Fn(&StateFrame, Arrival) + Send + Sync;

impl Watch {
    /// Something that `frame` tells a server of, and whose states `hear` takes.
    pub(super) fn new(
        frame: ClientFrame,
        hear: impl Fn(&StateFrame, Arrival) + Send + Sync + 'static,
    ) -> Self {
        let hear = Arc::new(hear);
        Self { frame, hear }
    }

    /// Passes a state on; of another topic or key, it is ignored.
    pub(super) fn hear(&self, frame: &StateFrame, at: Arrival) {
        (self.hear)(frame, at);
    }
}

impl PartialEq for Watch {
    fn eq(&self, other: &Self) -> bool {
        self.frame == other.frame
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.frame.fmt(f)
    }
}
