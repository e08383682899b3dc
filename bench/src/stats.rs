//! Medians and percentiles.

use std::time::Duration;

/// The median; of an even number the mean of the middle two; 0 of none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

/// The median of one number of each run.
pub fn median_of<R>(runs: &[R], number: impl Fn(&R) -> f64) -> f64 {
    median(runs.iter().map(number).collect())
}

/// How long each of many things took.
#[derive(Debug, Default)]
pub struct Latencies {
    micros: Vec<u32>,
}

impl Latencies {
    /// Takes one in.
    pub fn push(&mut self, latency: Duration) {
        self.micros
            .push(u32::try_from(latency.as_micros()).unwrap_or(u32::MAX));
    }

    /// Takes all of another in.
    pub fn append(&mut self, mut other: Self) {
        self.micros.append(&mut other.micros);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.micros.len()
    }

    /// In milliseconds, what that share of them did not exceed: the nearest rank; 0 of none.
    pub fn percentile_ms(&mut self, share: f64) -> f64 {
        self.micros.sort_unstable();
        let rank = (share * self.micros.len() as f64).ceil() as usize;
        let micros = self
            .micros
            .get(rank.saturating_sub(1))
            .copied()
            .unwrap_or(0);
        f64::from(micros) / 1000.0
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
        let mut latencies = Latencies::default();
        (1..=100)
            .rev()
            .for_each(|ms| latencies.push(Duration::from_millis(ms)));

        assert_eq!(latencies.percentile_ms(0.5), 50.0);
        assert_eq!(latencies.percentile_ms(0.99), 99.0);
        assert_eq!(latencies.percentile_ms(1.0), 100.0);
        assert_eq!(Latencies::default().percentile_ms(0.5), 0.0);
    }
}
