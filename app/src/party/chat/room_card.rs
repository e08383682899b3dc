//! A party's room: what is said in it, and where to say something.

use super::room_form::RoomForm;
use super::room_log::RoomLog;
use crate::conversation::preview;
use crate::format::grouped;
use crate::party::chat::Room;
use leptos::either::EitherOf3;
use leptos::prelude::*;
use protocol::{CHAT_KEPT, ChatAttempt, ChatMessage, Cursor};

/// Characters of a new line that a screen reader is told.
const NEWS_CHARS: usize = 200;

/// The room.
#[component]
pub(crate) fn RoomCard(
    /// The room.
    room: Room,
    /// Whether the visitor is in the party.
    is_in: Memo<bool>,
    /// What was to be said and could not be.
    attempt: Option<ChatAttempt>,
) -> impl IntoView {
    let lines = room.lines();
    let is_past = room.chat.with_untracked(|chat| chat.is_past());
    let newest = format!("/party/{}#room", room.code);
    let foot = move || match is_in.get() {
        _ if is_past => EitherOf3::A(view! {
            <p class="room__foot">
                "These are older lines. "
                <a href=newest.clone() data-testid="to-newest-lines">"To the newest, and to talk"</a>
            </p>
        }),
        true => EitherOf3::B(view! { <RoomForm room attempt=attempt.clone() /> }),
        false => EitherOf3::C(view! {
            <p class="room__foot" data-testid="join-to-talk">
                <a href="#guest-title">"Join to talk"</a>
                ". Who knows the code may read."
            </p>
        }),
    };
    view! {
        <section class="room" id="room" aria-labelledby="room-title" data-testid="room">
            <header class="room__head">
                <h2 class="card__title" id="room-title">"Room"</h2>
                <p class="room__kept" data-testid="room-kept">{kept()}</p>
            </header>
            <RoomLog room lines />
            {foot}
            <p class="visually-hidden" role="status" data-testid="room-news">{news(room, lines)}</p>
        </section>
    }
}

/// What a room keeps, in words.
fn kept() -> String {
    format!(
        "Its last {} lines, until the party ends.",
        grouped(CHAT_KEPT)
    )
}

/// What a screen reader is told: lines of others that came while the page was open.
fn news(room: Room, lines: Memo<Vec<ChatMessage>>) -> impl Fn() -> String {
    let said = Memo::new(move |before: Option<&(Option<Cursor>, String)>| {
        lines.with(|lines| {
            let newest = lines.last().map(|line| line.cursor);
            // What the page was loaded with is no news.
            let Some((known, told)) = before else {
                return (newest, String::new());
            };
            let new = lines.iter().rev();
            let new = new.take_while(|line| Some(line.cursor) > *known);
            let new: Vec<_> = new.filter(|line| !room.is_own(line)).collect();
            let text = tell(&new).unwrap_or_else(|| told.clone());
            (newest.max(*known), text)
        })
    });
    move || said.with(|(_, text)| text.clone())
}

/// The newest of these lines, the newest first, and how many there are beside it.
fn tell(new: &[&ChatMessage]) -> Option<String> {
    let newest = new.first()?;
    let name = preview(&newest.participant_name, NEWS_CHARS);
    let text = preview(newest.message.as_str(), NEWS_CHARS);
    Some(match new.len() {
        1 => format!("{name}: {text}"),
        count => format!("{count} new lines. {name}: {text}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::party::chat::samples::line;

    #[test]
    fn the_page_says_what_a_room_keeps() {
        assert_eq!(kept(), "Its last 1,000 lines, until the party ends.");
    }

    #[test]
    fn the_newest_of_new_lines_is_told() {
        let (one, two) = (line(1, 4, "hi\nthere"), line(2, 5, "yes"));

        assert_eq!(tell(&[]), None);
        assert_eq!(tell(&[&one]).unwrap(), "Guest 4: hi there");
        assert_eq!(tell(&[&two, &one]).unwrap(), "2 new lines. Guest 5: yes");
    }
}
