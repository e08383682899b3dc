//! What a screen reader announces.

use super::{Entry, OpenConversation, Words, preview};
use leptos::prelude::*;
use protocol::Cursor;

/// Characters of a new message that are announced.
const NEWS_CHARS: usize = 200;

/// Announces messages of others that arrive while the page is open.
#[component]
pub(crate) fn Announcements(
    conversation: OpenConversation,
    words: Words,
    /// What the others are called, if not by the messages' own names.
    from: Option<String>,
) -> impl IntoView {
    let news = Memo::new(move |before: Option<&(Option<Cursor>, String)>| {
        conversation.log.with(|log| {
            let newest = super::log::newest(log.entries());
            // What the page was loaded with is not news.
            let Some((known, told)) = before else {
                return (newest, String::new());
            };
            let new = log.entries().iter().rev();
            let new = new.take_while(|entry| Some(entry.cursor) > *known);
            let new: Vec<_> = new.filter(|entry| !entry.is_own).collect();
            let text = announce(&new, from.as_deref(), words).unwrap_or_else(|| told.clone());
            (newest.max(*known), text)
        })
    });
    view! {
        <p class="visually-hidden" role="status" data-testid="message-news">{move || news.with(|(_, text)| text.clone())}</p>
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
