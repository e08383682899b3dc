//! How the page stands with its server.

use crate::bound::{flag, mark, text};
use crate::format::{age, counted};
use crate::{Connection, Live};
use leptos::prelude::*;

/// The connection's state in a few words, and under it what that means for the visitor.
///
/// A screen reader announces only the words: the ages below them change every second. guard.js writes into it where the page's
/// code fails.
#[component]
pub fn ConnectionPill(
    /// The page.
    live: Live,
    /// Whether the page takes clicks.
    has_clicks: bool,
) -> impl IntoView {
    let (connection, waiting) = (live.connection(), live.waiting());
    let from = live.served_from();
    let detail = Memo::new(move |_| from.with(|from| detail(connection.get(), from, has_clicks)));
    let waits = Memo::new(move |_| waits_text(waiting.get()));
    view! {
        <div class="connection-pill" translate="no" data-state=mark(move || Some(connection.get().name())) data-testid="connection">
            <p class="connection-pill__state" role="status">
                <span class="connection-pill__light" aria-hidden="true"></span>
                <span data-testid="connection-label">{text(move || connection.get().label().into())}</span>
            </p>
            <div
                class="connection-pill__details"
                hidden=flag(move || detail.with(String::is_empty) && waits.with(String::is_empty))
            >
                <p data-testid="connection-detail">{text(move || detail.get())}</p>
                <p data-testid="waiting">{text(move || waits.get())}</p>
            </div>
        </div>
    }
}

/// What the connection means for the visitor. Only a page that takes clicks speaks of them.
fn detail(connection: Connection, from: &str, has_clicks: bool) -> String {
    match connection {
        Connection::Offline {
            age_ms,
            has_network: true,
        } => {
            let (what, rest) = match has_clicks {
                true => ("Numbers are", "; your clicks will count once it does"),
                false => ("This page is", ""),
            };
            let age = age(age_ms);
            format!("{what} {age} old. The server in {from} does not answer. Still trying{rest}.")
        }
        Connection::Stale { age_ms } | Connection::Offline { age_ms, .. } if !has_clicks => {
            format!("This page is {} old. It catches up by itself.", age(age_ms))
        }
        other => other.detail(),
    }
}

fn waits_text(waiting: i64) -> String {
    match waiting {
        0 => String::new(),
        waiting => format!(
            "{} to be counted.",
            counted(waiting, "click waits", "clicks wait")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_with_clicks_speaks_of_them() {
        for connection in [
            Connection::Stale { age_ms: 14_000 },
            Connection::Offline {
                age_ms: 14_000,
                has_network: false,
            },
        ] {
            assert!(detail(connection, "ord", true).contains("clicks"));
            assert_eq!(
                detail(connection, "ord", false),
                "This page is 14 s old. It catches up by itself."
            );
        }
    }

    #[test]
    fn a_server_that_does_not_answer_is_named() {
        let lost = Connection::Offline {
            age_ms: 14_000,
            has_network: true,
        };

        assert_eq!(
            detail(lost, "Chicago (ord)", true),
            "Numbers are 14 s old. The server in Chicago (ord) does not answer. Still trying; your clicks will count \
             once it does."
        );
        assert_eq!(
            detail(lost, "Chicago (ord)", false),
            "This page is 14 s old. The server in Chicago (ord) does not answer. Still trying."
        );
    }

    #[test]
    fn waiting_clicks_are_counted_in_words() {
        assert_eq!(waits_text(0), "");
        assert_eq!(waits_text(1), "1 click waits to be counted.");
        assert_eq!(waits_text(1_200), "1,200 clicks wait to be counted.");
    }
}
