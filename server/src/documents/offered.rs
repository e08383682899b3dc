//! What a kind of document says of itself.

use crate::error::HttpError;
use crate::state::AppState;
use crate::visitor::Visitor;
use axum::response::Response;
use protocol::{Create, Document, Problem};
use serde::Serialize;
use utoipa::ToSchema;

/// A kind of document that this server offers over REST, and on a page at `/{NAME}/{key}`.
///
/// The text of its keys needs no escape in a path.
pub(crate) trait Offered: Document<Own: ToSchema, Change: ToSchema> + ToSchema {
    /// What one is called, with its article: "a poll".
    const NOUN: &'static str;
    /// The key of the examples.
    const KEY: &'static str;

    /// How people change the one of the examples.
    fn example_change() -> Self::Change;

    /// One with what it holds of a person, for the examples.
    fn example() -> Option<(Self, Self::Own)> {
        let key = Self::Key::try_from(Self::KEY.to_owned()).ok()?;
        Some((Self::first(&key)?, Self::Own::default()))
    }

    /// The page of one, after a form that was refused.
    fn refused(
        state: &AppState,
        visitor: &Visitor,
        key: Self::Key,
        problem: Problem,
    ) -> impl Future<Output = Result<Response, HttpError>> + Send;
}

/// A kind of document that people create over REST.
pub(crate) trait CreateOffered: Offered + Create<New: ToSchema + Serialize> {
    /// What they say of a new one, for the examples.
    fn example_new() -> Self::New;
}
