//! Writing in a conversation.

use crate::conversation::{FormWords, MessageForm, Writing};
use crate::mail::MailRoom;
use leptos::prelude::*;
use protocol::{MailAddress, MailAttempt};

const WORDS: FormWords = FormWords {
    test_id: "composer",
    field_id: "reply-message",
    field: "Your letter",
    button: "Send",
    button_test_id: "reply-send",
    enter: "sends",
};

/// The conversation's form: letters show at once.
#[component]
pub(crate) fn Composer(
    /// The mailbox.
    room: MailRoom,
    /// Whom the conversation is with.
    with: MailAddress,
    /// The form that was sent and could not be used.
    attempt: Option<MailAttempt>,
) -> impl IntoView {
    let (draft, problem) = attempt
        .map(|attempt| (attempt.draft, attempt.problem))
        .unzip();
    let draft = draft.unwrap_or_default();
    let from = Some(room.from());
    view! {
        <MessageForm
            writing=room
            words=WORDS
            action=format!("/mail/{with}")
            label=format!("Write to {with}")
            from
            draft
            problem
        />
    }
}

impl Writing for MailRoom {
    fn is_running(self) -> RwSignal<bool> {
        self.is_running
    }

    fn taken_back(self) -> RwSignal<String> {
        self.taken_back
    }

    fn write(self, text: protocol::MessageText) {
        self.write(text);
    }

    fn draft(self) -> Option<String> {
        self.draft()
    }

    fn keep_draft(self, text: &str) {
        self.keep_draft(text);
    }
}
