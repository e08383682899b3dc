//! What a kind of document says of itself.

use crate::error::HttpError;
use crate::state::AppState;
use crate::visitor::Visitor;
use axum::response::Response;
use protocol::{Create, Document, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// A kind of document that a site offers over REST, and on a page at `/{NAME}/{key}`.
///
/// A type of the site's own, so that the document may be another crate's. The text of its keys needs no escape in a path.
pub trait Offered: 'static {
    /// The kind.
    type Document: Document<Own: ToSchema, Change: ToSchema> + ToSchema;

    /// What one is called, with its article: "a poll".
    const NOUN: &'static str;
    /// What the API's document says of the kind.
    const ABOUT: &'static str;
    /// The key of the examples.
    const KEY: &'static str;

    /// How people change the one of the examples.
    fn example_change() -> Change<Self>;

    /// One with what it holds of a person, for the examples.
    fn example() -> Option<(Self::Document, Own<Self>)> {
        let key = Key::<Self>::try_from(Self::KEY.to_owned()).ok()?;
        Some((Self::Document::first(&key)?, Own::<Self>::default()))
    }

    /// The page of one, after a form that was refused.
    fn refused(
        state: &AppState,
        visitor: &Visitor,
        key: Key<Self>,
        problem: Problem,
    ) -> impl Future<Output = Result<Response, HttpError>> + Send;
}

/// A kind of document that people create over REST.
pub trait CreateOffered: Offered<Document: Create<New: ToSchema + Serialize>> {
    /// What they say of a new one, for the examples.
    fn example_new() -> New<Self>;
}

/// The keys of a kind.
pub type Key<O> = <<O as Offered>::Document as Document>::Key;
/// What a kind holds of a person.
pub type Own<O> = <<O as Offered>::Document as Document>::Own;
/// The changes of a kind.
pub type Change<O> = <<O as Offered>::Document as Document>::Change;
/// What people say of a new one of a kind.
pub type New<O> = <<O as Offered>::Document as Create>::New;
