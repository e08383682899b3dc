//! How far a message of the reader's own has come.

use super::{OpenConversation, Stage};
use crate::format::counted;
use leptos::prelude::*;

/// How far a message has come.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mark {
    /// In a word, for styles and tests.
    pub state: &'static str,
    /// In words.
    pub words: String,
}

impl Mark {
    /// Of a message that has arrived.
    pub(crate) fn delivered() -> Self {
        Self::new("delivered", "✓ Delivered")
    }

    /// A state in words.
    pub(crate) fn new(state: &'static str, words: impl Into<String>) -> Self {
        let words = words.into();
        Self { state, words }
    }

    fn of(stage: &Stage) -> Self {
        match stage {
            Stage::Sending => Self::new("sending", "… Sending"),
            Stage::Retrying(failures) => {
                let tries = counted(*failures, "try", "tries");
                Self::new("retrying", format!("… Retrying ({tries} so far)"))
            }
            Stage::Stored(stored) if stored.is_delivered => Self::delivered(),
            Stage::Stored(_) => Self::new("queued", "… Waiting for the other cluster"),
            Stage::Refused(problem) => Self::new("refused", format!("✕ {}", problem.words())),
        }
    }
}

/// How far a text is, and what can be done once it is refused.
#[component]
pub(super) fn UnsentMark(
    /// The conversation.
    conversation: OpenConversation,
    /// The text's key.
    key: String,
) -> impl IntoView {
    let (again, edited) = (key.clone(), key.clone());
    let mark = Memo::new(move |_| {
        let mark = |outbox: &super::Outbox| Some(Mark::of(&outbox.get(&key)?.stage));
        conversation.outbox.with(mark)
    });
    let state = move || mark.with(|mark| mark.as_ref().map_or("sending", |mark| mark.state));
    let words = move || mark.with(|mark| mark.as_ref().map(|mark| mark.words.clone()));
    view! {
        <span class="message-mark" data-state=state data-testid="message-state" role="status">{words}</span>
        <span class="message-mark__actions" hidden=move || state() != "refused">
            <button class="link-button" type="button" data-testid="try-again" on:click=move |_| conversation.retry(&again)>"Try again"</button>
            <button class="link-button" type="button" data-testid="edit" on:click=move |_| conversation.edit(&edited)>"Edit"</button>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Problem;

    #[test]
    fn a_refused_text_says_why() {
        let problem = Problem::new(404, "unknown-place", "There is no such place")
            .with_detail("Nobody knows it.");

        assert_eq!(
            Mark::of(&Stage::Refused(problem)).words,
            "✕ There is no such place. Nobody knows it."
        );
        assert_eq!(
            Mark::of(&Stage::Retrying(1)).words,
            "… Retrying (1 try so far)"
        );
    }
}
