//! The messages of a conversation, in a box that scrolls.

use super::log::newest;
use super::message_line::{EntryLine, Mark, UnsentLine};
use super::reading::Reading;
use super::{Entry, Loading, Log, OpenConversation, Unsent, preview};
use crate::time::{Clock, day_in_full};
use leptos::either::EitherOf3;
use leptos::ev::{Event, MouseEvent};
use leptos::prelude::*;
use live::format::announced;
use protocol::{Cursor, MessageId};
use wasm_bindgen::JsCast;

/// The distance to a log's first message, in pixels, at which older ones are loaded.
const NEAR_PX: i32 = 240;

/// The words in which a chat and a mail conversation differ.
#[derive(Clone, Copy)]
pub(crate) struct Words {
    /// The log's label.
    pub log: &'static str,
    /// Several messages, such as `letters`.
    pub messages: &'static str,
    /// What stands above the first message of all.
    pub beginning: &'static str,
    /// The message field's label.
    pub field: &'static str,
}

/// A row of the log.
#[derive(Clone, Debug, PartialEq)]
enum Row {
    /// A day, which the row of that key begins.
    Day(i64, String),
    Entry(Entry),
    /// A text on its way, by its key.
    Unsent(String),
}

impl Row {
    fn key(&self) -> String {
        match self {
            // A day of the server's becomes another one where the reader is.
            Self::Day(day, first) => format!("{day} {first}"),
            Self::Entry(entry) => format!("{} {}", entry.id, entry.is_own),
            Self::Unsent(key) => key.clone(),
        }
    }
}

