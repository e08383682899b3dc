//! What went wrong with a form.

use leptos::prelude::*;
use protocol::Problem;

/// A problem, beside the form that has it.
#[component]
pub fn ProblemNote(
    /// What went wrong, and what to do.
    problem: Problem,
) -> impl IntoView {
    view! {
        <div class="problem-note" id="form-problem" role="alert" tabindex="-1" autofocus data-testid="form-problem" data-kind=problem.kind>
            <strong class="problem-note__title">{problem.title}</strong>
            {problem.detail.map(|detail| view! { <span class="problem-note__detail">{detail}</span> })}
        </div>
    }
}
