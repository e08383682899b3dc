//! Where to go when the page's server is gone.

use super::choice::Candidate;
use protocol::Manager;

/// Another server that the page could move to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fallback {
    /// Where to reach it.
    pub url: String,
    /// Whether it is in the region that served the page.
    pub is_at_home: bool,
    /// The median round trip to its region, where that was measured before.
    pub trip_ms: Option<u64>,
    /// The round trip of a moment ago, if it answered.
    pub answer_ms: Option<u64>,
}

/// All servers with other addresses than the page's own, be they in its region or another one.
pub(crate) fn fallbacks(
    here: &Manager,
    siblings: Vec<String>,
    candidates: &[Candidate],
) -> Vec<Fallback> {
    let mut fallbacks: Vec<Fallback> = Vec::new();
    let siblings = siblings.into_iter().map(|url| (url, true, None));
    let others = candidates.iter().map(|candidate| {
        let Manager { region, url, .. } = &candidate.manager;
        (url.clone(), *region == here.region, candidate.trip.trip_ms)
    });
    for (url, is_at_home, trip_ms) in siblings.chain(others) {
        if url != here.url && fallbacks.iter().all(|fallback| fallback.url != url) {
            fallbacks.push(Fallback {
                url,
                is_at_home,
                trip_ms,
                answer_ms: None,
            });
        }
    }
    fallbacks
}

/// The best of those that just answered: one in the page's own region, else the fastest by the median measured
/// before, or by that answer.
pub(crate) fn best_fallback(fallbacks: &[Fallback]) -> Option<String> {
    let answering = fallbacks.iter().filter_map(|fallback| {
        let answer_ms = fallback.answer_ms?;
        let trip_ms = fallback.trip_ms.unwrap_or(answer_ms);
        Some(((!fallback.is_at_home, trip_ms), fallback))
    });
    let best = answering.min_by_key(|(order, _)| *order);
    best.map(|(_, fallback)| fallback.url.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::measurements::Measurements;
    use protocol::RegionCode;

    fn manager(code: &str, url: &str) -> Manager {
        Manager {
            region: RegionCode::parse(code).unwrap(),
            city: code.into(),
            lat: 0.0,
            lng: 0.0,
            url: url.into(),
            instances: 1,
            connections: 0,
        }
    }

    /// Where a page of `ord-1` goes, that once measured 20 ms to fra and 30 ms to its own region.
    fn found(siblings: &[&str], answers: &[(&str, u64)]) -> Option<String> {
        let here = manager("ord", "ord-1");
        let mut measurements = Measurements::default();
        for (code, trip_ms) in [("fra", 20), ("ord", 30)] {
            measurements.note(&RegionCode::parse(code).unwrap(), Some(trip_ms));
        }
        let candidates =
            [("fra", "fra-1"), ("ord", "ord-1"), ("syd", "syd-1")].map(|(code, url)| {
                Candidate::new(&manager(code, url), &here.region, None, &measurements)
            });
        let siblings = siblings.iter().map(|url| (*url).to_owned()).collect();
        let mut fallbacks = fallbacks(&here, siblings, &candidates);
        for fallback in &mut fallbacks {
            let answer = answers.iter().find(|(url, _)| *url == fallback.url);
            fallback.answer_ms = answer.map(|(_, answer_ms)| *answer_ms);
        }
        best_fallback(&fallbacks)
    }

    #[test]
    fn the_fastest_that_answers_is_chosen() {
        let answers = [("ord-1", 1), ("syd-1", 80)];

        assert_eq!(found(&[], &answers).as_deref(), Some("syd-1"));
    }

    #[test]
    fn what_was_measured_before_counts_more_than_one_answer() {
        let answers = [("fra-1", 300), ("syd-1", 80)];

        assert_eq!(found(&[], &answers).as_deref(), Some("fra-1"));
    }

    #[test]
    fn another_instance_of_the_region_comes_first_if_it_answers() {
        let siblings = ["ord-2", "ord-3"];
        let others = [("fra-1", 3), ("syd-1", 3)];
        let all = [("fra-1", 3), ("ord-3", 200), ("syd-1", 3)];

        assert_eq!(found(&siblings, &all).as_deref(), Some("ord-3"));
        assert_eq!(found(&siblings, &others).as_deref(), Some("syd-1"));
    }

    #[test]
    fn without_an_answer_the_page_stays() {
        assert_eq!(found(&["ord-1", "ord-2"], &[]), None);
        assert_eq!(found(&["ord-1"], &[("ord-1", 3)]), None);
    }
}