/// The messages, oldest first, with the days between them. The log starts at its end and stays there as messages
/// arrive.
#[component]
pub(crate) fn MessageLog(
    /// The conversation.
    conversation: OpenConversation,
    /// What its parts are called.
    words: Words,
    /// The page's address without a query, to which `?before=` is added; and the fragment that follows.
    address: (String, &'static str),
    /// How far a stored message of the reader's own has come, where that is shown.
    #[prop(optional)]
    delivery: Option<Callback<MessageId, Mark>>,
) -> impl IntoView {
    let OpenConversation { log, outbox, .. } = conversation;
    let entries = Memo::new(move |_| log.with(|log| log.entries().to_vec()));
    let unsent =
        Memo::new(move |_| entries.with(|entries| outbox.with(|outbox| outbox.shown(entries))));
    let clock = conversation.clock;
    let rows = Memo::new(move |_| {
        entries.with(|entries| unsent.with(|unsent| rows(clock, entries, unsent)))
    });
    let is_empty = move || rows.with(Vec::is_empty);
    let reading = Reading::new(entries);
    let newer = Memo::new(move |_| reading.newer());
    let on_scroll = move |scroll: Event| {
        look_back_at_the_top(conversation, &scroll);
        reading.scroll();
    };
    let has_older = move || conversation.log.with(|log| log.before().is_some());
    let draw = move |row| match row {
        Row::Day(day, _) => EitherOf3::A(view! {
            <li class="message-log__day">
                <span translate="no">{move || day_in_full(day, clock.today())}</span>
            </li>
        }),
        Row::Entry(entry) => EitherOf3::B(view! { <EntryLine clock entry delivery /> }),
        Row::Unsent(key) => EitherOf3::C(view! { <UnsentLine conversation key /> }),
    };
    view! {
        // In reverse, the browser starts at the end and stays there, without a script.
        <div class="message-log" tabindex="0" role="region" aria-label=words.log data-testid="message-log" node_ref=reading.element on:scroll=on_scroll>
            <div class="message-log__content">
                <Earlier conversation words address />
                <p class="message-log__beginning" hidden=move || is_empty() || has_older()>{words.beginning}</p>
                <ol class="message-log__list" data-testid="messages">
                    <For each=move || rows.get() key=Row::key children=draw />
                </ol>
                <p class="message-log__empty" hidden=move || !is_empty() data-testid="messages-empty">
                    {format!("No {} yet.", words.messages)}
                </p>
            </div>
            <button class="message-log__newer button" type="button" hidden=move || newer.get() == 0 data-testid="newer" on:click=move |_| reading.to_the_end()>
                {move || format!("↓ {} new", newer.get())}
            </button>
        </div>
    }
}

/// Loads older messages.
#[component]
fn Earlier(
    /// The conversation.
    conversation: OpenConversation,
    /// What its parts are called.
    words: Words,
    /// The page's address, and its fragment.
    address: (String, &'static str),
) -> impl IntoView {
    let before = Memo::new(move |_| conversation.log.with(Log::before));
    let (path, fragment) = address;
    let href = move || {
        before
            .get()
            .map(|before| format!("{path}?before={before}{fragment}"))
    };
    let label = move || match conversation.older.get() {
        Loading::Idle => format!("Earlier {}", words.messages),
        Loading::Pending => format!("Loading earlier {}…", words.messages),
        Loading::Failed => "Couldn't load. Try again".to_owned(),
    };
    view! {
        <p class="message-log__earlier" hidden=move || before.get().is_none()>
            <a class="button" data-kind="quiet" href=href data-testid="earlier" on:click=move |click| look_back_by_click(conversation, &click)>
                {label}
            </a>
        </p>
    }
}

/// Puts the days between the messages.
fn rows(clock: Clock, entries: &[Entry], unsent: &[Unsent]) -> Vec<Row> {
    let mut rows = Vec::with_capacity(entries.len() + unsent.len());
    let mut last = None;
    let mut push = |day: Option<i64>, row: Row| {
        if let Some(day) = day.filter(|day| last.replace(*day) != Some(*day)) {
            rows.push(Row::Day(day, row.key()));
        }
        rows.push(row);
    };
    for entry in entries {
        let day = clock.at(&entry.sent_at).map(|moment| moment.day);
        push(day, Row::Entry(entry.clone()));
    }
    for unsent in unsent {
        let day = clock.at_ms(unsent.written_ms).day;
        push(Some(day), Row::Unsent(unsent.key.clone()));
    }
    rows
}

fn look_back_at_the_top(conversation: OpenConversation, scroll: &Event) {
    if is_near_the_top(scroll) && conversation.older.get_untracked() == Loading::Idle {
        conversation.look_back();
    }
}

fn look_back_by_click(conversation: OpenConversation, click: &MouseEvent) {
    if is_plain(click) && conversation.is_running.get_untracked() {
        click.prevent_default();
        conversation.look_back();
    }
}

/// Whether a log is scrolled nearly to its start.
fn is_near_the_top(scroll: &Event) -> bool {
    let log = scroll.current_target();
    let Some(log) = log.and_then(|log| log.dyn_into::<web_sys::Element>().ok()) else {
        return false;
    };
    // In a reversed box the position counts from the end, downwards from 0.
    log.scroll_height() - log.client_height() - log.scroll_top().abs() < NEAR_PX
}

/// Whether a click on a link is for this tab.
fn is_plain(click: &MouseEvent) -> bool {
    !(click.ctrl_key() || click.meta_key() || click.shift_key())
}

/// Characters of a new message that are announced.
const NEWS_CHARS: usize = 200;

/// Announces messages of others that arrive while the page is open, and what becomes of the reader's own.
#[component]
pub(crate) fn Announcements(
    conversation: OpenConversation,
    words: Words,
    /// What the others are called, if not by the messages' own names.
    from: Option<String>,
) -> impl IntoView {
    let news = Memo::new(move |before: Option<&(Option<Cursor>, String)>| {
        conversation.log.with(|log| {
            let newest = newest(log.entries());
            // What the page was loaded with is not news.
            let Some((known, told)) = before else {
                return (newest, String::new());
            };
            let new = log.entries().iter().rev();
            let new = new.take_while(|entry| Some(entry.cursor) > *known);
            let new: Vec<_> = new.filter(|entry| !entry.is_own).collect();
            let text = match announce(&new, from.as_deref(), words) {
                Some(text) => announced(text, told),
                None => told.clone(),
            };
            (newest.max(*known), text)
        })
    });
    let outcome = Memo::new(move |before: Option<&(u64, String)>| {
        let (count, words) = conversation.outbox.with(|outbox| {
            let words = outbox.outcome().map(|stage| Mark::of(stage).spoken());
            (outbox.outcomes(), words.unwrap_or_default())
        });
        match before {
            Some((known, told)) if *known == count => (count, told.clone()),
            Some((_, told)) => (count, announced(words, told)),
            None => (count, words),
        }
    });
    view! {
        <p class="visually-hidden" role="status" data-testid="outcome-news" translate="no">{move || outcome.with(|(_, text)| text.clone())}</p>
        <p class="visually-hidden" role="status" data-testid="message-news" translate="no">{move || news.with(|(_, text)| text.clone())}</p>
    }
}

/// The newest of these messages, which are ordered newest first, and how many there are.
fn announce(new: &[&Entry], from: Option<&str>, words: Words) -> Option<String> {
    let newest = new.first()?;
    let author = from.or(newest.author.as_deref()).unwrap_or("You");
    let author = preview(author, NEWS_CHARS);
    let text = preview(newest.text.as_str(), NEWS_CHARS);
    Some(match new.len() {
        1 => format!("{author}: {text}"),
        count => format!("{count} new {}. {author}: {text}", words.messages),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::tests::samples::entry;

    #[test]
    fn the_newest_of_new_messages_is_announced() {
        let words = crate::party::chat::WORDS;
        let (one, two) = (entry(1, "hi\nthere"), entry(2, "yes"));

        assert_eq!(announce(&[], None, words), None);
        assert_eq!(announce(&[&one], None, words).unwrap(), "Robin: hi there");
        assert_eq!(
            announce(&[&two, &one], Some("fra-finch"), words).unwrap(),
            "2 new messages. fra-finch: yes"
        );
    }
}
