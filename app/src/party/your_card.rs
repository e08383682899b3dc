//! The visitor's own actions in a party.

use super::forms::NameField;
use crate::dispatch::TypedFields;
use leptos::prelude::*;
use protocol::PartyCode;

/// For participants: rename and leave.
#[component]
pub(crate) fn YourCard(
    /// The party's code.
    code: PartyCode,
    /// What the visitor typed.
    typed: TypedFields,
) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="you-title" data-testid="you">
            <h2 class="card__title" id="you-title">"You"</h2>
            <form class="card__form" method="post" action=format!("/party/{code}/rename") data-testid="rename-form">
                <NameField id="rename-name" typed is_required=true />
                <button class="button" data-kind="quiet" data-testid="rename">"Change your name"</button>
            </form>
            <form class="card__form" method="post" action=format!("/party/{code}/leave") data-testid="leave-form">
                <button class="button" data-kind="leave" data-testid="leave">"Leave the party"</button>
            </form>
        </section>
    }
}

/// For guests: join, unless the party is full.
#[component]
pub(crate) fn GuestCard(
    /// The party's code.
    code: PartyCode,
    /// What the visitor typed.
    typed: TypedFields,
    /// The party's limit, where it is reached.
    full: Memo<Option<u32>>,
) -> impl IntoView {
    let full_words = move || {
        full.get().map(|limit| {
            format!("It has {limit} people, the maximum. Wait until someone leaves, or start your own party.")
        })
    };
    view! {
        <section class="card" aria-labelledby="guest-title" data-testid="guest" data-full=move || full.get().map(|_| "")>
            <h2 class="card__title" id="guest-title">
                {move || if full.get().is_some() { "This party is full" } else { "You are invited" }}
            </h2>
            <p class="card__words" data-testid="full" hidden=move || full.get().is_none()>{full_words}</p>
            <form
                class="card__form"
                method="post"
                action=format!("/party/{code}/join")
                hidden=move || full.get().is_some()
                data-testid="join-form"
            >
                <NameField id="join-name" typed />
                <button class="button" data-testid="join">"Join the party"</button>
            </form>
            <a class="button" data-kind="quiet" href="/party" hidden=move || full.get().is_none()>"All parties"</a>
        </section>
    }
}
