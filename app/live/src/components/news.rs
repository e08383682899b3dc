//! What a screen reader is told.

use crate::bound::text;
use crate::format::announced;
use leptos::prelude::*;
use std::time::Duration;

/// The pause before what changed is told, for all that changes meanwhile.
const PAUSE: Duration = Duration::from_secs(5);

/// Tells a screen reader how something stands after it changed: the newest, at most once per pause. What the page was
/// loaded with is not news.
#[component]
pub fn News(
    /// How it stands, in words.
    words: Memo<String>,
    /// The element's name for tests.
    #[prop(optional)]
    testid: &'static str,
) -> impl IntoView {
    let told = RwSignal::new(String::new());
    let is_due = StoredValue::new(false);
    let tell = move || {
        is_due.try_set_value(false);
        if let Some(words) = words.try_get_untracked() {
            told.try_update(|told| *told = announced(words, told));
        }
    };
    Effect::new(move |is_loaded: Option<()>| {
        // To track a memo that nobody has read would be to track nothing.
        words.with(|_| ());
        if is_loaded.is_some() && !is_due.get_value() {
            is_due.set_value(true);
            set_timeout(tell, PAUSE);
        }
    });
    view! { <p class="visually-hidden" role="status" data-testid=testid translate="no">{text(move || told.get())}</p> }
}
