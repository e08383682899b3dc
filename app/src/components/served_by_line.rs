//! The serving instance, and its latency.

use crate::format::round_trip;
use crate::live::{ServedBy, TripFigures};
use leptos::prelude::*;

/// The serving region and instance, and the round trip of the visitor's clicks.
#[component]
pub(crate) fn ServedByLine(
    /// Who serves the page.
    served_by: Memo<ServedBy>,
    /// The round trips, `None` before the first click; absent on pages without clicks.
    #[prop(optional)]
    trips: Option<Memo<Option<TripFigures>>>,
) -> impl IntoView {
    view! {
        <dl class="facts" translate="no">
            <div class="facts__fact">
                <dt>"Served from"</dt>
                <dd data-testid="served-region">{move || served_by.with(place)}</dd>
            </div>
            <div class="facts__fact">
                <dt>"Instance"</dt>
                <dd data-testid="served-instance">{move || served_by.with(|by| by.instance.clone())}</dd>
            </div>
            {trips.map(|trips| view! {
                <div class="facts__fact">
                    <dt>"Latency"</dt>
                    <dd data-testid="round-trip">{move || trip(trips.get())}</dd>
                </div>
            })}
        </dl>
    }
}

fn place(by: &ServedBy) -> String {
    if by.city.is_empty() {
        by.region.to_string()
    } else {
        format!("{} ({})", by.city, by.region)
    }
}

fn trip(trips: Option<TripFigures>) -> String {
    let Some(TripFigures { last_ms, median_ms }) = trips else {
        return "click to measure".into();
    };
    format!("{}, median {}", round_trip(last_ms), round_trip(median_ms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::RegionCode;

    #[test]
    fn a_region_that_the_world_does_not_list_is_told_by_its_code() {
        let mut by = ServedBy {
            region: RegionCode::parse("fra").unwrap(),
            city: "Frankfurt".into(),
            instance: "fra-1".into(),
        };
        assert_eq!(place(&by), "Frankfurt (fra)");

        by.city.clear();
        assert_eq!(place(&by), "fra");
    }

    #[test]
    fn the_last_round_trip_stands_before_the_median() {
        let figures = TripFigures {
            last_ms: 12,
            median_ms: 9,
        };

        assert_eq!(trip(Some(figures)), "12 ms, median 9 ms");
        assert_eq!(trip(None), "click to measure");
    }
}
