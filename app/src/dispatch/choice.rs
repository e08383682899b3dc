//! The recommended region, and why.

use super::measurements::{Measurements, TripStats};
use crate::format::{distance, round_trip};
use protocol::{Coordinates, Manager, RegionCode};

/// A region must be faster than another by so many milliseconds to be worth a change …
const FASTER_BY_MS: u64 = 10;
/// … and take less than so many percent of the other's time.
const FASTER_PERCENT: u64 = 80;

/// A live region that could be recommended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Candidate {
    /// The region, and where to reach it.
    pub manager: Manager,
    /// Its distance from the visitor's assumed location, in kilometres.
    pub distance_km: f64,
    /// What is known of the round trips there.
    pub trip: TripStats,
    /// Whether it serves this page.
    pub is_here: bool,
}

/// The recommended region.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChosenRegion {
    /// The region, and where to reach it.
    pub manager: Manager,
    /// Why.
    pub reason: Reason,
    /// Whether it serves this page.
    pub is_here: bool,
}

/// Why a region was chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Reason {
    /// None answers this browser faster.
    Fastest {
        /// The median round trip.
        trip_ms: u64,
        /// Of how many that were measured.
        of: usize,
    },
    /// Another answers faster, but not by so much that a change is worth it.
    FastEnough {
        /// The median round trip.
        trip_ms: u64,
        /// Of how many that were measured.
        of: usize,
    },
    /// Nothing is measured, and none is nearer.
    Nearest {
        /// How far away it is.
        distance_km: f64,
        /// Of how many.
        of: usize,
    },
    /// Nothing is measured and the visitor's location is unknown: it serves them already.
    Serving,
}

impl Candidate {
    /// A live region, as seen from where the visitor is.
    pub(crate) fn new(
        manager: &Manager,
        here: &RegionCode,
        from: Option<Coordinates>,
        measurements: &Measurements,
    ) -> Self {
        let place = Coordinates::new(manager.lat, manager.lng).ok();
        Self {
            distance_km: from
                .zip(place)
                .map_or(0.0, |(from, place)| from.distance_km(place)),
            trip: measurements.trip(&manager.region),
            is_here: manager.region == *here,
            manager: manager.clone(),
        }
    }

    /// The median round trip, if the region answers.
    fn trip_ms(&self) -> Option<u64> {
        self.trip.trip_ms.filter(|_| !self.trip.is_silent)
    }
}

/// Chooses the fastest region by measured time, else the nearest. The previous choice, at first the serving region, is
/// kept unless another is clearly faster, so that visitors do not bounce. A visitor without a location is assumed to be
/// at the serving region.
pub(crate) fn choose(
    candidates: &[Candidate],
    is_placed: bool,
    before: Option<&RegionCode>,
) -> Option<ChosenRegion> {
    let mut fastest: Option<(&Candidate, u64)> = None;
    let mut of = 0;
    for candidate in candidates {
        if let Some(trip_ms) = candidate.trip_ms() {
            of += 1;
            if fastest.is_none_or(|(_, least_ms)| trip_ms < least_ms) {
                fastest = Some((candidate, trip_ms));
            }
        }
    }
    // Until the serving region is measured a few times, nothing is known to be faster: a region chosen for one late
    // answer would be kept.
    let waits = |candidate: &Candidate| {
        candidate.is_here && !candidate.trip.is_settled && !candidate.trip.is_silent
    };
    let Some((fastest, least_ms)) = fastest.filter(|_| !candidates.iter().any(waits)) else {
        return nearest(candidates, is_placed);
    };
    let kept = |is_it: &dyn Fn(&Candidate) -> bool| {
        let kept = candidates.iter().find(|candidate| is_it(candidate))?;
        let trip_ms = kept.trip_ms()?;
        (!is_clearly_faster(least_ms, trip_ms)).then_some((kept, trip_ms))
    };
    let (chosen, trip_ms) = before
        .and_then(|before| kept(&|candidate| candidate.manager.region == *before))
        .or_else(|| kept(&|candidate| candidate.is_here))
        .unwrap_or((fastest, least_ms));
    let reason = if trip_ms == least_ms {
        Reason::Fastest { trip_ms, of }
    } else {
        Reason::FastEnough { trip_ms, of }
    };
    Some(chosen.chosen(reason))
}

