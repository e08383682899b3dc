//! Every region's numbers.

use super::counter::length;
use crate::format::{grouped, percent};
use crate::live::{RegionRow, own_row};
use leptos::prelude::*;

/// The regions, a row each, and their sums.
#[component]
pub(crate) fn RegionTable(
    /// The regions, ordered by code.
    rows: Memo<Vec<RegionRow>>,
    /// The clicks of all regions.
    total: Memo<i64>,
) -> impl IntoView {
    let sum = move |read: fn(&RegionRow) -> u32| {
        move || rows.with(|rows| grouped(rows.iter().map(|row| i64::from(read(row))).sum::<i64>()))
    };
    view! {
        <section class="region-table" id="regions" aria-label="Regions">
            <table class="region-table__table" data-testid="regions" data-length=move || length(total.get())>
                <caption class="region-table__caption">"Regions"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Region"</th>
                        <th scope="col" class="region-table__number">"Clicks"</th>
                        <th scope="col" class="region-table__share">"Share"</th>
                        <th scope="col" class="region-table__number">"People"</th>
                        <th scope="col" class="region-table__number">
                            "Inst"<span class="region-table__rest">"ances"</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || rows.get() key=|row| row.code.clone() let(row)>
                        <RegionTableRow row=own_row(rows, row) />
                    </For>
                </tbody>
                <tfoot>
                    <tr translate="no">
                        <th scope="row">"All regions"</th>
                        <td class="region-table__number">{move || grouped(total.get())}</td>
                        <td class="region-table__share"></td>
                        <td class="region-table__number">{sum(|row| row.people)}</td>
                        <td class="region-table__number">{sum(|row| row.instances)}</td>
                    </tr>
                </tfoot>
            </table>
            <p class="region-table__empty" hidden=move || !rows.with(Vec::is_empty)>
                "No regions yet. They appear with the first server or click."
            </p>
        </section>
    }
}

/// One region.
#[component]
fn RegionTableRow(
    /// Its numbers.
    row: Memo<RegionRow>,
) -> impl IntoView {
    let RegionRow { code, city, .. } = row.get_untracked();
    let number = move |read: fn(&RegionRow) -> i64| move || row.with(|row| grouped(read(row)));
    view! {
        <tr class="region-table__row" translate="no" data-region=code.to_string() data-here=move || row.with(|row| row.is_here.then_some(""))>
            <th scope="row">
                <span class="region-table__code">{code.to_string()}</span>
                " "
                <span class="region-table__city">{city}</span>
                <span class="region-table__here" hidden=move || !row.with(|row| row.is_here)>" serving you"</span>
            </th>
            <td class="region-table__number" data-cell="clicks">{number(|row| row.clicks)}</td>
            <td class="region-table__share" data-cell="share">
                <ShareBar permille=Memo::new(move |_| row.with(|row| row.share_permille)) />
            </td>
            <td class="region-table__number" data-cell="people">{number(|row| row.people.into())}</td>
            <td class="region-table__number" data-cell="instances">{number(|row| row.instances.into())}</td>
        </tr>
    }
}

/// A share as a bar and in words.
#[component]
fn ShareBar(
    /// The share in thousandths.
    permille: Memo<u16>,
) -> impl IntoView {
    view! {
        <div class="share-bar">
            <svg class="share-bar__track" aria-hidden="true">
                <rect class="share-bar__fill" width=move || percent(permille.get()) height="100%" />
            </svg>
            <span class="share-bar__text" translate="no">{move || percent(permille.get())}</span>
        </div>
    }
}
