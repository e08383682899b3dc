//! The recommended region, and why.

use super::measurements::{Measurements, TripStats};
use live::format::{distance, round_trip};
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
    /// Why this one, in a sentence.
    pub words: String,
    /// Whether it serves this page.
    pub is_here: bool,
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

    fn chosen(&self, words: String) -> ChosenRegion {
        ChosenRegion {
            manager: self.manager.clone(),
            words,
            is_here: self.is_here,
        }
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
    let measured = candidates
        .iter()
        .filter_map(|candidate| Some((candidate, candidate.trip_ms()?)));
    let of = measured.clone().count();
    let fastest = measured.min_by_key(|(_, trip_ms)| *trip_ms);
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
    let (chosen, trip_ms) = kept(&|candidate| before == Some(&candidate.manager.region))
        .or_else(|| kept(&|candidate| candidate.is_here))
        .unwrap_or((fastest, least_ms));
    let away = round_trip(trip_ms);
    Some(chosen.chosen(match (trip_ms == least_ms, of) {
        (true, 1) => format!("{away} away, the only one available."),
        (true, _) => format!("{away} away, the fastest of {of}."),
        (false, 2) => format!("{away} away. Both regions are about as fast."),
        (false, _) => format!("{away} away. All {of} are about as fast."),
    }))
}

fn nearest(candidates: &[Candidate], is_placed: bool) -> Option<ChosenRegion> {
    let here = candidates.iter().find(|candidate| candidate.is_here);
    if let (Some(here), false) = (here, is_placed) {
        let words = "It serves you now. Your location is unknown, and nothing is measured yet.";
        return Some(here.chosen(words.into()));
    }
    let mut nearest = here.or_else(|| candidates.first())?;
    for candidate in candidates {
        if candidate.distance_km < nearest.distance_km {
            nearest = candidate;
        }
    }
    let away = distance(nearest.distance_km);
    Some(nearest.chosen(match candidates.len() {
        1 => format!("{away} away, the only live region; not measured yet."),
        of => format!("{away} away, the nearest of {of}; not measured yet."),
    }))
}

/// Whether one round trip is so much shorter that a move is worth it.
fn is_clearly_faster(trip_ms: u64, than_ms: u64) -> bool {
    trip_ms + FASTER_BY_MS < than_ms && trip_ms * 100 < than_ms * FASTER_PERCENT
}

/// The address that the page moves to by itself: the chosen region's, once every region that answers is measured, and only
/// if it is clearly faster.
pub(crate) fn destination(
    candidates: &[Candidate],
    choice: Option<&ChosenRegion>,
) -> Option<String> {
    let choice = choice.filter(|choice| !choice.is_here)?;
    let is_known = |candidate: &Candidate| candidate.trip.is_settled || candidate.trip.is_silent;
    let here = candidates.iter().find(|candidate| candidate.is_here)?;
    let slow_ms = here.trip.trip_ms.filter(|_| here.trip.is_settled)?;
    let there = candidates
        .iter()
        .find(|candidate| candidate.manager.region == choice.manager.region)?;
    let quick_ms = there.trip_ms().filter(|_| there.trip.is_settled)?;
    (candidates.iter().all(is_known) && is_clearly_faster(quick_ms, slow_ms))
        .then(|| choice.manager.url.clone())
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
        (choice.manager.region.to_string(), choice.words)
    }

    fn first_destination(candidates: &[Candidate]) -> Option<String> {
        destination(candidates, choose(candidates, true, None).as_ref())
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
            first_destination(&candidates).as_deref(),
            Some("https://syd.example")
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
        assert_eq!(first_destination(&candidates), None);
    }

    #[test]
    fn who_says_nothing_of_themselves_is_where_they_are_served() {
        let candidates = [candidate("fra", 0.0, None), candidate("ord", 9.0, None)];

        let choice = choose(&candidates, false, None).unwrap();

        assert_eq!(choice.manager.region.as_str(), "ord");
        assert!(choice.words.starts_with("It serves you now."));
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
            assert_eq!(first_destination(&candidates), None);
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

        assert_eq!(first_destination(&candidates), None);
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
