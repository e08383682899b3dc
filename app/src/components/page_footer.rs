//! The page's foot.

use leptos::prelude::*;

/// Where the same numbers are to be had by programs.
#[component]
pub(crate) fn PageFooter() -> impl IntoView {
    view! {
        <footer class="page-footer">
            <p>
                "Every region keeps the same world. Programs read and join it, too: "
                <a href="/api/docs">"the API"</a> "."
            </p>
            <p class="page-footer__credits">"Coastlines: Natural Earth, in the Robinson projection."</p>
        </footer>
    }
}
