//! How many requests of one network address may be going on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// The requests of an address, over all of its connections: HTTP/2 has many on each, and each may hold a file open. Cheap
/// to clone.
#[derive(Clone)]
pub(super) struct Requests {
    going_on: Arc<AtomicU32>,
    most: u32,
}

impl Requests {
    /// No request so far, and that many at once.
    pub(super) fn new(most: u32) -> Self {
        Self {
            going_on: Arc::default(),
            most,
        }
    }

    /// Begins a request, unless too many are going on.
    pub(super) fn begin(&self) -> Option<Begun> {
        let more = |count: u32| (count < self.most).then_some(count + 1);
        let begun = self
            .going_on
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        begun.ok().map(|_| Begun(self.going_on.clone()))
    }
}

/// A request of an address, until dropped.
pub(super) struct Begun(Arc<AtomicU32>);

impl Drop for Begun {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_requests_are_going_on_at_once() {
        let requests = Requests::new(2);

        let first = requests.begin();
        let _second = requests.clone().begin();
        assert!(requests.begin().is_none());
        drop(first);

        assert!(requests.begin().is_some());
    }
}
