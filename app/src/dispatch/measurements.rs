//! The round trips that this browser measured.

use live::RoundTrips;
use protocol::RegionCode;

/// Round trips after which a median is reliable.
const SETTLED: u32 = 3;
/// Failures in a row after which a region counts as silent.
const SILENT: u32 = 2;

/// The round trips to every measured region.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Measurements(Vec<(RegionCode, Measured)>);

/// The round trips to one region.
#[derive(Clone, Debug, Default, PartialEq)]
struct Measured {
    trips: RoundTrips,
    count: u32,
    failures: u32,
}

/// What is known of the round trips to a region.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TripStats {
    /// The median of the last few round trips, in milliseconds; `None` before the first.
    pub trip_ms: Option<u64>,
    /// Whether that is enough of them to be reliable.
    pub is_settled: bool,
    /// Whether the region has stopped answering.
    pub is_silent: bool,
}

impl Measurements {
    /// Notes a round trip, or `None` where there was no answer.
    pub(crate) fn note(&mut self, region: &RegionCode, trip_ms: Option<u64>) {
        let at = match self.0.iter().position(|(known, _)| known == region) {
            Some(at) => at,
            None => {
                self.0.push((region.clone(), Measured::default()));
                self.0.len() - 1
            }
        };
        let measured = &mut self.0[at].1;
        match trip_ms {
            Some(trip_ms) => {
                measured.trips.add(trip_ms);
                (measured.count, measured.failures) = (measured.count + 1, 0);
            }
            None => measured.failures += 1,
        }
    }

    /// What is known of the round trips to a region.
    pub(crate) fn trip(&self, region: &RegionCode) -> TripStats {
        let found = self.0.iter().find(|(known, _)| known == region);
        found.map_or(TripStats::default(), |(_, measured)| TripStats {
            trip_ms: measured.trips.figures().map(|figures| figures.median_ms),
            is_settled: measured.count >= SETTLED,
            is_silent: measured.failures >= SILENT,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> RegionCode {
        RegionCode::parse(text).unwrap()
    }

    #[test]
    fn the_median_of_a_few_round_trips_counts() {
        let mut measurements = Measurements::default();

        for trip_ms in [90, 12, 11] {
            measurements.note(&code("fra"), Some(trip_ms));
        }
        measurements.note(&code("ord"), Some(100));

        assert_eq!(
            measurements.trip(&code("fra")),
            TripStats {
                trip_ms: Some(12),
                is_settled: true,
                is_silent: false
            }
        );
        assert!(!measurements.trip(&code("ord")).is_settled);
        assert_eq!(measurements.trip(&code("syd")), TripStats::default());
    }

    #[test]
    fn a_region_is_silent_until_it_answers_again() {
        let mut measurements = Measurements::default();
        let fra = code("fra");

        measurements.note(&fra, None);
        assert!(!measurements.trip(&fra).is_silent);
        measurements.note(&fra, None);
        assert!(measurements.trip(&fra).is_silent);
        measurements.note(&fra, Some(9));

        assert!(!measurements.trip(&fra).is_silent);
    }
}
