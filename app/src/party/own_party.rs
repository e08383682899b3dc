//! The party that the visitor is in.

use crate::address;
use crate::format::code_in_groups;
use leptos::prelude::*;
use protocol::PartyJoined;

/// A link back to the visitor's own party.
#[component]
pub(crate) fn OwnParty(
    /// The party.
    own: PartyJoined,
    /// The visitor's name there; may be empty.
    name: String,
) -> impl IntoView {
    let code = own.party_code;
    let words = if name.is_empty() {
        "You are in a party".to_owned()
    } else {
        format!("You are in a party, as {name}")
    };
    view! {
        <section class="own-party" aria-label="Your party" data-testid="own-party" data-code=code.to_string()>
            <div class="own-party__words">
                <h2 class="own-party__title">{words}</h2>
                <p class="own-party__hint">"Starting or joining another party leaves this one."</p>
            </div>
            <span class="own-party__code">{code_in_groups(code)}</span>
            <a class="button" href=address::party("", code, "") data-testid="own-party-link">"Open your party"</a>
        </section>
    }
}
