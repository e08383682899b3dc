//! How long this visitor's clicks take.

use std::collections::VecDeque;

/// Over how many clicks the median is taken.
const KEPT: usize = 9;

/// The round trips of the last few clicks, from sending to acknowledgement.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RoundTrips(VecDeque<u64>);

/// The figures to show, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TripFigures {
    /// The last click's.
    pub last_ms: u64,
    /// The median of the last few.
    pub median_ms: u64,
}

impl RoundTrips {
    /// Adds one.
    pub fn add(&mut self, trip_ms: u64) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(trip_ms);
    }

    /// The figures; nothing before the first click.
    pub fn figures(&self) -> Option<TripFigures> {
        let last_ms = *self.0.back()?;
        // Nine numbers need no sorting code of hundreds of lines in a browser's download.
        let mut sorted: Vec<u64> = Vec::with_capacity(KEPT);
        for trip_ms in &self.0 {
            sorted.insert(sorted.partition_point(|other| other < trip_ms), *trip_ms);
        }
        Some(TripFigures {
            last_ms,
            median_ms: sorted[sorted.len() / 2],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_of_the_last_few() {
        let mut trips = RoundTrips::default();
        assert_eq!(trips.figures(), None);

        for trip_ms in [900, 900, 900, 10, 11, 12, 13, 14, 15, 16, 17, 400] {
            trips.add(trip_ms);
        }

        assert_eq!(
            trips.figures(),
            Some(TripFigures {
                last_ms: 400,
                median_ms: 14
            })
        );
    }
}
