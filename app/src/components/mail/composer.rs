//! Writing in a conversation.

use super::MessageField;
use crate::components::party::ProblemNote;
use crate::mail::MailRoom;
use leptos::html::Textarea;
use leptos::prelude::*;
use protocol::{MailAddress, MailAttempt};

/// A form of the server; where a browser runs the page, letters show at once and go by themselves.
#[component]
pub(crate) fn Composer(
    /// The mailbox.
    room: MailRoom,
    /// Whom the conversation is with.
    with: MailAddress,
    /// The form that was sent and could not be used.
    attempt: Option<MailAttempt>,
) -> impl IntoView {
    let draft = attempt
        .as_ref()
        .map(|attempt| attempt.draft.clone())
        .unwrap_or_default();
    let length = RwSignal::new(draft.len());
    let from = room.from();
    let field = NodeRef::<Textarea>::new();
    run(room, field, length);
    view! {
        <form
            class="composer"
            method="post"
            action=format!("/mail/{with}")
            aria-label=format!("Write to {with}")
            data-testid="composer"
            on:submit=move |submit| send_by_form(room, field, length, &submit)
            on:keydown=move |key| send_by_key(room, field, length, &key)
        >
            {attempt.map(|attempt| view! { <ProblemNote problem=attempt.problem /> })}
            <input type="hidden" name="from" value=from />
            <div class="composer__row">
                <MessageField id="reply-message" label="Your letter" is_label_hidden=true draft rows="2" field length />
                <button class="button" data-testid="reply-send">"Send"</button>
            </div>
            <p class="composer__hint" hidden=move || !room.is_running.get()>
                <kbd>"Enter"</kbd> " sends, " <kbd>"Shift"</kbd> " + " <kbd>"Enter"</kbd> " breaks the line."
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
    pub(super) fn run(room: MailRoom, field: NodeRef<Textarea>, length: RwSignal<usize>) {
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

    pub(super) fn send_by_form(
        room: MailRoom,
        field: NodeRef<Textarea>,
        length: RwSignal<usize>,
        submit: &SubmitEvent,
    ) {
        if room.is_running.get_untracked() {
            submit.prevent_default();
            send(room, field, length);
        }
    }

    pub(super) fn send_by_key(
        room: MailRoom,
        field: NodeRef<Textarea>,
        length: RwSignal<usize>,
        key: &KeyboardEvent,
    ) {
        if sends(key) && room.is_running.get_untracked() {
            key.prevent_default();
            send(room, field, length);
        }
    }

    fn send(room: MailRoom, field: NodeRef<Textarea>, length: RwSignal<usize>) {
        let Some(field) = field.get_untracked() else {
            return;
        };
        // What is empty says nothing, and what is too long says so beneath the field.
        if let Ok(text) = MessageText::parse(&field.value()) {
            room.write(text);
            put(&field, "", length);
            to_the_end();
        }
    }
}

#[cfg(feature = "hydrate")]
use browser::{run, send_by_form, send_by_key};

#[cfg(not(feature = "hydrate"))]
mod server {
    use super::*;
    use leptos::ev::{KeyboardEvent, SubmitEvent};

    /// A server only shows.
    pub(super) fn run(_room: MailRoom, _field: NodeRef<Textarea>, _length: RwSignal<usize>) {}

    pub(super) fn send_by_form(
        _room: MailRoom,
        _field: NodeRef<Textarea>,
        _length: RwSignal<usize>,
        _submit: &SubmitEvent,
    ) {
    }

    pub(super) fn send_by_key(
        _room: MailRoom,
        _field: NodeRef<Textarea>,
        _length: RwSignal<usize>,
        _key: &KeyboardEvent,
    ) {
    }
}

#[cfg(not(feature = "hydrate"))]
use server::{run, send_by_form, send_by_key};
