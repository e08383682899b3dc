//! What is drawn for each region.

use super::signals::RegionRow;
use leptos::prelude::*;

/// Something drawn for each region; all of it anew where regions come or go, which is rare. That is far less code than
/// Leptos's keyed lists, which most visits would load for nothing.
pub fn each_region<V: 'static>(
    rows: Memo<Vec<RegionRow>>,
    draw: impl Fn(Memo<RegionRow>) -> V + Send + 'static,
) -> impl FnMut() -> Vec<V> + Send {
    let codes = Memo::new(move |_| {
        rows.with(|rows| rows.iter().map(|row| row.code.clone()).collect::<Vec<_>>())
    });
    move || {
        let first = codes.with(|_| rows.get_untracked()).into_iter();
        first.map(|row| draw(own_row(rows, row))).collect()
    }
}

/// One region's own row, so that only its changes are drawn; it keeps its last numbers when the region goes.
fn own_row(rows: Memo<Vec<RegionRow>>, first: RegionRow) -> Memo<RegionRow> {
    Memo::new(move |_| {
        let row = rows.with(|rows| rows.iter().find(|row| row.code == first.code).cloned());
        row.unwrap_or_else(|| first.clone())
    })
}
