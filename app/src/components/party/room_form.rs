//! Saying something in a room.

use super::ProblemNote;
use crate::components::mail::MessageField;
use crate::room::Room;
use leptos::html::Textarea;
use leptos::prelude::*;
use protocol::SayAttempt;

/// A form of the server; where a browser runs the page, what is said shows at once and goes by itself.
#[component]
pub(crate) fn RoomForm(
    /// The room.
    room: Room,
    /// What was to be said and could not be.
    attempt: Option<SayAttempt>,
) -> impl IntoView {
    let (draft, problem) = attempt
        .map(|attempt| (attempt.draft, attempt.problem))
        .unzip();
    let draft = draft.unwrap_or_default();
    let length = RwSignal::new(draft.len());
    let field = NodeRef::<Textarea>::new();
    run(room, field, length);
    view! {
        <form
            class="composer"
            method="post"
            action=format!("/party/{}/say", room.code)
            aria-label="Talk in the room"
            data-testid="say-form"
            on:submit=move |submit| say_by_form(room, field, length, &submit)
            on:keydown=move |key| say_by_key(room, field, length, &key)
        >
            {problem.map(|problem| view! { <ProblemNote problem /> })}
            <div class="composer__row">
                <MessageField id="say-message" label="Say something" is_label_hidden=true draft rows="2" field length />
                <button class="button" data-testid="say">"Say"</button>
            </div>
            <p class="composer__hint" hidden=move || !room.is_running.get()>
                <kbd>"Enter"</kbd> " says it, " <kbd>"Shift"</kbd> " + " <kbd>"Enter"</kbd> " breaks the line."
            </p>
        </form>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use super::*;
    use crate::components::mail::gestures::{put, put_back, sends, to_the_end};
    use leptos::ev::{KeyboardEvent, SubmitEvent};
    use protocol::MessageText;

    /// Brings back what was typed before the page was loaded again, and keeps what is typed from now on.
    pub(super) fn run(room: Room, field: NodeRef<Textarea>, length: RwSignal<usize>) {
        Effect::new(move |_| {
            if let Some(field) = field.get_untracked() {
                if let Some(draft) = room.draft().filter(|_| field.value().is_empty()) {
                    field.set_value(&draft);
                }
                length.set(field.value().len());
            }
        });
        Effect::new(move |_| {
            length.track();
            if let Some(field) = field.get_untracked() {
                room.keep_draft(&field.value());
            }
        });
        Effect::new(move |_| {
            let taken = room.taken_back.get();
            if let Some(field) = field.get_untracked().filter(|_| !taken.is_empty()) {
                room.taken_back.set(String::new());
                put_back(&field, &taken, length);
            }
        });
    }

    pub(super) fn say_by_form(
        room: Room,
        field: NodeRef<Textarea>,
        length: RwSignal<usize>,
        submit: &SubmitEvent,
    ) {
        if room.is_running.get_untracked() {
            submit.prevent_default();
            say(room, field, length);
        }
    }

    pub(super) fn say_by_key(
        room: Room,
        field: NodeRef<Textarea>,
        length: RwSignal<usize>,
        key: &KeyboardEvent,
    ) {
        if sends(key) && room.is_running.get_untracked() {
            key.prevent_default();
            say(room, field, length);
        }
    }

    fn say(room: Room, field: NodeRef<Textarea>, length: RwSignal<usize>) {
        let Some(field) = field.get_untracked() else {
            return;
        };
        // What is empty says nothing, and what is too long says so beneath the field.
        if let Ok(text) = MessageText::parse(&field.value()) {
            room.say(text);
            put(&field, "", length);
            to_the_end();
        }
    }
}

#[cfg(feature = "hydrate")]
use browser::{run, say_by_form, say_by_key};

#[cfg(not(feature = "hydrate"))]
mod server {
    use super::*;
    use leptos::ev::{KeyboardEvent, SubmitEvent};

    /// A server only shows.
    pub(super) fn run(_room: Room, _field: NodeRef<Textarea>, _length: RwSignal<usize>) {}

    pub(super) fn say_by_form(
        _room: Room,
        _field: NodeRef<Textarea>,
        _length: RwSignal<usize>,
        _submit: &SubmitEvent,
    ) {
    }

    pub(super) fn say_by_key(
        _room: Room,
        _field: NodeRef<Textarea>,
        _length: RwSignal<usize>,
        _key: &KeyboardEvent,
    ) {
    }
}

#[cfg(not(feature = "hydrate"))]
use server::{run, say_by_form, say_by_key};
