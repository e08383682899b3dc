//! Lines on which something is due, and passes over them.

use super::line::Line;
use crate::sync::lock;
use rustix::time::{ClockId, clock_gettime};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::yield_now;

/// How many lines are written before other tasks and processes have a turn: some tenths of a millisecond.
const LINES_AT_ONCE: usize = 64;

/// Lines on which something is due, in as many parts as can be written at once.
pub(crate) struct Queue {
    parts: Vec<Mutex<Vec<Arc<Line>>>>,
    next: AtomicUsize,
    filled: Notify,
}

impl Queue {
    pub(super) fn new(parts: usize) -> Self {
        Self {
            parts: (0..parts.max(1)).map(|_| Mutex::default()).collect(),
            next: AtomicUsize::new(0),
            filled: Notify::new(),
        }
    }

    /// Puts a line into the queue.
    pub(super) fn push(&self, line: Arc<Line>) {
        let part = match self.parts.len() {
            1 => 0,
            parts => self.next.fetch_add(1, Ordering::Relaxed) % parts,
        };
        let mut lines = lock(&self.parts[part]);
        lines.push(line);
        if lines.len() == 1 {
            drop(lines);
            self.filled.notify_one();
        }
    }

    /// Waits until there may be lines.
    pub(super) async fn filled(&self) {
        self.filled.notified().await;
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.parts.iter().all(|part| lock(part).is_empty())
    }

    /// Takes all lines, in parts to be written at once.
    pub(super) fn take(&self) -> impl Iterator<Item = Vec<Arc<Line>>> {
        let taken = self
            .parts
            .iter()
            .map(|part| std::mem::take(&mut *lock(part)));
        taken.filter(|lines| !lines.is_empty())
    }
}

/// What became of a pass over lines.
pub(super) struct Passed {
    /// The processor's time that it took.
    pub(super) took: Duration,
    /// How many frames of topics it wrote.
    pub(super) frames: u64,
}

/// Writes what is due on these lines.
pub(super) async fn pass(lines: Vec<Arc<Line>>) -> Passed {
    let mut passed = Passed {
        took: Duration::ZERO,
        frames: 0,
    };
    let mut parts = Vec::new();
    for some in lines.chunks(LINES_AT_ONCE) {
        // A task stays on its thread between two awaits.
        let started = thread_time();
        for line in some {
            passed.frames += line.flush(&mut parts);
        }
        passed.took += thread_time().saturating_sub(started);
        // Redis, or another instance, may wait for the same core.
        std::thread::yield_now();
        yield_now().await;
    }
    passed
}

/// The processor's time of this thread.
fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.try_into().unwrap_or_default()
}
