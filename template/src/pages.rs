//! The pages: rendering, hydration and titles follow from this list.

use crate::home::{HomePage, head};
use crate::mood::Mood;
use murmuration_leptos::protocol::DocumentState;

murmuration_leptos::pages! {
    /// `/`.
    eager home: Home(DocumentState<Mood>) => HomePage, head;
}
