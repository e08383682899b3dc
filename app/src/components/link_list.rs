//! A list of links.

use leptos::prelude::*;

/// A list of links with a heading.
#[component]
pub(crate) fn LinkList(
    /// The heading.
    #[prop(into)]
    title: String,
    /// Where each leads, and what it says.
    links: Vec<(String, String)>,
    /// What is said where there are none.
    empty: &'static str,
) -> impl IntoView {
    let is_empty = links.is_empty();
    let item = |(href, words)| {
        view! {
            <li class="list-card__link" data-testid="link">
                <a href=href dir="auto">{words}</a>
            </li>
        }
    };
    view! {
        <section class="list-card" aria-labelledby="links-title">
            <h2 class="card__title" id="links-title">{title}</h2>
            <ul class="list-card__list">{links.into_iter().map(item).collect_view()}</ul>
            {is_empty.then(|| view! { <p class="list-card__empty">{empty}</p> })}
        </section>
    }
}
