//! Every region's numbers.

use super::counter::length;
use crate::components::{Bar, share_bar};
use leptos::prelude::*;
use live::bound::{flag, mark, text};
use live::format::grouped;
use live::{RegionRow, each_region};

/// The middle of a bar's track, in thousandths.
const MIDDLE: f64 = 500.0;

/// The regions, a row each, and their sums.
#[component]
pub(crate) fn RegionTable(
    /// The regions, ordered by code.
    rows: Memo<Vec<RegionRow>>,
    /// The clicks of all regions.
    total: Memo<i64>,
) -> impl IntoView {
    // The most clicks, up or down, where a region is below zero: no shares add up there. 0 elsewhere.
    let most = Memo::new(move |_| {
        rows.with(|rows| {
            let is_mixed = rows.iter().any(|row| row.clicks < 0);
            let most = rows.iter().map(|row| row.clicks.saturating_abs()).max();
            most.filter(|_| is_mixed).unwrap_or_default()
        })
    });
    let sum = move |read: fn(&RegionRow) -> u32| {
        let sum = move |rows: &Vec<_>| rows.iter().map(|row| i64::from(read(row))).sum::<i64>();
        text(move || grouped(rows.with(sum)))
    };
    view! {
        <section class="region-table" id="regions" aria-label="Regions">
            <table class="region-table__table" translate="no" data-testid="regions" data-length=mark(move || Some(length(total.get())))>
                <caption class="region-table__caption">"Regions"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Region"</th>
                        <th scope="col" class="region-table__number">"Clicks"</th>
                        <th scope="col" class="region-table__share">
                            {text(move || if most.get() > 0 { "Balance" } else { "Share" }.into())}
                        </th>
                        <th scope="col" class="region-table__number">"People"</th>
                        <th scope="col" class="region-table__number">
                            "Inst"<span class="region-table__rest">"ances"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {each_region(rows, move |row| row_view(row, most))}
                </tbody>
                <tfoot>
                    <tr>
                        <th scope="row">"All regions"</th>
                        <td class="region-table__number">{text(move || grouped(total.get()))}</td>
                        <td class="region-table__share"></td>
                        <td class="region-table__number">{sum(|row| row.people)}</td>
                        <td class="region-table__number">{sum(|row| row.instances)}</td>
                    </tr>
                </tfoot>
            </table>
            <p class="region-table__empty" hidden=flag(move || !rows.with(Vec::is_empty))>
                "No regions yet. They appear with the first server or click."
            </p>
        </section>
    }
}

/// One region, with the most clicks of any where one is below zero.
fn row_view(row: Memo<RegionRow>, most: Memo<i64>) -> impl IntoView {
    let RegionRow { code, city, .. } = row.get_untracked();
    #[cfg(feature = "ssr")]
    let reach = row.with_untracked(reach);
    // A browser takes over what the server wrote.
    #[cfg(not(feature = "ssr"))]
    let reach = "";
    let number =
        move |read: fn(&RegionRow) -> i64| text(move || row.with(|row| grouped(read(row))));
    view! {
        <tr
            class="region-table__row"
            data-region=code.to_string()
            data-here=flag(move || row.with(|row| row.is_here))
            data-reached=text(move || row.with(|row| row.reached_ms.map_or_else(String::new, |ms| ms.to_string())))
            data-own=flag(move || row.with(|row| row.has_own))
        >
            <th scope="row">
                <span class="region-table__code">{code.to_string()}</span>
                " "
                <span class="region-table__city">{city}</span>
                <span class="region-table__note" data-cell="here" hidden=flag(move || !row.with(|row| row.is_here))>" serving you"</span>
                <span class="region-table__note" data-cell="reach" inner_html=reach></span>
            </th>
            <td class="region-table__number" data-cell="clicks">{number(|row| row.clicks)}</td>
            <td class="region-table__share" data-cell="share">
                {share_bar(move || row.with(|row| bar_of(row, most.get())))}
            </td>
            <td class="region-table__number" data-cell="people">{number(|row| row.people.into())}</td>
            <td class="region-table__number" data-cell="instances">{number(|row| row.instances.into())}</td>
        </tr>
    }
}

/// How soon a region has clicks that are made here, in the first HTML; nothing where that is not known.
#[cfg(feature = "ssr")]
fn reach(row: &RegionRow) -> String {
    let ms = row.reached_ms.filter(|_| row.instances > 0 && !row.is_here);
    ms.map_or_else(String::new, |ms| {
        format!(" reached in {}", live::format::round_trip(ms))
    })
}

/// A region's share; its clicks beside those of the others where one is below zero.
fn bar_of(row: &RegionRow, most: i64) -> Bar {
    if most == 0 {
        return Bar::share(row.share_permille);
    }
    let length = (row.clicks.saturating_abs() as f64 / most as f64 * MIDDLE) as u16;
    let middle = MIDDLE as u16;
    Bar {
        start: if row.clicks < 0 {
            middle - length
        } else {
            middle
        },
        length,
        is_mixed: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    fn row(clicks: i64, share_permille: u16) -> RegionRow {
        RegionRow {
            share_permille,
            ..samples::row(clicks)
        }
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn a_live_region_says_how_soon_it_is_reached() {
        let reached = RegionRow {
            reached_ms: Some(84),
            ..row(1, 0)
        };
        let gone = RegionRow {
            instances: 0,
            ..reached.clone()
        };

        assert_eq!(reach(&reached), " reached in 84 ms");
        assert_eq!(reach(&gone), "");
        assert_eq!(reach(&row(3, 0)), "");
    }

    #[test]
    fn shares_start_at_the_left() {
        let bar = bar_of(&row(30, 333), 0);

        assert_eq!((bar.start, bar.length, bar.is_mixed), (0, 333, false));
    }

    #[test]
    fn beside_a_region_below_zero_bars_grow_from_the_middle() {
        let of = |clicks| bar_of(&row(clicks, 0), 60);

        let (up, down) = (of(60), of(-20));

        assert_eq!((up.start, up.length, up.is_mixed), (500, 500, true));
        assert_eq!((down.start, down.length), (334, 166));
        assert_eq!(of(0).length, 0);
        assert_eq!(bar_of(&row(i64::MIN, 0), i64::MAX).start, 0);
    }
}
