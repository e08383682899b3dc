//! Saying something in a room.

use crate::conversation::{FormWords, MessageForm, Writing};
use crate::party::chat::Room;
use leptos::prelude::*;
use protocol::ChatAttempt;

const WORDS: FormWords = FormWords {
    test_id: "say-form",
    field_id: "say-message",
    field: "Say something",
    button: "Say",
    button_test_id: "say",
    enter: "says it",
};

/// The room's form: what is said shows at once.
#[component]
pub(crate) fn RoomForm(
    /// The room.
    room: Room,
    /// What was to be said and could not be.
    attempt: Option<ChatAttempt>,
) -> impl IntoView {
    let (draft, problem) = attempt
        .map(|attempt| (attempt.draft, attempt.problem))
        .unzip();
    let draft = draft.unwrap_or_default();
    view! {
        <MessageForm
            writing=room
            words=WORDS
            action=format!("/party/{}/say", room.code)
            label="Talk in the room".to_owned()
            from=None
            draft
            problem
        />
    }
}

impl Writing for Room {
    fn is_running(self) -> RwSignal<bool> {
        self.is_running
    }

    fn taken_back(self) -> RwSignal<String> {
        self.taken_back
    }

    fn write(self, text: protocol::MessageText) {
        self.say(text);
    }

    fn draft(self) -> Option<String> {
        self.draft()
    }

    fn keep_draft(self, text: &str) {
        self.keep_draft(text);
    }
}
