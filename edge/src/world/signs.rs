//! Signs of life, by which an instance judges who is gone while Redis cannot.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Who was heard of while Redis took no writes.
///
/// Nobody's heartbeat is stored then, so every instance publishes that it lives instead, and each judges by itself.
#[derive(Debug, Default)]
pub(super) struct Signs {
    /// Since when this instance could publish, and so hear, without a break; `None` while there is no need.
    since: Option<Instant>,
    heard: HashMap<String, Instant>,
}

impl Signs {
    /// Starts to watch for signs, unless that has begun.
    pub(super) fn watch(&mut self, now: Instant) {
        self.since.get_or_insert(now);
    }

    /// Stops: Redis judges again, or this instance cannot.
    pub(super) fn stop(&mut self) {
        *self = Self::default();
    }

    /// Takes a sign of life in.
    pub(super) fn hear(&mut self, instance: &str, now: Instant) {
        if self.since.is_none() {
            return;
        }
        match self.heard.get_mut(instance) {
            Some(heard) => *heard = now,
            None => drop(self.heard.insert(instance.to_owned(), now)),
        }
    }

    /// Whether an instance has given no sign for that long although it would have been heard.
    pub(super) fn is_silent(&self, instance: &str, limit: Duration, now: Instant) -> bool {
        self.since.is_some_and(|since| {
            let heard = self.heard.get(instance).copied();
            now.duration_since(heard.unwrap_or(since)) >= limit
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(5);

    #[test]
    fn who_gives_no_sign_for_the_limit_is_silent_and_only_while_signs_are_watched_for() {
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let mut signs = Signs::default();
        signs.hear("ord-1", start);
        assert!(!signs.is_silent("ord-1", LIMIT, after(60)));

        signs.watch(after(60));
        signs.hear("ord-1", after(63));
        signs.watch(after(64));

        assert!(!signs.is_silent("fra-1", LIMIT, after(64)));
        assert!(signs.is_silent("fra-1", LIMIT, after(65)));
        assert!(!signs.is_silent("ord-1", LIMIT, after(67)));
        assert!(signs.is_silent("ord-1", LIMIT, after(68)));
        signs.stop();
        assert!(!signs.is_silent("fra-1", LIMIT, after(99)));
    }
}
