//! One message of a conversation.

use super::{Entry, OpenConversation, Stage, Written, visible};
use crate::time::Clock;
use leptos::either::Either;
use leptos::prelude::*;
use live::format::counted;
use protocol::MessageId;

/// A stored message.
#[component]
pub(super) fn EntryLine(
    /// The reader's time.
    clock: Clock,
    /// The message.
    entry: Entry,
    /// How far a message of the reader's own has come, where that is shown.
    delivery: Option<Callback<MessageId, Mark>>,
) -> impl IntoView {
    let mark = delivery.filter(|_| entry.is_own).map(|delivery| {
        let (id, is_unclaimed) = (entry.id.clone(), entry.is_unclaimed);
        let mark = Memo::new(move |_| match is_unclaimed {
            true => Mark::unclaimed(),
            false => delivery.run(id.clone()),
        });
        view! {
            " "
            <span class="message-mark" data-state=move || mark.with(|mark| mark.state) data-testid="message-state" translate="no">
                {move || mark.with(|mark| mark.words.clone())}
            </span>
        }
    });
    let datetime = entry.sent_at.clone();
    let time = move || {
        let moment = clock.at(&entry.sent_at);
        moment.map(|moment| shown_time(clock, moment.time()))
    };
    view! {
        <li class="message-line" data-own=entry.is_own.then_some("") data-testid="message" data-id=entry.id.to_string()>
            <p class="message-line__author"><Author author=entry.author is_own=entry.is_own /></p>
            <div class="message-line__text"><Written text=entry.text.as_str().to_owned() /></div>
            <p class="message-line__facts">
                {entry.is_unverified.then(|| view! { <span class="mark" data-kind="unverified">"unverified"</span> " " })}
                <time datetime=datetime>{time}</time>
                {mark}
            </p>
        </li>
    }
}

/// Who wrote it.
#[component]
fn Author(
    /// The name; `None` is the reader.
    author: Option<String>,
    /// Whether it is the reader's own.
    is_own: bool,
) -> impl IntoView {
    match author {
        Some(name) => Either::Left(view! {
            <bdi data-testid="message-author" translate="no">{visible(&name)}</bdi>
            {is_own.then(|| view! { " " <span class="mark" data-kind="you">"you"</span> })}
        }),
        None => Either::Right(view! { <span data-testid="message-author">"You"</span> }),
    }
}

/// A text on its way to the server.
#[component]
pub(super) fn UnsentLine(
    /// The conversation.
    conversation: OpenConversation,
    /// The text's key.
    key: String,
) -> impl IntoView {
    let clock = conversation.clock;
    let unsent = conversation
        .outbox
        .with_untracked(|outbox| outbox.get(&key).cloned());
    unsent.map(|unsent| {
        let time = move || shown_time(clock, clock.at_ms(unsent.written_ms).time());
        view! {
            <li class="message-line" data-own="" data-sending="" data-testid="message">
                <p class="message-line__author"><Author author=None is_own=true /></p>
                <div class="message-line__text"><Written text=unsent.text.as_str().to_owned() /></div>
                <div class="message-line__facts"><span>{time}</span> " " <UnsentMark conversation key=unsent.key /></div>
            </li>
        }
    })
}

/// The time, with its zone where that is not the reader's.
fn shown_time(clock: Clock, time: String) -> String {
    match clock.runs() {
        true => time,
        false => format!("{time} UTC"),
    }
}

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

    /// Of a message that nobody can read.
    fn unclaimed() -> Self {
        Self::new("failed", "✕ Not delivered: nobody has claimed this address")
    }

    /// A state in words.
    pub(crate) fn new(state: &'static str, words: impl Into<String>) -> Self {
        let words = words.into();
        Self { state, words }
    }

    /// The words without their sign.
    pub(super) fn spoken(&self) -> String {
        let words = self.words.trim_start_matches(['✓', '✕', '…', ' ']);
        words.to_owned()
    }

    pub(super) fn of(stage: &Stage) -> Self {
        match stage {
            Stage::Sending => Self::new("sending", "… Sending"),
            Stage::Retrying(failures) => {
                let tries = counted(*failures, "try", "tries");
                Self::new("retrying", format!("… Retrying ({tries} so far)"))
            }
            Stage::Stored(stored) if stored.is_unclaimed => Self::unclaimed(),
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
        <span class="message-mark" data-state=state data-testid="message-state">{words}</span>
        <span class="message-mark__actions" hidden=move || state() != "refused">
            <button class="link-button" type="button" data-testid="try-again" on:click=move |_| conversation.retry(&again)>"Try again"</button>
            <button class="link-button" type="button" data-testid="edit" on:click=move |_| conversation.edit(&edited)>"Edit"</button>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Stored;
    use protocol::Problem;

    #[test]
    fn a_refused_text_says_why() {
        let problem = Problem::new(404, "unknown-place", "There is no such place")
            .with_detail("Nobody knows it.");

        assert_eq!(
            Mark::of(&Stage::Refused(problem)).words,
            "✕ There is no such place. Nobody knows it."
        );
        let stored = Stored {
            id: MessageId::of(1),
            is_delivered: true,
            is_unclaimed: true,
        };
        assert_eq!(
            Mark::of(&Stage::Stored(stored)).words,
            "✕ Not delivered: nobody has claimed this address"
        );
        assert_eq!(
            Mark::of(&Stage::Retrying(1)).words,
            "… Retrying (1 try so far)"
        );
    }
}
