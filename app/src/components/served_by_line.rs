//! The serving instance, its latency, and how soon clicks are elsewhere.

use leptos::prelude::*;
use live::bound::text;
use live::format::round_trip;
use live::{Live, RegionRow};

/// The serving region and instance, the round trip of the visitor's clicks, and how soon other regions have them.
#[component]
pub(crate) fn ServedByLine(
    live: Live,
    /// The round trips; absent on pages without clicks.
    #[prop(optional)]
    trips: Option<Memo<String>>,
) -> impl IntoView {
    let [from, instance] = [live.served_from(), live.instance()];
    let rows = live.rows();
    view! {
        <dl class="facts" translate="no">
            <div class="facts__fact">
                <dt>"Served from"</dt>
                <dd data-testid="served-region">{text(move || from.get())}</dd>
            </div>
            <div class="facts__fact">
                <dt>"Instance"</dt>
                <dd data-testid="served-instance">{text(move || instance.get())}</dd>
            </div>
            {trips.map(|trips| view! {
                <div class="facts__fact">
                    <dt>"Latency"</dt>
                    <dd data-testid="round-trip">{text(move || trips.get())}</dd>
                </div>
                <div class="facts__fact">
                    <dt>"Your click elsewhere"</dt>
                    <dd data-testid="elsewhere">{text(move || rows.with(|rows| elsewhere(rows)))}</dd>
                </div>
            })}
        </dl>
    }
}

/// How soon other regions had the visitor's newest click: each, or of many the first and the last.
fn elsewhere(rows: &[RegionRow]) -> String {
    let others = rows.iter().filter(|row| !row.is_here && row.instances > 0);
    // Put in order one by one: sorting is much code for a browser to download.
    let mut reached = Vec::new();
    for row in others.clone().filter(|row| row.has_own) {
        let ms = row.reached_ms.unwrap_or_default();
        let at = reached.partition_point(|(other, _)| *other <= ms);
        reached.insert(at, (ms, row));
    }
    let words = |(ms, row): &(u64, &RegionRow)| format!("{} {}", row.city, round_trip(*ms));
    match &*reached {
        [] if others.count() == 0 => "no other region is live".into(),
        [] => "click to measure".into(),
        [first, .., last] if reached.len() > 3 => {
            format!(
                "{} … {}, {} regions",
                words(first),
                words(last),
                reached.len()
            )
        }
        few => few.iter().map(words).collect::<Vec<_>>().join(" · "),
    }
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

    #[test]
    fn the_regions_that_have_the_click_are_named_nearest_first() {
        let here = RegionRow {
            is_here: true,
            ..row(1)
        };
        assert_eq!(
            elsewhere(std::slice::from_ref(&here)),
            "no other region is live"
        );
        let old = RegionRow {
            has_own: false,
            ..reached("Tokyo", 5)
        };
        assert_eq!(elsewhere(&[here.clone(), old.clone()]), "click to measure");

        let [sydney, frankfurt] = [reached("Sydney", 84), reached("Frankfurt", 12)];
        let some = [here, old, sydney.clone(), frankfurt.clone()];
        assert_eq!(elsewhere(&some), "Frankfurt 12 ms · Sydney 84 ms");

        let many = [
            sydney,
            reached("Delhi", 70),
            frankfurt,
            reached("Paris", 13),
        ];
        assert_eq!(
            elsewhere(&many),
            "Frankfurt 12 ms … Sydney 84 ms, 4 regions"
        );
    }
}