fn nearest(candidates: &[Candidate], is_placed: bool) -> Option<ChosenRegion> {
    let here = candidates.iter().find(|candidate| candidate.is_here);
    if let (Some(here), false) = (here, is_placed) {
        return Some(here.chosen(Reason::Serving));
    }
    let mut nearest = here.or_else(|| candidates.first())?;
    for candidate in candidates {
        if candidate.distance_km < nearest.distance_km {
            nearest = candidate;
        }
    }
    Some(nearest.chosen(Reason::Nearest {
        distance_km: nearest.distance_km,
        of: candidates.len(),
    }))
}

impl Candidate {
    fn chosen(&self, reason: Reason) -> ChosenRegion {
        ChosenRegion {
            manager: self.manager.clone(),
            reason,
            is_here: self.is_here,
        }
    }
}

/// Whether one round trip is so much shorter that a move is worth it.
fn is_clearly_faster(trip_ms: u64, than_ms: u64) -> bool {
    trip_ms + FASTER_BY_MS < than_ms && trip_ms * 100 < than_ms * FASTER_PERCENT
}

/// Where the page moves by itself: to the chosen region, once every region that answers is measured, and only if it is
/// clearly faster.
pub(crate) fn destination(
    candidates: &[Candidate],
    choice: Option<&ChosenRegion>,
) -> Option<Manager> {
    let choice = choice.filter(|choice| !choice.is_here)?;
    let is_known = |candidate: &Candidate| candidate.trip.is_settled || candidate.trip.is_silent;
    let here = candidates.iter().find(|candidate| candidate.is_here)?;
    let slow_ms = here.trip.trip_ms.filter(|_| here.trip.is_settled)?;
    let there = candidates
        .iter()
        .find(|candidate| candidate.manager.region == choice.manager.region)?;
    let quick_ms = there.trip_ms().filter(|_| there.trip.is_settled)?;
    (candidates.iter().all(is_known) && is_clearly_faster(quick_ms, slow_ms))
        .then(|| choice.manager.clone())
}

