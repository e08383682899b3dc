//! Where to go when the server that serves the page is gone.

use super::choice::Candidate;
use protocol::{Manager, RegionCode};

/// The best region among those that answered a moment ago: by the median that was measured before, else by
/// that answer.
pub(crate) fn refuge(
    candidates: &[Candidate],
    answers: &[(RegionCode, Option<u64>)],
) -> Option<Manager> {
    let mut best: Option<(u64, &Candidate)> = None;
    for candidate in candidates.iter().filter(|candidate| !candidate.is_here) {
        let answer = answers
            .iter()
            .find(|(region, _)| *region == candidate.manager.region);
        if let Some((_, Some(answer_ms))) = answer {
            let trip_ms = candidate.way.trip_ms.unwrap_or(*answer_ms);
            if best.is_none_or(|(least_ms, _)| trip_ms < least_ms) {
                best = Some((trip_ms, candidate));
            }
        }
    }
    best.map(|(_, candidate)| candidate.manager.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::book::Book;

    fn candidates(book: &Book) -> Vec<Candidate> {
        let here = RegionCode::parse("ord").unwrap();
        ["fra", "ord", "syd"]
            .map(|code| {
                let manager = Manager {
                    region: RegionCode::parse(code).unwrap(),
                    city: code.into(),
                    lat: 0.0,
                    lng: 0.0,
                    url: String::new(),
                    instances: 1,
                    connections: 0,
                };
                Candidate::new(&manager, &here, None, book)
            })
            .into()
    }

    fn found(book: &Book, answers: &[(&str, Option<u64>)]) -> Option<String> {
        let answers: Vec<_> = answers
            .iter()
            .map(|(code, answer)| (RegionCode::parse(code).unwrap(), *answer))
            .collect();
        refuge(&candidates(book), &answers).map(|manager| manager.region.to_string())
    }

    #[test]
    fn the_fastest_that_answers_takes_the_visitor_in() {
        let answers = [("fra", Some(90)), ("ord", Some(1)), ("syd", Some(80))];

        assert_eq!(found(&Book::default(), &answers).as_deref(), Some("syd"));
    }

    #[test]
    fn what_was_measured_before_counts_more_than_one_answer() {
        let mut book = Book::default();
        book.note(&RegionCode::parse("fra").unwrap(), Some(20));

        let answers = [("fra", Some(300)), ("syd", Some(80))];

        assert_eq!(found(&book, &answers).as_deref(), Some("fra"));
    }

    #[test]
    fn without_an_answer_the_page_stays() {
        assert_eq!(
            found(&Book::default(), &[("fra", None), ("syd", None)]),
            None
        );
        assert_eq!(found(&Book::default(), &[("ord", Some(3))]), None);
    }
}
