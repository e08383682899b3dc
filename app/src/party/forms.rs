//! The forms that start, join and leave a party, with or without JavaScript.

use crate::dispatch::{Dispatch, TypedFields};
use leptos::prelude::*;
use live::format::exact;
use protocol::{Coordinates, PartyCode};

/// The visitor's name.
#[component]
pub(crate) fn NameField(
    /// The field's id.
    id: &'static str,
    /// What the visitor typed.
    typed: TypedFields,
    /// Whether a name is required.
    #[prop(optional)]
    is_required: bool,
) -> impl IntoView {
    let value = typed.name.get_untracked();
    let type_name = move |input| {
        typed.is_busy.set(true);
        typed.name.set(event_target_value(&input));
    };
    view! {
        <div class="field">
            <label class="field__label" for=id>"Your name"</label>
            <input
                class="field__input"
                id=id
                name="name"
                value=value
                autocomplete="nickname"
                placeholder=(!is_required).then_some("Guest if left empty")
                required=is_required
                data-testid=id
                on:input=type_name
            />
        </div>
    }
}

/// Starts a party.
#[component]
pub(crate) fn CreateForm(
    /// What the visitor typed.
    typed: TypedFields,
    /// Whether the box is ticked initially.
    is_listed: bool,
    /// Knows the visitor's location.
    dispatch: Dispatch,
) -> impl IntoView {
    let at = move |read: fn(Coordinates) -> f64| {
        move || dispatch.position.get().map(|place| exact(read(place)))
    };
    view! {
        <form class="card" method="post" action="/party" aria-labelledby="create-title" data-testid="create-form">
            <h2 class="card__title" id="create-title">"Start a party"</h2>
            <p class="card__words">"You are the host and get a code to share."</p>
            <NameField id="create-name" typed />
            <label class="tick">
                <input
                    class="tick__box"
                    id="create-listed"
                    type="checkbox"
                    name="listed"
                    value="yes"
                    checked=is_listed
                    data-testid="create-listed"
                    on:change=move |_| typed.is_busy.set(true)
                />
                "Let people nearby find it"
            </label>
            <input type="hidden" name="lat" value=at(Coordinates::lat) />
            <input type="hidden" name="lng" value=at(Coordinates::lng) />
            <button class="button" data-testid="create">"Start a party"</button>
        </form>
    }
}

/// Joins a party by its code.
#[component]
pub(crate) fn JoinForm(
    /// What the visitor typed.
    typed: TypedFields,
    /// Whether the code was wrong.
    is_wrong: bool,
) -> impl IntoView {
    let value = typed.code.get_untracked();
    let type_code = move |input| {
        typed.is_busy.set(true);
        typed.code.set(event_target_value(&input));
    };
    view! {
        <form class="card" method="post" action="/party/join" aria-labelledby="join-title" data-testid="join-form">
            <h2 class="card__title" id="join-title">"Join a party"</h2>
            <p class="card__words">"Enter the nine-digit code you were given."</p>
            <div class="field">
                <label class="field__label" for="join-code">"Party code"</label>
                <input
                    class="field__input"
                    id="join-code"
                    name="code"
                    value=value
                    required
                    data-kind="code"
                    inputmode="numeric"
                    autocomplete="off"
                    maxlength="512"
                    placeholder="e.g. 457 495 738"
                    aria-invalid=is_wrong.then_some("true")
                    aria-describedby=is_wrong.then_some("form-problem")
                    data-testid="join-code"
                    on:input=type_code
                />
            </div>
            <NameField id="join-name" typed />
            <button class="button" data-testid="join">"Join"</button>
        </form>
    }
}

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
            // A question that needs no script.
            <details class="leave">
                <summary class="button" data-kind="leave" data-testid="leave">"Leave the party…"</summary>
                <form class="card__form" method="post" action=format!("/party/{code}/leave") data-testid="leave-form">
                    <p class="card__words">
                        "You can join again with the code while somebody is in it. When the last person leaves, the party ends."
                    </p>
                    <button class="button" data-kind="leave" data-testid="leave-now">"Leave"</button>
                </form>
            </details>
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
            <h2 class="card__title" id="guest-title" translate="no">
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
