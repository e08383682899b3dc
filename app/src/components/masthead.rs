//! The page's head: whose page it is, and how it stands with its server.

use super::ConnectionPill;
use crate::live::Connection;
use leptos::prelude::*;

/// The name and mark, and at the far end the connection's state.
#[component]
pub(crate) fn Masthead(
    /// The state.
    connection: Memo<Connection>,
    /// How many of this visitor's clicks wait.
    waiting: Memo<usize>,
) -> impl IntoView {
    view! {
        <header class="masthead">
            <a class="masthead__brand" href="/" aria-label="Murmuration, home">
                <img class="masthead__mark" src="/favicon.svg" alt="" width="36" height="36" />
                <span class="masthead__name">"Murmuration"</span>
            </a>
            <ConnectionPill connection waiting />
        </header>
    }
}
