//! What was said in a room.

use super::room_line::{RoomLine, SayingLine};
use crate::conversation::gestures::{is_near_the_top, is_plain};
use crate::mail::Looking;
use crate::party::chat::Room;
use crate::time::day_in_full;
use leptos::either::EitherOf3;
use leptos::prelude::*;
use protocol::ChatMessage;

/// What stands in the log.
#[derive(Clone, Debug, PartialEq)]
enum Entry {
    /// A day begins, before the entry of that key.
    Day(i64, String),
    /// A line.
    Line(ChatMessage),
    /// What this page says, by its key.
    Saying(u32),
}

impl Entry {
    fn key(&self) -> String {
        match self {
            Self::Day(_, before) => format!("day {before}"),
            Self::Line(line) => line.cursor.to_string(),
            Self::Saying(key) => format!("own {key}"),
        }
    }
}

/// The lines, oldest first, with the days between them. It begins at its end, and stays there as lines come.
#[component]
pub(crate) fn RoomLog(
    /// The room.
    room: Room,
    /// The lines.
    lines: Memo<Vec<ChatMessage>>,
) -> impl IntoView {
    let shown = room.shown(lines);
    let entries =
        Memo::new(move |_| lines.with(|lines| shown.with(|shown| entries(room, lines, shown))));
    let is_empty = move || entries.with(Vec::is_empty);
    let draw = move |entry| match entry {
        Entry::Day(day, _) => EitherOf3::A(view! { <DayEntry room day /> }),
        Entry::Line(line) => EitherOf3::B(view! { <RoomLine room line /> }),
        Entry::Saying(key) => EitherOf3::C(view! { <SayingLine room key /> }),
    };
    view! {
        // In reverse, the browser begins at the end and stays there, without a script.
        <div class="letter-log" tabindex="0" role="region" aria-label="What was said" data-testid="room-log" on:scroll=move |scroll| look_back_at_the_top(room, &scroll)>
            <div class="letter-log__content">
                <Earlier room />
                <ol class="letter-log__list" data-testid="room-lines">
                    <For each=move || entries.get() key=Entry::key children=draw />
                </ol>
                <p class="letter-log__empty" hidden=move || !is_empty() data-testid="room-empty">
                    "Nothing has been said here yet."
                </p>
            </div>
        </div>
    }
}

/// The way to the lines before.
#[component]
fn Earlier(
    /// The room.
    room: Room,
) -> impl IntoView {
    let before = Memo::new(move |_| room.chat.with(|chat| chat.before()));
    let address = move || {
        before
            .get()
            .map(|before| format!("/party/{}?before={before}#room", room.code))
    };
    view! {
        <p class="letter-log__earlier" hidden=move || before.get().is_none()>
            <a class="button" data-kind="quiet" href=address data-testid="earlier-lines" on:click=move |click| look_back_by_click(room, &click)>
                {move || match room.looking.get() {
                    Looking::Idle => "Earlier lines",
                    Looking::Asked => "Earlier lines come …",
                    Looking::Failed => "They did not come: try again",
                }}
            </a>
        </p>
    }
}

/// The day that the lines beneath are of.
#[component]
fn DayEntry(
    /// The room.
    room: Room,
    /// The day.
    day: i64,
) -> impl IntoView {
    view! {
        <li class="letter-log__day">
            <span>{move || day_in_full(day, room.clock.today())}</span>
        </li>
    }
}

/// Puts the days between the lines.
fn entries(room: Room, lines: &[ChatMessage], shown: &[u32]) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(lines.len() + shown.len());
    let mut last = None;
    let mut push = |day: Option<i64>, entry: Entry| {
        if let Some(day) = day.filter(|day| last.replace(*day) != Some(*day)) {
            entries.push(Entry::Day(day, entry.key()));
        }
        entries.push(entry);
    };
    for line in lines {
        let day = room.clock.at(&line.sent_at).map(|moment| moment.day);
        push(day, Entry::Line(line.clone()));
    }
    for key in shown {
        let written_ms = room
            .sayings
            .with(|sayings| sayings.get(*key).map(|saying| saying.written_ms));
        let day = written_ms.map(|ms| room.clock.at_ms(ms).day);
        push(day, Entry::Saying(*key));
    }
    entries
}

fn look_back_at_the_top(room: Room, scroll: &leptos::ev::Event) {
    if is_near_the_top(scroll) && room.looking.get_untracked() == Looking::Idle {
        room.look_back();
    }
}

fn look_back_by_click(room: Room, click: &leptos::ev::MouseEvent) {
    if is_plain(click) && room.is_running.get_untracked() {
        click.prevent_default();
        room.look_back();
    }
}
