//! The form below a conversation.

use super::{MessageField, OpenConversation, Words};
use leptos::ev::{KeyboardEvent, SubmitEvent};
use leptos::html::Textarea;
use leptos::prelude::*;
use live::ProblemNote;
use protocol::{MessageText, Problem};
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;

/// The code of a key that an input method takes (UI Events, section 7.3.1).
const INPUT_METHOD: u32 = 229;

/// A form of the server; where a browser runs the page, what is written shows at once and is sent without it.
#[component]
pub(crate) fn Composer(
    /// The conversation.
    conversation: OpenConversation,
    /// What its parts are called.
    words: Words,
    /// Where the form is posted to.
    action: String,
    /// The form's name.
    label: String,
    /// The mailbox it is from, if any.
    from: Option<String>,
    /// A text that could not be sent, and why.
    attempt: Option<(String, Problem)>,
) -> impl IntoView {
    let (draft, problem) = attempt.unzip();
    let draft = draft.unwrap_or_default();
    let length = RwSignal::new(draft.len());
    let field = NodeRef::<Textarea>::new();
    let is_running = conversation.is_running;
    keep_draft(conversation, field, length);
    let submit = move |submit: &SubmitEvent| {
        if is_running.get_untracked() {
            submit.prevent_default();
            write(conversation, field, length);
        }
    };
    view! {
        <form
            class="composer"
            method="post"
            action=action
            aria-label=label
            data-testid="composer"
            on:submit=move |event| submit(&event)
            on:keydown=move |key| {
                if sends(&key) && is_running.get_untracked() {
                    key.prevent_default();
                    write(conversation, field, length);
                }
            }
        >
            {problem.map(|problem| view! { <ProblemNote problem /> })}
            {from.map(|from| view! { <input type="hidden" name="from" value=from /> })}
            <div class="composer__row">
                <MessageField id="composer-message" label=words.field is_label_hidden=true draft rows="2" field length />
                <button class="button" data-testid="send">"Send"</button>
            </div>
            <p class="composer__hint" hidden=move || !is_running.get()>
                <kbd>"Enter"</kbd> " to send, " <kbd>"Shift"</kbd> " + " <kbd>"Enter"</kbd> " for a new line"
            </p>
        </form>
    }
}

/// Restores what was typed before the page was reloaded, and keeps what is typed from now on.
fn keep_draft(conversation: OpenConversation, field: NodeRef<Textarea>, length: RwSignal<usize>) {
    Effect::new(move |_| {
        if let Some(field) = field.get_untracked() {
            if let Some(draft) = conversation.draft().filter(|_| field.value().is_empty()) {
                field.set_value(&draft);
            }
            length.set(field.value().len());
        }
    });
    Effect::new(move |_| {
        length.track();
        if let Some(field) = field.get_untracked() {
            conversation.keep_draft(&field.value());
        }
    });
    Effect::new(move |_| {
        let edited = conversation.edited.get();
        if let Some(field) = field.get_untracked().filter(|_| !edited.is_empty()) {
            conversation.edited.set(String::new());
            put_back(&field, &edited, length);
        }
    });
}

fn write(conversation: OpenConversation, field: NodeRef<Textarea>, length: RwSignal<usize>) {
    let Some(field) = field.get_untracked() else {
        return;
    };
    // The note below the field says so where a text is too long.
    if let Ok(text) = MessageText::parse(&field.value()) {
        conversation.write(text);
        put(&field, "", length);
        to_the_end();
    }
}

/// Whether a key in a text area sends its text. On a phone Enter begins a line, since its keyboards have no Shift + Enter.
fn sends(key: &KeyboardEvent) -> bool {
    // An input method's Enter confirms a suggestion. Safari has ended the composition by then, and leaves only the code.
    let confirms = key.is_composing() || key.key_code() == INPUT_METHOD;
    let is_enter = key.key() == "Enter" && !key.shift_key() && !confirms;
    let is_field = key
        .target()
        .is_some_and(|target| target.is_instance_of::<HtmlTextAreaElement>());
    is_enter && is_field && !is_touched()
}

/// Whether the device is used by touch alone, as the styles ask for the hint.
fn is_touched() -> bool {
    let query = window().match_media("(hover: none) and (pointer: coarse)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

/// Puts a text into a field and focuses it.
fn put(field: &HtmlTextAreaElement, text: &str, length: RwSignal<usize>) {
    field.set_value(text);
    length.set(text.len());
    // It works without the focus, too.
    let _focused = field.focus();
}

/// Puts a text before what is in a field.
fn put_back(field: &HtmlTextAreaElement, taken: &str, length: RwSignal<usize>) {
    let kept = field.value();
    match kept.trim() {
        "" => put(field, taken, length),
        _ => put(field, &format!("{taken}\n{kept}"), length),
    }
}

/// Scrolls to a log's newest message.
fn to_the_end() {
    if let Ok(Some(log)) = document().query_selector(".message-log") {
        log.set_scroll_top(0);
    }
}
