//! A conversation's letters.

use super::letter_line::{LetterLine, SentLine};
use crate::conversation::gestures::{is_near_the_top, is_plain};
use crate::mail::{Looking, MailRoom, Sent};
use crate::time::day_in_full;
use leptos::either::EitherOf3;
use leptos::prelude::*;
use protocol::Letter;

/// What stands in the log.
#[derive(Clone, Debug, PartialEq)]
enum Line {
    /// A day begins.
    Day(i64, String),
    /// A letter.
    Letter(Letter),
    /// A letter on its way to the server, by its key.
    Sent(String),
}

impl Line {
    fn key(&self) -> String {
        match self {
            Self::Day(_, before) => format!("day {before}"),
            Self::Letter(letter) => letter.message.cursor.to_string(),
            Self::Sent(key) => key.clone(),
        }
    }
}

/// The letters, oldest first, with the days between them. It begins at its end, and stays there as letters come.
#[component]
pub(crate) fn LetterLog(
    /// The mailbox.
    room: MailRoom,
    /// The letters.
    letters: Memo<Vec<Letter>>,
) -> impl IntoView {
    let sent = room.sent(letters);
    let lines =
        Memo::new(move |_| letters.with(|letters| sent.with(|sent| lines(room, letters, sent))));
    let before = Memo::new(move |_| {
        room.post
            .with(|post| post.thread().and_then(|thread| thread.before))
    });
    let is_empty = move || lines.with(Vec::is_empty);
    let draw = move |line| match line {
        Line::Day(day, _) => EitherOf3::A(view! { <DayLine room day /> }),
        Line::Letter(letter) => EitherOf3::B(view! { <LetterLine room letter /> }),
        Line::Sent(key) => EitherOf3::C(view! { <SentLine room key /> }),
    };
    view! {
        // In reverse, the browser begins at the end and stays there, without a script.
        <div class="letter-log" tabindex="0" role="region" aria-label="Letters" data-testid="letter-log" on:scroll=move |scroll| look_back_at_the_top(room, &scroll)>
            <div class="letter-log__content">
                <p class="letter-log__earlier" hidden=move || before.get().is_none()>
                    <a
                        class="button"
                        data-kind="quiet"
                        href=move || before.get().map(|before| format!("?before={before}"))
                        data-testid="earlier"
                        on:click=move |click| look_back_by_click(room, &click)
                    >
                        {move || match room.looking.get() {
                            Looking::Idle => "Earlier letters",
                            Looking::Asked => "Earlier letters come …",
                            Looking::Failed => "They did not come: try again",
                        }}
                    </a>
                </p>
                <p class="letter-log__first" hidden=move || is_empty() || before.get().is_some()>
                    "This is where your letters begin."
                </p>
                <ol class="letter-log__list" data-testid="letters">
                    <For each=move || lines.get() key=Line::key children=draw />
                </ol>
                <p class="letter-log__empty" hidden=move || !is_empty() data-testid="letters-empty">
                    "Nothing has been written here yet."
                </p>
            </div>
        </div>
    }
}

/// The day that the letters beneath are of.
#[component]
fn DayLine(
    /// The mailbox.
    room: MailRoom,
    /// The day.
    day: i64,
) -> impl IntoView {
    view! {
        <li class="letter-log__day">
            <span>{move || day_in_full(day, room.clock.today())}</span>
        </li>
    }
}

/// Puts the days between the letters.
fn lines(room: MailRoom, letters: &[Letter], sent: &[Sent]) -> Vec<Line> {
    let mut lines = Vec::with_capacity(letters.len() + sent.len());
    let mut last = None;
    let mut begin = |lines: &mut Vec<Line>, day: i64, key: &str| {
        if last.replace(day) != Some(day) {
            lines.push(Line::Day(day, key.to_owned()));
        }
    };
    for letter in letters {
        if let Some(moment) = room.clock.at(&letter.message.sent_at) {
            begin(&mut lines, moment.day, &letter.message.cursor.to_string());
        }
        lines.push(Line::Letter(letter.clone()));
    }
    for sent in sent {
        begin(&mut lines, room.clock.at_ms(sent.written_ms).day, &sent.key);
        lines.push(Line::Sent(sent.key.clone()));
    }
    lines
}

fn look_back_at_the_top(room: MailRoom, scroll: &leptos::ev::Event) {
    if is_near_the_top(scroll) && room.looking.get_untracked() == Looking::Idle {
        room.look_back();
    }
}

fn look_back_by_click(room: MailRoom, click: &leptos::ev::MouseEvent) {
    if is_plain(click) && room.is_running.get_untracked() {
        click.prevent_default();
        room.look_back();
    }
}
