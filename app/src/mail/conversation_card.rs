//! The open conversation.

use super::composer::Composer;
use super::letter_log::LetterLog;
use super::talk_list::said_place;
use crate::conversation::preview;
use crate::format::counted;
use crate::mail::MailRoom;
use leptos::prelude::*;
use protocol::{Letter, MailAddress, MailAttempt, Waiting};

/// Characters of a new letter that a screen reader is told.
const NEWS_CHARS: usize = 200;

/// With whom it is, its letters, and where one is written.
#[component]
pub(crate) fn ConversationCard(
    /// The mailbox.
    room: MailRoom,
    /// Whom it is with.
    with: MailAddress,
    /// The form that was sent and could not be used.
    attempt: Option<MailAttempt>,
) -> impl IntoView {
    let place = room.places.with_value(|places| said_place(&with, places));
    let letters = room.letters();
    let is_past = room
        .post
        .with_untracked(|post| post.thread().is_some_and(|thread| thread.is_past()));
    let is_reserved = with.is_reserved();
    let is_doubtful = move || {
        letters.with(|letters| {
            letters
                .iter()
                .any(|letter| !letter.is_own && !letter.message.verified)
        })
    };
    let newest = format!("/mail/{with}");
    view! {
        <section class="conversation" id="conversation" aria-labelledby="with-title" data-testid="conversation" data-with=with.to_string()>
            <header class="conversation__head">
                <a class="conversation__back" href="/mail" data-testid="to-mailbox">
                    <span aria-hidden="true">"‹ "</span>
                    "All mail"
                </a>
                <h1 class="conversation__with" id="with-title">{with.to_string()}</h1>
                <p class="conversation__place">{place}</p>
                <p class="conversation__doubt" hidden=move || !is_doubtful() data-testid="doubt">
                    "Unverified letters are of an address that nobody had claimed: anyone may have written them."
                </p>
            </header>
            <LetterLog room letters />
            <WaitingNote room letters />
            {is_past.then(|| view! {
                <p class="conversation__past">
                    "These are older letters. "
                    <a href=newest data-testid="to-newest">"To the newest, and to write"</a>
                </p>
            })}
            {is_reserved.then(|| view! {
                <p class="conversation__past">"Servers write these notices. Nobody reads answers to them."</p>
            })}
            {(!is_past && !is_reserved).then(|| view! { <Composer room with=with.clone() attempt /> })}
            <p class="visually-hidden" role="status" data-testid="mail-news">{news(room)}</p>
        </section>
    }
}

/// What waits for another cluster, and why.
#[component]
fn WaitingNote(
    /// The mailbox.
    room: MailRoom,
    /// The conversation's letters.
    letters: Memo<Vec<Letter>>,
) -> impl IntoView {
    let words = Memo::new(move |_| {
        letters.with(|letters| {
            room.post.with(|post| {
                let own = letters.iter().filter(|letter| letter.is_own);
                let waiting: Vec<_> = own
                    .filter_map(|letter| post.waiting_of(&letter.message.id))
                    .collect();
                say_waiting(&waiting)
            })
        })
    });
    view! {
        <p class="conversation__waiting" role="status" hidden=move || words.with(String::is_empty) data-testid="waiting-note">
            {move || words.get()}
        </p>
    }
}

fn say_waiting(waiting: &[&Waiting]) -> String {
    let left: Vec<_> = waiting
        .iter()
        .filter(|waiting| !waiting.has_failed)
        .collect();
    let Some(worst) = left.iter().max_by_key(|waiting| waiting.attempts) else {
        return String::new();
    };
    let waits = counted(left.len(), "letter waits", "letters wait");
    match worst.attempts {
        0 => format!("{waits} for the other cluster."),
        tries => format!(
            "{waits} for the other cluster, tried {} so far. {}",
            counted(tries, "time", "times"),
            worst.reason
        ),
    }
}

/// What a screen reader is told: letters that came while the page was open.
fn news(room: MailRoom) -> impl Fn() -> String {
    let newest = Memo::new(move |_| {
        room.post.with(|post| {
            let letter = post.thread()?.newest_of_theirs()?;
            Some((
                letter.message.cursor,
                letter.message.from.clone(),
                letter.message.message.clone(),
            ))
        })
    });
    let said = Memo::new(move |before: Option<&(Option<protocol::Cursor>, String)>| {
        let newest = newest.get();
        let cursor = newest.as_ref().map(|(cursor, ..)| *cursor);
        let text = match (before, newest) {
            (Some((known, _)), Some((cursor, from, text))) if Some(cursor) > *known => {
                format!("{from}: {}", preview(text.as_str(), NEWS_CHARS))
            }
            // What the page was loaded with is no news.
            _ => String::new(),
        };
        (cursor, text)
    });
    move || said.with(|(_, text)| text.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::MessageId;

    fn waiting(attempts: u32, has_failed: bool) -> Waiting {
        Waiting {
            id: MessageId::of(attempts.into()),
            attempts,
            reason: "It does not answer.".into(),
            has_failed,
        }
    }

    #[test]
    fn what_waits_is_counted_with_the_reason() {
        assert_eq!(say_waiting(&[]), "");
        assert_eq!(
            say_waiting(&[&waiting(0, false)]),
            "1 letter waits for the other cluster."
        );
        assert_eq!(
            say_waiting(&[&waiting(3, false), &waiting(0, false), &waiting(9, true)]),
            "2 letters wait for the other cluster, tried 3 times so far. It does not answer."
        );
        assert_eq!(say_waiting(&[&waiting(9, true)]), "");
    }
}
