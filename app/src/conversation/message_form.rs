//! The form that a conversation and a room end with.

use super::MessageField;
use crate::components::ProblemNote;
use leptos::html::Textarea;
use leptos::prelude::*;
use protocol::Problem;

/// What takes what is written, where a browser runs the page.
pub(crate) trait Writing: Copy + Send + Sync + 'static {
    /// Set once the browser runs the page.
    fn is_running(self) -> RwSignal<bool>;
    /// A text that is to be written anew, until the field has it.
    fn taken_back(self) -> RwSignal<String>;
    /// Shows a text and sends it.
    fn write(self, text: protocol::MessageText);
    /// What was typed before the page was loaded again.
    fn draft(self) -> Option<String>;
    /// Remembers what is typed.
    fn keep_draft(self, text: &str);
}

/// What stands in the form.
#[derive(Clone, Copy)]
pub(crate) struct FormWords {
    /// The form's name for tests.
    pub test_id: &'static str,
    /// The field's id.
    pub field_id: &'static str,
    /// What screen readers call the field.
    pub field: &'static str,
    /// What the button says.
    pub button: &'static str,
    /// Its name for tests.
    pub button_test_id: &'static str,
    /// What the Enter key does.
    pub enter: &'static str,
}

/// A form of the server; where a browser runs the page, what is written shows at once and goes by itself.
#[component]
pub(crate) fn MessageForm<W: Writing>(
    /// What takes it there.
    writing: W,
    /// What stands in it.
    words: FormWords,
    /// Where the form is sent.
    action: String,
    /// What the form is called.
    label: String,
    /// The mailbox that it is from, where it is from one.
    from: Option<String>,
    /// What stands in the field to begin with.
    draft: String,
    /// What went wrong with the form that was sent.
    problem: Option<Problem>,
) -> impl IntoView {
    let length = RwSignal::new(draft.len());
    let field = NodeRef::<Textarea>::new();
    let is_running = writing.is_running();
    run(writing, field, length);
    view! {
        <form
            class="composer"
            method="post"
            action=action
            aria-label=label
            data-testid=words.test_id
            on:submit=move |submit| write_by_form(writing, field, length, &submit)
            on:keydown=move |key| write_by_key(writing, field, length, &key)
        >
            {problem.map(|problem| view! { <ProblemNote problem /> })}
            {from.map(|from| view! { <input type="hidden" name="from" value=from /> })}
            <div class="composer__row">
                <MessageField id=words.field_id label=words.field is_label_hidden=true draft rows="2" field length />
                <button class="button" data-testid=words.button_test_id>{words.button}</button>
            </div>
            <p class="composer__hint" hidden=move || !is_running.get()>
                <kbd>"Enter"</kbd> " " {words.enter} ", " <kbd>"Shift"</kbd> " + " <kbd>"Enter"</kbd> " breaks the line."
            </p>
        </form>
    }
}

mod browser {
    use super::*;
    use crate::conversation::gestures::{put, put_back, sends, to_the_end};
    use leptos::ev::{KeyboardEvent, SubmitEvent};
    use protocol::MessageText;

    /// Brings back what was typed before the page was loaded again, and keeps what is typed from now on.
    pub(super) fn run(writing: impl Writing, field: NodeRef<Textarea>, length: RwSignal<usize>) {
        Effect::new(move |_| {
            if let Some(field) = field.get_untracked() {
                if let Some(draft) = writing.draft().filter(|_| field.value().is_empty()) {
                    field.set_value(&draft);
                }
                length.set(field.value().len());
            }
        });
        Effect::new(move |_| {
            length.track();
            if let Some(field) = field.get_untracked() {
                writing.keep_draft(&field.value());
            }
        });
        Effect::new(move |_| {
            let taken = writing.taken_back().get();
            if let Some(field) = field.get_untracked().filter(|_| !taken.is_empty()) {
                writing.taken_back().set(String::new());
                put_back(&field, &taken, length);
            }
        });
    }

    pub(super) fn write_by_form(
        writing: impl Writing,
        field: NodeRef<Textarea>,
        length: RwSignal<usize>,
        submit: &SubmitEvent,
    ) {
        if writing.is_running().get_untracked() {
            submit.prevent_default();
            write(writing, field, length);
        }
    }

    pub(super) fn write_by_key(
        writing: impl Writing,
        field: NodeRef<Textarea>,
        length: RwSignal<usize>,
        key: &KeyboardEvent,
    ) {
        if sends(key) && writing.is_running().get_untracked() {
            key.prevent_default();
            write(writing, field, length);
        }
    }

    fn write(writing: impl Writing, field: NodeRef<Textarea>, length: RwSignal<usize>) {
        let Some(field) = field.get_untracked() else {
            return;
        };
        // What is empty says nothing, and what is too long says so beneath the field.
        if let Ok(text) = MessageText::parse(&field.value()) {
            writing.write(text);
            put(&field, "", length);
            to_the_end();
        }
    }
}

use browser::{run, write_by_form, write_by_key};
