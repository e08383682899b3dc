//! Clicks on their way: arcs from the region where they were made to all others, and how soon one's own were there.
//!
//! The lines show where a click goes, at a pace that eyes can follow; how long it took is what the figures say. All of it is
//! drawn over the map once the page is live: nothing waits for it.

use super::labels::place_labels;
use super::projection::{Point, place};
use super::world_map::{NARROW, Scale, WIDE, labelled, wish};
use live::RegionRow;
use live::format::{round_trip, tenths};
use protocol::RegionCode;
use std::fmt::Write;

/// How many flights are on the map at once: in a busy world, the others are not drawn.
const FLIGHTS: usize = 4;
/// How long a flight takes, in milliseconds: the style's `--flight`.
const FLIGHT_MS: u64 = 1_200;
/// The time after which a region's next click is drawn, in milliseconds.
const PAUSE_MS: u64 = 300;
/// How far an arc rises, over the distance.
const RISE: f64 = 0.22;

/// Which flights are on the map.
#[derive(Default)]
pub(crate) struct Flights {
    known: Vec<(RegionCode, i64)>,
    /// Whose flight each is, and when it began.
    flying: [Option<(RegionCode, u64)>; FLIGHTS],
}

impl Flights {
    /// The flights that begin with these clicks, each with its place among the [`FLIGHTS`], as SVG. What is not known from
    /// before begins none.
    pub(crate) fn begin(&mut self, rows: &[RegionRow], now_ms: u64) -> Vec<(usize, String)> {
        let clicks = rows.iter().map(|row| (row.code.clone(), row.clicks));
        let known = std::mem::replace(&mut self.known, clicks.collect());
        let has_clicked = |row: &&RegionRow| {
            let before = known.iter().find(|(code, _)| *code == row.code);
            before.is_some_and(|(_, clicks)| *clicks != row.clicks)
        };
        let mut begun = Vec::new();
        for row in rows.iter().filter(has_clicked) {
            if let Some(at) = self.free(row, now_ms) {
                self.flying[at] = Some((row.code.clone(), now_ms));
                begun.push((at, arcs(row, rows)));
            }
        }
        begun
    }

    /// A place for another flight of that region. The first is kept for the visitor's own clicks.
    fn free(&self, row: &RegionRow, now_ms: u64) -> Option<usize> {
        let age = |at: &usize| {
            let flying = self.flying[*at].as_ref();
            flying.map_or(u64::MAX, |(_, since_ms)| now_ms.saturating_sub(*since_ms))
        };
        if row.is_here {
            return Some(0).filter(|at| age(at) >= PAUSE_MS);
        }
        let is_own = |at: &usize| matches!(&self.flying[*at], Some((code, _)) if *code == row.code);
        if (1..FLIGHTS).any(|at| is_own(&at) && age(&at) < FLIGHT_MS) {
            return None;
        }
        (1..FLIGHTS).find(|at| age(at) >= FLIGHT_MS)
    }
}

/// The arcs from a region to all others that live.
fn arcs(from: &RegionRow, rows: &[RegionRow]) -> String {
    let start = place(from.lat, from.lng);
    let mut svg = String::new();
    for row in rows {
        if row.code == from.code || row.instances == 0 {
            continue;
        }
        let end = place(row.lat, row.lng);
        let rise = RISE * (end.x - start.x).hypot(end.y - start.y);
        let [x, y, far_x, far_y] = [start.x, start.y, end.x, end.y].map(tenths);
        let top_x = tenths((start.x + end.x) / 2.0);
        let top_y = tenths((start.y + end.y) / 2.0 - rise);
        // Writing to a string cannot fail.
        let _written = write!(
            svg,
            r#"<path class="flights__arc" pathLength="1" d="M{x} {y}Q{top_x} {top_y} {far_x} {far_y}"/>"#
        );
    }
    svg
}

/// How soon each other region had the visitor's newest click, beside its light, for both kinds of screens.
pub(crate) fn figures(rows: &[RegionRow]) -> String {
    [WIDE, NARROW].map(|scale| figures_at(rows, scale)).concat()
}

fn figures_at(rows: &[RegionRow], scale: Scale) -> String {
    let order = labelled(rows);
    // Where codes are labels already, there is no room.
    let mut wishes: Vec<_> = order
        .iter()
        .map(|row| wish(row, row.code.as_str(), scale))
        .collect();
    let mut texts = Vec::new();
    for row in order
        .iter()
        .filter(|row| row.has_own && row.instances > 0 && !row.is_here)
    {
        let text = round_trip(row.reached_ms.unwrap_or_default());
        wishes.push(wish(row, &text, scale));
        texts.push(text);
    }
    let places = place_labels(&wishes, scale.letter_height);
    let mut svg = format!(
        r#"<g class="world-map__labels" data-screen="{}">"#,
        scale.screen
    );
    for (text, at) in texts.iter().zip(&places[order.len()..]) {
        if let Some(Point { x, y }) = at {
            let (x, y) = (tenths(*x), tenths(*y));
            // Writing to a string cannot fail.
            let _written = write!(
                svg,
                r#"<text class="world-map__label flights__figure" x="{x}" y="{y}">{text}</text>"#
            );
        }
    }
    svg + "</g>"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn rows(clicks: [i64; 5]) -> Vec<RegionRow> {
        let of = |(at, clicks): (usize, i64)| RegionRow {
            code: RegionCode::parse(["ams", "fra", "gru", "ord", "syd"][at]).unwrap(),
            lat: 10.0 * at as f64,
            lng: 30.0 * at as f64,
            is_here: at == 3,
            ..samples::row(clicks)
        };
        clicks.into_iter().enumerate().map(of).collect()
    }

    fn places(begun: &[(usize, String)]) -> Vec<usize> {
        begun.iter().map(|(at, _)| *at).collect()
    }

    #[test]
    fn a_click_flies_from_its_region_to_all_others() {
        let mut flights = Flights::default();
        assert!(
            flights.begin(&rows([9; 5]), 0).is_empty(),
            "nothing was known before"
        );

        let begun = flights.begin(&rows([9, 9, 9, 10, 9]), 10);

        assert_eq!(places(&begun), [0]);
        assert_eq!(begun[0].1.matches("<path").count(), 4);
    }

    #[test]
    fn in_a_busy_world_few_are_drawn_and_ones_own_always() {
        let mut flights = Flights::default();
        flights.begin(&rows([0; 5]), 0);

        assert_eq!(places(&flights.begin(&rows([1, 1, 1, 0, 1]), 0)), [1, 2, 3]);
        assert!(
            flights
                .begin(&rows([2, 2, 2, 0, 2]), FLIGHT_MS - 1)
                .is_empty()
        );
        assert_eq!(
            places(&flights.begin(&rows([2, 2, 2, 1, 2]), FLIGHT_MS - 1)),
            [0]
        );
        assert!(
            flights.begin(&rows([2, 2, 2, 2, 2]), FLIGHT_MS).is_empty(),
            "too soon"
        );
        assert_eq!(
            places(&flights.begin(&rows([2, 2, 2, 2, 3]), FLIGHT_MS)),
            [1]
        );
    }

    #[test]
    fn figures_stand_beside_the_regions_that_have_the_click() {
        let mut rows = rows([0; 5]);
        (rows[1].reached_ms, rows[1].has_own) = (Some(12), true);
        rows[2].reached_ms = Some(7);

        let svg = figures(&rows);

        assert_eq!(svg.matches(">12 ms</text>").count(), 2);
        assert!(!svg.contains("7 ms"));
    }
}
