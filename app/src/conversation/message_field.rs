//! The field for a message.

use leptos::html::Textarea;
use leptos::prelude::*;
use live::format::grouped;
use protocol::MESSAGE_MAX_BYTES;

/// The length from which on it is shown.
const NEAR_BYTES: usize = MESSAGE_MAX_BYTES - 512;

/// A text area, with its length once that matters.
#[component]
pub(crate) fn MessageField(
    /// The field's id.
    id: &'static str,
    /// The label.
    label: &'static str,
    /// Whether only screen readers get the label.
    #[prop(optional)]
    is_label_hidden: bool,
    /// The initial text.
    draft: String,
    /// The visible lines.
    rows: &'static str,
    /// The field itself.
    #[prop(optional)]
    field: NodeRef<Textarea>,
    /// Its bytes.
    length: RwSignal<usize>,
) -> impl IntoView {
    let is_long = Memo::new(move |_| length.get() > MESSAGE_MAX_BYTES);
    let note_id = format!("{id}-length");
    view! {
        <div class="field">
            <label class="field__label" class:visually-hidden=is_label_hidden for=id>{label}</label>
            <textarea
                class="field__input"
                id=id
                name="message"
                rows=rows
                required
                dir="auto"
                autocomplete="off"
                data-kind="message"
                aria-invalid=move || is_long.get().then_some("true")
                aria-describedby=note_id.clone()
                data-testid=id
                node_ref=field
                inner_html=initial_text(&draft)
                on:input=move |input| length.set(event_target_value(&input).len())
            ></textarea>
            <p class="field__note" id=note_id role="status" data-state=move || if is_long.get() { "unknown" } else { "open" } data-testid="message-length" translate="no">
                {move || say_length(length.get())}
            </p>
        </div>
    }
}

/// A text area's content as HTML. A parser drops the first line feed, and Leptos writes the content unescaped, so markup
/// is escaped here.
fn initial_text(draft: &str) -> String {
    let escaped = draft
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    format!("\n{escaped}")
}

/// How long the text is, once that matters.
fn say_length(bytes: usize) -> String {
    match bytes {
        ..=NEAR_BYTES => String::new(),
        bytes if bytes <= MESSAGE_MAX_BYTES => {
            format!("{} of {} bytes", grouped(bytes), grouped(MESSAGE_MAX_BYTES))
        }
        _ => format!(
            "{} bytes too long (maximum {})",
            grouped(bytes - MESSAGE_MAX_BYTES),
            grouped(MESSAGE_MAX_BYTES)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_draft_ends_its_field() {
        assert_eq!(
            initial_text("\n</textarea><script>&lt;"),
            "\n\n&lt;/textarea&gt;&lt;script&gt;&amp;lt;"
        );
    }

    #[test]
    fn the_length_is_told_as_it_nears_its_bound() {
        assert_eq!(say_length(10), "");
        assert_eq!(say_length(4_000), "4,000 of 4,096 bytes");
        assert!(say_length(4_100).starts_with("4 bytes too long"));
    }
}
