//! The reader's time.

use super::{Moment, read_ms};
use crate::browser::now_ms;
use leptos::prelude::*;
use std::time::Duration;

/// How often it is set: it tells days and minutes.
const STEP: Duration = Duration::from_secs(20);

/// The reader's time: nothing on a server and until the page runs, where it is UTC.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    now_ms: RwSignal<Option<i64>>,
}

impl Clock {
    /// A clock that stands still.
    pub(crate) fn new() -> Self {
        Self {
            now_ms: RwSignal::new(None),
        }
    }

    /// Starts it; once, after hydration.
    pub(crate) fn run(self) {
        let set = move || {
            self.now_ms.try_set(Some(now_ms()));
        };
        set();
        let timer = set_interval_with_handle(set, STEP).ok();
        on_cleanup(move || {
            if let Some(timer) = timer {
                timer.clear();
            }
        });
    }

    /// A time as the reader's clock shows it.
    pub(crate) fn at(self, sent_at: &str) -> Option<Moment> {
        read_ms(sent_at).map(|ms| self.at_ms(ms))
    }

    /// Likewise, of milliseconds since 1970.
    pub(crate) fn at_ms(self, ms: i64) -> Moment {
        Moment::of(ms, if self.runs() { ahead_minutes(ms) } else { 0 })
    }

    /// The day that is today; nothing where that is not known.
    pub(crate) fn today(self) -> Option<i64> {
        let now_ms = self.now_ms.get()?;
        Some(Moment::of(now_ms, ahead_minutes(now_ms)).day)
    }

    /// Whether it shows the reader's own time.
    pub(crate) fn runs(self) -> bool {
        self.now_ms.with(Option::is_some)
    }
}

/// How many minutes the reader's clocks are, or were then, ahead of UTC.
fn ahead_minutes(ms: i64) -> i64 {
    let date = js_sys::Date::new(&(ms as f64).into());
    // Not a number for a time that no calendar has.
    -(date.get_timezone_offset() as i64)
}
