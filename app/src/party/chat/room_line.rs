//! One line of a room.

use crate::conversation::Written;
use crate::conversation::visible;
use crate::party::chat::{Room, Saying, Stage};
use leptos::prelude::*;
use protocol::ChatMessage;

/// A line that was said.
#[component]
pub(crate) fn RoomLine(
    /// The room.
    room: Room,
    /// The line.
    line: ChatMessage,
) -> impl IntoView {
    let is_own = room.is_own(&line);
    let sent_at = line.sent_at.clone();
    let time = move || {
        let moment = room.clock.at(&sent_at);
        moment.map(|moment| said_time(room, moment.time()))
    };
    view! {
        <li class="letter-line" data-own=is_own.then_some("") data-testid="room-line" data-cursor=line.cursor.to_string()>
            <p class="letter-line__who">
                <bdi class="room-line__name" data-testid="room-line-name">{visible(&line.participant_name)}</bdi>
                {is_own.then(|| view! { " " <span class="mark" data-kind="you">"you"</span> })}
            </p>
            <div class="letter-line__text"><Written text=line.message.as_str().to_owned() /></div>
            <p class="letter-line__facts"><time datetime=line.sent_at.clone()>{time}</time></p>
        </li>
    }
}

/// What this page says and the room does not tell yet.
#[component]
pub(crate) fn SayingLine(
    /// The room.
    room: Room,
    /// Its key.
    key: u32,
) -> impl IntoView {
    let saying = room
        .sayings
        .with_untracked(|sayings| sayings.get(key).cloned());
    saying.map(|saying| {
        let Saying {
            text, written_ms, ..
        } = saying;
        let time = move || said_time(room, room.clock.at_ms(written_ms).time());
        view! {
            <li class="letter-line" data-own="" data-sending="" data-testid="room-line">
                <p class="letter-line__who"><span class="mark" data-kind="you">"you"</span></p>
                <div class="letter-line__text"><Written text=text.as_str().to_owned() /></div>
                <div class="letter-line__facts"><span>{time}</span> " " <SayingMark room key /></div>
            </li>
        }
    })
}

/// How far it is, and what can be done where it does not go on by itself.
#[component]
fn SayingMark(
    /// The room.
    room: Room,
    /// Its key.
    key: u32,
) -> impl IntoView {
    let stage = Memo::new(move |_| {
        room.sayings
            .with(|sayings| sayings.get(key).map(|saying| saying.stage.clone()))
    });
    let state = move || stage.with(|stage| stage.as_ref().map_or("said", name));
    let words = move || stage.with(|stage| stage.as_ref().map(words).unwrap_or_default());
    let waits = Memo::new(move |_| {
        stage.with(|stage| matches!(stage, Some(Stage::Unsure | Stage::Refused(_))))
    });
    view! {
        <span class="letter-mark" data-state=state data-testid="room-line-state" role="status">{words}</span>
        <span class="letter-mark__ways" hidden=move || !waits.get()>
            <button class="link-button" type="button" data-testid="say-again" on:click=move |_| try_again(room, key)>"Try again"</button>
            <button class="link-button" type="button" data-testid="take-line-back" on:click=move |_| take_back(room, key)>"Put it back into the field"</button>
        </span>
    }
}

fn name(stage: &Stage) -> &'static str {
    match stage {
        Stage::Sending => "sending",
        Stage::Said(_) => "said",
        Stage::Unsure => "unsure",
        Stage::Refused(_) => "refused",
    }
}

fn words(stage: &Stage) -> String {
    match stage {
        Stage::Sending => "… Sending".into(),
        Stage::Said(_) => "✓ Said".into(),
        Stage::Unsure => {
            "? Not sure that it was said: look whether it comes before you try again.".into()
        }
        Stage::Refused(problem) => format!("✕ {}", problem.words()),
    }
}

/// The time, with the clock that it is by where that is not the reader's.
fn said_time(room: Room, time: String) -> String {
    match room.clock.runs() {
        true => time,
        false => format!("{time} UTC"),
    }
}

fn try_again(room: Room, key: u32) {
    room.try_again(key);
}

fn take_back(room: Room, key: u32) {
    room.take_back(key);
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Problem;

    #[test]
    fn what_was_not_said_says_why() {
        let problem = Problem::new(404, "not-in-party", "You are not in this party")
            .with_detail("You left it.");

        assert_eq!(
            words(&Stage::Refused(problem)),
            "✕ You are not in this party. You left it."
        );
        assert!(words(&Stage::Unsure).starts_with("? Not sure"));
    }
}
