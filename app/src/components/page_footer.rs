//! The page footer.

use leptos::prelude::*;

/// Links to the API.
#[component]
pub(crate) fn PageFooter() -> impl IntoView {
    view! {
        <footer class="page-footer">
            <p>
                "Every region shows the same world. Build on it with "
                <a href="/api/docs">"the API"</a> "."
            </p>
            <p class="page-footer__credits">"Coastlines: Natural Earth, in the Robinson projection."</p>
        </footer>
    }
}
