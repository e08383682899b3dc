//! JSON bodies, and what is said of those that do not fit.

use crate::error::HttpError;
use axum::extract::{FromRequest, Request};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;

/// A JSON body: one object.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = HttpError;

    async fn from_request(request: Request, state: &S) -> Result<Self, HttpError> {
        let axum::Json(Object(value)) = axum::Json::from_request(request, state).await?;
        Ok(Self(value))
    }
}

/// What is read from an object only. By itself, serde reads a struct from an array, too, in the order of its fields.
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = deserializer.deserialize_map(OfObject(PhantomData))?;
        Ok(Self(value))
    }
}

/// Reads a value from an object.
struct OfObject<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OfObject<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

/// Reads a part whose fields stand among those of the whole, with errors that name them: serde forgets where it was.
pub(crate) fn named<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    serde_path_to_error::deserialize(deserializer).map_err(|error| match reason(&error) {
        Some(reason) => D::Error::custom(reason),
        None => error.into_inner(),
    })
}

/// Why JSON does not fit a type: our own types' rules, or the field's name, where there is one.
pub(super) fn reason<E: fmt::Display>(error: &serde_path_to_error::Error<E>) -> Option<String> {
    let text = error.inner().to_string();
    let ours = text.starts_with('`') || text.starts_with("missing field `");
    if ours || text.starts_with("duplicate field `") {
        let end = text.rfind(" at line ").unwrap_or(text.len());
        return Some(text[..end].to_owned());
    }
    // Every other text may quote what was sent.
    let field = error.path().iter().next().map(ToString::to_string);
    let is_name = |name: &String| {
        name.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    let field = field.filter(is_name)?;
    Some(super::invalid(&field))
}
