//! What went wrong a moment ago.

use crate::Live;
use crate::bound::text;
use leptos::prelude::*;

/// Shows and announces problems, and announces results, which everybody else sees in the number.
///
/// Both elements exist from the start: a screen reader announces changes only of elements it knows.
#[component]
pub fn Notices(
    /// The page.
    live: Live,
) -> impl IntoView {
    let [title, detail, result] = [live.problem(), live.problem_detail(), live.result()];
    let is_shown = move || title.with(|title| !title.is_empty()).to_string();
    view! {
        <div class="notices" translate="no" role="status" data-testid="notice" data-shown=text(is_shown)>
            <strong class="notices__title">{text(move || title.get())}</strong>
            <span class="notices__detail">{text(move || detail.get())}</span>
        </div>
        <p class="visually-hidden" role="status" data-testid="result" translate="no">{text(move || result.get())}</p>
    }
}
