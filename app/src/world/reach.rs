//! How soon a click is in other regions, in words. A server writes what it knows; what a page hears later is written by code that
//! it loads once it is live.

use live::RegionRow;
use live::format::round_trip;

/// How soon a region has clicks that are made here; nothing where that is not known.
pub(super) fn note(row: &RegionRow) -> String {
    let ms = row.reached_ms.filter(|_| row.instances > 0 && !row.is_here);
    ms.map_or_else(String::new, |ms| format!(" reached in {}", round_trip(ms)))
}

/// How soon other regions had the visitor's newest click: each, or of many the first and the last. Nothing while none has.
#[cfg(any(feature = "hydrate", test))]
pub(super) fn elsewhere(rows: &[RegionRow]) -> Option<String> {
    let others = rows.iter().filter(|row| !row.is_here && row.instances > 0);
    // Put in order one by one: sorting is much code for a browser to download.
    let mut reached = Vec::new();
    for row in others.clone().filter(|row| row.has_own) {
        let ms = row.reached_ms.unwrap_or_default();
        let at = reached.partition_point(|(other, _)| *other <= ms);
        reached.insert(at, (ms, row));
    }
    let words = |(ms, row): &(u64, &RegionRow)| format!("{} {}", row.city, round_trip(*ms));
    let words = match &*reached {
        [] if others.count() == 0 => "no other region is live".into(),
        [] => return None,
        [first, .., last] if reached.len() > 3 => {
            format!(
                "{} … {}, {} regions",
                words(first),
                words(last),
                reached.len()
            )
        }
        few => few.iter().map(words).collect::<Vec<_>>().join(" · "),
    };
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::row;

    fn reached(city: &str, ms: u64) -> RegionRow {
        RegionRow {
            city: city.into(),
            reached_ms: Some(ms),
            has_own: true,
            ..row(1)
        }
    }

    fn said(rows: &[RegionRow]) -> String {
        elsewhere(rows).unwrap()
    }

    #[test]
    fn a_live_region_says_how_soon_it_is_reached() {
        let sydney = reached("Sydney", 84);
        let gone = RegionRow {
            instances: 0,
            ..sydney.clone()
        };

        assert_eq!(note(&sydney), " reached in 84 ms");
        assert_eq!(note(&gone), "");
        assert_eq!(note(&row(3)), "");
    }

    #[test]
    fn the_regions_that_have_the_click_are_named_nearest_first() {
        let here = RegionRow {
            is_here: true,
            ..row(1)
        };
        assert_eq!(said(std::slice::from_ref(&here)), "no other region is live");
        let old = RegionRow {
            has_own: false,
            ..reached("Tokyo", 5)
        };
        assert_eq!(elsewhere(&[here.clone(), old.clone()]), None);

        let [sydney, frankfurt] = [reached("Sydney", 84), reached("Frankfurt", 12)];
        let some = [here, old, sydney.clone(), frankfurt.clone()];
        assert_eq!(said(&some), "Frankfurt 12 ms · Sydney 84 ms");

        let many = [
            sydney,
            reached("Delhi", 70),
            frankfurt,
            reached("Paris", 13),
        ];
        assert_eq!(said(&many), "Frankfurt 12 ms … Sydney 84 ms, 4 regions");
    }
}