impl ChosenRegion {
    /// Why this region, in a sentence.
    pub(crate) fn words(&self) -> String {
        match self.reason {
            Reason::Fastest { trip_ms, of: 1 } => {
                format!("{} away, the only one available.", round_trip(trip_ms))
            }
            Reason::Fastest { trip_ms, of } => {
                format!("{} away, the fastest of {of}.", round_trip(trip_ms))
            }
            Reason::FastEnough { trip_ms, of } => {
                let away = round_trip(trip_ms);
                match of {
                    2 => format!("{away} away. Both regions are about as fast."),
                    _ => format!("{away} away. All {of} are about as fast."),
                }
            }
            Reason::Nearest { distance_km, of: 1 } => format!(
                "{} away, the only live region; not measured yet.",
                distance(distance_km)
            ),
            Reason::Nearest { distance_km, of } => format!(
                "{} away, the nearest of {of}; not measured yet.",
                distance(distance_km)
            ),
            Reason::Serving => {
                "It serves you now. Your location is unknown, and nothing is measured yet.".into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(code: &str, distance_km: f64, trip_ms: Option<u64>) -> Candidate {
        Candidate {
            manager: Manager {
                region: RegionCode::parse(code).unwrap(),
                city: code.to_uppercase(),
                lat: 0.0,
                lng: 0.0,
                url: format!("https://{code}.example"),
                instances: 1,
                connections: 0,
            },
            distance_km,
            trip: TripStats {
                trip_ms,
                is_settled: trip_ms.is_some(),
                is_silent: false,
            },
            is_here: code == "ord",
        }
    }

    fn chosen(candidates: &[Candidate], before: Option<&str>) -> (String, String) {
        let before = before.map(|code| RegionCode::parse(code).unwrap());
        let choice = choose(candidates, true, before.as_ref()).unwrap();
        (choice.manager.region.to_string(), choice.words())
    }

    #[test]
    fn measured_time_comes_before_distance() {
        let candidates = [
            candidate("fra", 400.0, Some(40)),
            candidate("ord", 7_000.0, Some(120)),
            candidate("syd", 16_000.0, Some(12)),
        ];

        let (region, words) = chosen(&candidates, None);

        assert_eq!(region, "syd");
        assert_eq!(words, "12 ms away, the fastest of 3.");
        assert_eq!(
            destination(&candidates, choose(&candidates, true, None).as_ref())
                .unwrap()
                .url,
            "https://syd.example"
        );
    }

    #[test]
    fn without_measurements_the_nearest_is_chosen_and_nobody_goes() {
        let candidates = [
            candidate("fra", 412.0, None),
            candidate("ord", 7_000.0, None),
        ];

        let (region, words) = chosen(&candidates, None);

        assert_eq!(region, "fra");
        assert_eq!(words, "412 km away, the nearest of 2; not measured yet.");
        assert_eq!(
            destination(&candidates, choose(&candidates, true, None).as_ref()),
            None
        );
    }

    #[test]
    fn who_says_nothing_of_themselves_is_where_they_are_served() {
        let candidates = [candidate("fra", 0.0, None), candidate("ord", 9.0, None)];

        let choice = choose(&candidates, false, None).unwrap();

        assert_eq!(choice.manager.region.as_str(), "ord");
        assert_eq!(choice.reason, Reason::Serving);
    }

    #[test]
    fn a_little_faster_is_not_worth_a_change() {
        for (fra_ms, ord_ms) in [(30, 39), (100, 120), (1, 11)] {
            let candidates = [
                candidate("fra", 0.0, Some(fra_ms)),
                candidate("ord", 0.0, Some(ord_ms)),
            ];

            assert_eq!(chosen(&candidates, None).0, "ord", "{fra_ms} {ord_ms}");
            assert_eq!(chosen(&candidates, Some("fra")).0, "fra");
            assert_eq!(
                destination(&candidates, choose(&candidates, true, None).as_ref()),
                None
            );
        }
        let candidates = [
            candidate("fra", 0.0, Some(30)),
            candidate("ord", 0.0, Some(38)),
        ];
        assert_eq!(
            chosen(&candidates, None).1,
            "38 ms away. Both regions are about as fast."
        );
    }

    #[test]
    fn a_region_that_does_not_answer_is_not_chosen_and_not_waited_for() {
        let mut silent = candidate("fra", 0.0, Some(1));
        silent.trip.is_silent = true;
        let candidates = [
            silent,
            candidate("ord", 0.0, Some(90)),
            candidate("syd", 0.0, Some(20)),
        ];

        let choice = choose(&candidates, true, None);

        assert_eq!(choice.as_ref().unwrap().manager.region.as_str(), "syd");
        assert!(destination(&candidates, choice.as_ref()).is_some());
    }

    #[test]
    fn before_every_region_is_measured_nobody_goes() {
        let candidates = [
            candidate("fra", 0.0, None),
            candidate("ord", 0.0, Some(90)),
            candidate("syd", 0.0, Some(20)),
        ];

        assert_eq!(
            destination(&candidates, choose(&candidates, true, None).as_ref()),
            None
        );
    }

    #[test]
    fn until_the_serving_region_is_measured_nothing_is_faster() {
        for late in [None, Some(900)] {
            let mut here = candidate("ord", 1.0, late);
            here.trip.is_settled = false;

            let candidates = [here, candidate("syd", 900.0, Some(20))];

            assert_eq!(chosen(&candidates, None).0, "ord", "{late:?}");
        }
    }

    #[test]
    fn where_nothing_lives_nobody_is_sent() {
        assert_eq!(choose(&[], true, None), None);
    }
}
