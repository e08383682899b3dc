//! Closed-loop load: each worker sends its next request as soon as the last one is answered.

use crate::cluster::Meter;
use crate::stats::{Latencies, median_of};
use futures::future::try_join_all;
use std::cell::RefCell;
use std::time::{Duration, Instant};

/// The time for caches and connections to warm up before each measurement.
pub const WARM_UP: Duration = Duration::from_millis(500);

/// What one load came to, or the medians of several.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// Steps completed per second.
    pub per_second: f64,
    /// Steps completed per CPU second of the servers: comparable even if the load's core is the bottleneck.
    pub per_cpu_second: f64,
    /// Cores that the servers kept busy.
    pub server_cores: f64,
    /// Cores that Redis kept busy.
    pub redis_cores: f64,
    /// The median duration of a step.
    pub p50_ms: f64,
    /// The 99th percentile of a step's duration.
    pub p99_ms: f64,
}

impl Run {
    /// The medians of several runs.
    pub fn median(runs: &[Self]) -> Self {
        Self {
            per_second: median_of(runs, |run| run.per_second),
            per_cpu_second: median_of(runs, |run| run.per_cpu_second),
            server_cores: median_of(runs, |run| run.server_cores),
            redis_cores: median_of(runs, |run| run.redis_cores),
            p50_ms: median_of(runs, |run| run.p50_ms),
            p99_ms: median_of(runs, |run| run.p99_ms),
        }
    }
}

/// Has every worker repeat the step, first to warm up, then for as long as the window says.
pub async fn measure<W>(
    meter: &Meter,
    workers: &mut [W],
    window: Duration,
    step: impl AsyncFn(&mut W) -> anyhow::Result<()>,
) -> anyhow::Result<Run> {
    repeat(workers, WARM_UP, &step).await?;
    let (latencies, usage) = meter.run(repeat(workers, window, &step)).await?;
    let steps = latencies.len() as f64;
    Ok(Run {
        per_second: steps / window.as_secs_f64(),
        per_cpu_second: steps / usage.server_cpu,
        server_cores: usage.server_cores(),
        redis_cores: usage.redis_cores(),
        p50_ms: latencies.percentile_ms(0.5),
        p99_ms: latencies.percentile_ms(0.99),
    })
}

/// Has every worker repeat the step; returns the durations of those that ended within the window.
pub async fn repeat<W>(
    workers: &mut [W],
    window: Duration,
    step: &impl AsyncFn(&mut W) -> anyhow::Result<()>,
) -> anyhow::Result<Latencies> {
    let latencies = RefCell::new(Latencies::new()?);
    let end = Instant::now() + window;
    let loops = workers.iter_mut().map(async |worker| {
        loop {
            let begun = Instant::now();
            step(worker).await?;
            let done = Instant::now();
            if done >= end {
                return anyhow::Ok(());
            }
            latencies.borrow_mut().record(done - begun);
        }
    });
    try_join_all(loops).await?;
    Ok(latencies.into_inner())
}
