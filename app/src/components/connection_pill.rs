//! The state of the page's connection.

use crate::format::counted;
use crate::live::Connection;
use leptos::prelude::*;

/// The connection's state in a few words, and under it what that means for the visitor.
///
/// A screen reader announces only the words: the ages below them change every second.
#[component]
pub(crate) fn ConnectionPill(connection: Memo<Connection>, waiting: Memo<usize>) -> impl IntoView {
    let detail = Memo::new(move |_| connection.get().detail());
    let waits = Memo::new(move |_| waits_text(waiting.get()));
    view! {
        <div class="connection-pill" data-state=move || connection.get().name() data-testid="connection">
            <p class="connection-pill__state" role="status">
                <span class="connection-pill__light" aria-hidden="true"></span>
                <span data-testid="connection-label">{move || connection.get().label()}</span>
            </p>
            <div
                class="connection-pill__details"
                hidden=move || detail.with(String::is_empty) && waits.with(String::is_empty)
            >
                <p data-testid="connection-detail">{move || detail.get()}</p>
                <p data-testid="waiting">{move || waits.get()}</p>
            </div>
        </div>
    }
}

fn waits_text(waiting: usize) -> String {
    match i64::try_from(waiting) {
        Ok(0) | Err(_) => String::new(),
        Ok(waiting) => format!(
            "{} to be counted.",
            counted(waiting, "click waits", "clicks wait")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_clicks_are_counted_in_words() {
        assert_eq!(waits_text(0), "");
        assert_eq!(waits_text(1), "1 click waits to be counted.");
        assert_eq!(waits_text(1_200), "1,200 clicks wait to be counted.");
    }
}
