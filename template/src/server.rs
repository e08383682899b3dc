//! What the server cannot derive of the document.

use crate::mood::{Mood, MoodChange};
use crate::pages::Page;
use murmuration_web::documents::Offered;
use murmuration_web::protocol::DocumentState;

/// How everybody feels: the page, the form, and the calls of `/api/mood`.
pub struct Moods;

impl Offered for Moods {
    type Document = Mood;
    type Page = Page;
    const NOUN: &'static str = "the mood";
    const ABOUT: &'static str = "How everybody feels.";

    fn example_change() -> MoodChange {
        MoodChange::Choose(1)
    }

    fn page(state: DocumentState<Mood>) -> Page {
        Page::Home(Box::new(state))
    }
}
