//! Medians and percentiles.

use hdrhistogram::Histogram;
use std::time::Duration;

/// The significant digits of a recorded latency.
const DIGITS: u8 = 3;
/// The longest latency that is recorded, in nanoseconds: ten minutes.
const MAX_NANOSECONDS: u64 = 600_000_000_000;

/// The median; the mean of the middle two for an even count, 0 for none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

/// The medians over runs of some of their numbers.
pub fn medians<R, const N: usize>(runs: &[R], numbers: impl Fn(&R) -> [f64; N]) -> [f64; N] {
    std::array::from_fn(|index| median(runs.iter().map(|run| numbers(run)[index]).collect()))
}

/// The distribution of latencies.
#[derive(Debug)]
pub struct Latencies {
    nanoseconds: Histogram<u64>,
}

impl Latencies {
    /// An empty distribution.
    pub fn new() -> anyhow::Result<Self> {
        let nanoseconds = Histogram::new_with_max(MAX_NANOSECONDS, DIGITS)?;
        Ok(Self { nanoseconds })
    }

    /// Records one latency.
    pub fn record(&mut self, latency: Duration) {
        let nanoseconds = u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.saturating_record(nanoseconds);
    }

    /// The number of recorded latencies.
    pub fn len(&self) -> u64 {
        self.nanoseconds.len()
    }

    /// The median and the 99th percentile in milliseconds.
    pub fn p50_p99_ms(&self) -> [f64; 2] {
        [0.5, 0.99].map(|share| self.percentile_ms(share))
    }

    /// The latency in milliseconds that this share of them does not exceed; 0 if there are none.
    fn percentile_ms(&self, share: f64) -> f64 {
        self.nanoseconds.value_at_quantile(share) as f64 / 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(vec![]), 0.0);
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
    }

    #[test]
    fn percentiles_are_nearest_ranks() {
        let mut latencies = Latencies::new().unwrap();
        (1..=100)
            .rev()
            .for_each(|ms| latencies.record(Duration::from_millis(ms)));

        for (share, ms) in [(0.5, 50.0), (0.99, 99.0), (1.0, 100.0)] {
            let error = latencies.percentile_ms(share) / ms - 1.0;
            assert!(error.abs() < 0.001, "{share}: off by {error}");
        }
        assert_eq!(Latencies::new().unwrap().percentile_ms(0.5), 0.0);
    }
}
