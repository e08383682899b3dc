//! What stands in for what cannot be shown.

use leptos::prelude::*;

/// Something was expected here, and is not.
#[component]
pub fn Absence(
    /// What is missing, and whether for good.
    #[prop(into)]
    title: String,
    /// The title's id.
    id: &'static str,
    /// The element's name for tests.
    testid: &'static str,
    /// What to do about it.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="absence" aria-labelledby=id data-testid=testid>
            <h1 class="absence__title" id=id>{title}</h1>
            {children()}
        </section>
    }
}
