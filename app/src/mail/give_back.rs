//! Giving an address back.

use leptos::prelude::*;
use protocol::MailAddress;

/// Asks before it gives the address back, without a script.
#[component]
pub(crate) fn GiveBack(
    /// The mailbox's own address.
    address: MailAddress,
) -> impl IntoView {
    let address = address.to_string();
    let words = format!(
        "All letters of {address} are deleted, here and for programs that have its token. For 30 days nobody else can have \
         it, and you can claim it again here. Letters to it are read by nobody."
    );
    view! {
        <details class="another-name" data-testid="give-back">
            <summary class="another-name__summary">"Give this address back…"</summary>
            <p class="another-name__words">{words}</p>
            <form method="post" action="/mail/give-back" data-testid="give-back-form">
                <input type="hidden" name="from" value=address />
                <button class="button" data-kind="leave" data-testid="give-back-now">"Delete its mail and give it back"</button>
            </form>
        </details>
    }
}
