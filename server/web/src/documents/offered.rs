//! What a kind of document says of itself.

use protocol::{Create, Document, DocumentState, NewDocumentState};
use serde::Serialize;
use utoipa::ToSchema;

/// A kind of document that a site offers over REST, and on a page of its own.
///
/// A type of the site's own, so that the document may be another crate's. The text of its keys needs no escape in a path.
pub trait Offered: 'static {
    /// The kind.
    type Document: Document<Own: ToSchema, Change: ToSchema> + ToSchema;

    /// The site's pages, of which one is in the context of the site's document.
    type Page: Clone + Send + Sync + 'static;

    /// What one is called, with its article: "a poll".
    const NOUN: &'static str;
    /// What the API's document says of the kind.
    const ABOUT: &'static str;
    /// The key of the examples, where there can be several.
    const KEY: &'static str = "k7m2q9xwtb";

    /// How people change the one of the examples.
    fn example_change() -> Change<Self>;

    /// One with what it holds of a person, for the examples.
    fn example() -> Option<(Self::Document, Own<Self>)> {
        let key = Key::<Self>::try_from(String::new());
        let key = key.or_else(|_| Self::KEY.to_owned().try_into()).ok()?;
        Some((Self::Document::first(&key)?, Own::<Self>::default()))
    }

    /// The page of one.
    fn page(state: DocumentState<Self::Document>) -> Self::Page;
}

/// A kind of document that people create, over REST and by the form on the page `/{NAME}`.
pub trait CreateOffered: Offered<Document: Create<New: ToSchema + Serialize>> {
    /// What they say of a new one, for the examples.
    fn example_new() -> New<Self>;

    /// Reads the form's fields, by their names. One named `key` holds [`NewDocumentState::form_key`], and is not the document's.
    fn read_form(fields: Vec<(String, String)>) -> New<Self>;

    /// The page with the form.
    fn new_page(state: NewDocumentState<Self::Document>) -> Self::Page;
}

/// The keys of a kind.
pub type Key<O> = <<O as Offered>::Document as Document>::Key;
/// What a kind holds of a person.
pub type Own<O> = <<O as Offered>::Document as Document>::Own;
/// The changes of a kind.
pub type Change<O> = <<O as Offered>::Document as Document>::Change;
/// What people say of a new one of a kind.
pub type New<O> = <<O as Offered>::Document as Create>::New;
