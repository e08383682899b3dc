//! What somebody wrote.

use crate::conversation::visible;
use leptos::prelude::*;

/// A text by anyone, as a text node in an isolate of its own, so that it cannot affect what is around it.
#[component]
pub(crate) fn Written(
    /// The text.
    text: String,
) -> impl IntoView {
    view! { <bdi class="written" data-testid="written">{visible(&text)}</bdi> }
}
