//! What the visitor should hear of without looking for it.

use leptos::prelude::*;
use protocol::Problem;

/// Problems, seen and heard, and results, heard only: eyes have the number.
///
/// Both regions are there from the start, for a screen reader tells changes of what it knows already.
#[component]
pub(crate) fn Notices(
    /// What went wrong a moment ago.
    problem: Memo<Option<Problem>>,
    /// What this visitor's last clicks came to.
    result: Memo<String>,
) -> impl IntoView {
    let title =
        move || problem.with(|problem| problem.as_ref().map(|problem| problem.title.clone()));
    let detail =
        move || problem.with(|problem| problem.as_ref().and_then(|problem| problem.detail.clone()));
    view! {
        <div class="notices" role="status" data-testid="notice" data-shown=move || problem.with(Option::is_some).to_string()>
            <strong class="notices__title">{title}</strong>
            <span class="notices__detail">{detail}</span>
        </div>
        <p class="visually-hidden" role="status" data-testid="result">{move || result.get()}</p>
    }
}
