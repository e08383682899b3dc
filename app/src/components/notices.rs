//! Problems and results that the visitor is told about.

use leptos::prelude::*;
use protocol::Problem;

/// Shows and announces problems, and announces results, which everybody else sees in the number.
///
/// Both elements exist from the start: a screen reader announces changes only of elements it knows.
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
