//! axum's extractors with our errors: they name the invalid field and never quote its value.

mod idempotency_key;
pub use idempotency_key::{IdempotencyKey, key_reused};

mod json;
pub use json::Json;
pub(crate) use json::named;

use crate::error::HttpError;
use axum::extract::path::ErrorKind;
use axum::extract::rejection::{
    BytesRejection, FormRejection, JsonRejection, PathRejection, QueryRejection,
};
use axum::extract::{FromRequest, FromRequestParts};
use axum::http::StatusCode;
use std::error::Error;
use std::fmt::Display;
use std::ops::RangeInclusive;

/// A form's body.
#[derive(FromRequest)]
#[from_request(via(axum::Form), rejection(HttpError))]
pub struct Form<T>(pub T);

/// The query's parameters.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(HttpError))]
pub struct Query<T>(pub T);

/// The path's parameters.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(HttpError))]
pub struct Path<T>(pub T);

impl From<JsonRejection> for HttpError {
    fn from(rejection: JsonRejection) -> Self {
        let syntax = "The body must be one JSON object.";
        match &rejection {
            JsonRejection::MissingJsonContentType(_) => Self::not_json(),
            JsonRejection::BytesRejection(_) => of_bytes(rejection.status()),
            JsonRejection::JsonDataError(error) => Self::bad_body(reason_of(error, syntax)),
            JsonRejection::JsonSyntaxError(error) => Self::bad_body(reason_of(error, syntax)),
            _ => Self::bad_body(syntax),
        }
    }
}

impl From<FormRejection> for HttpError {
    fn from(rejection: FormRejection) -> Self {
        match (&rejection, rejection.status()) {
            (_, StatusCode::PAYLOAD_TOO_LARGE) => Self::too_large(),
            (FormRejection::InvalidFormContentType(_), _) => Self::bad_body(
                "Send the form's fields with the header Content-Type: application/x-www-form-urlencoded.",
            ),
            _ => Self::bad_body(
                "A field of the form is missing or invalid. Reload its page, then try again.",
            ),
        }
    }
}

impl From<BytesRejection> for HttpError {
    fn from(rejection: BytesRejection) -> Self {
        of_bytes(rejection.status())
    }
}

impl From<QueryRejection> for HttpError {
    fn from(rejection: QueryRejection) -> Self {
        let text = rejection.source().and_then(Error::source);
        let text = text.map(ToString::to_string).unwrap_or_default();
        // serde_path_to_error writes "field: reason". No reason of these types quotes a value.
        Self::bad_query(match text.split_once(": ") {
            Some((field, reason)) if is_of_parser(reason) => invalid(field),
            Some((field, reason)) => format!("`{field}`: {reason}"),
            None => text,
        })
    }
}

impl From<PathRejection> for HttpError {
    fn from(rejection: PathRejection) -> Self {
        let reason = match &rejection {
            PathRejection::FailedToDeserializePathParams(error) => match error.kind() {
                ErrorKind::Message(reason) => Some(reason),
                ErrorKind::DeserializeError { message, .. } => Some(message),
                _ => None,
            },
            _ => None,
        };
        // The rejection's other texts quote the path.
        Self::bad_path(reason.map_or("Path segments are percent-encoded UTF-8.", |reason| reason))
    }
}

/// Whether the reason is of Rust's own types, which have no words for people.
fn is_of_parser(reason: &str) -> bool {
    let starts = [
        "invalid ",
        "number too ",
        "cannot parse ",
        "provided string ",
    ];
    starts.iter().any(|start| reason.starts_with(start))
}

/// A field's value does not fit its type.
fn invalid(field: &str) -> String {
    format!("`{field}` is invalid: see the API's document for its type.")
}

fn of_bytes(status: StatusCode) -> HttpError {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => HttpError::too_large(),
        _ => HttpError::bad_body("The body ended early."),
    }
}

/// Why a JSON body does not fit, where more can be said.
fn reason_of(rejection: &dyn Error, otherwise: &str) -> String {
    let error = rejection.source().and_then(|error| {
        let error = error.source().unwrap_or(error);
        error.downcast_ref::<serde_path_to_error::Error<serde_json::Error>>()
    });
    let reason = error.and_then(json::reason);
    reason.unwrap_or_else(|| otherwise.to_owned())
}

/// An optional query parameter within bounds.
///
/// # Errors
/// Names the parameter and its bounds.
pub fn bounded<T: PartialOrd + Display>(
    name: &str,
    value: Option<T>,
    default: T,
    bounds: RangeInclusive<T>,
) -> Result<T, HttpError> {
    let value = value.unwrap_or(default);
    match bounds.contains(&value) {
        true => Ok(value),
        false => Err(HttpError::bad_query(format!(
            "`{name}` is a number from {} to {}.",
            bounds.start(),
            bounds.end()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::json::Object;
    use super::*;
    use protocol::{Click, Cursor, NewMessage, NewParty};
    use serde::Deserialize;
    use serde::de::DeserializeOwned;

    fn refusal<T: DeserializeOwned>(body: &[u8]) -> String {
        let read = axum::Json::<Object<T>>::from_bytes(body);
        HttpError::from(read.err().unwrap()).to_string()
    }

    #[test]
    fn errors_name_the_field_and_its_rule() {
        for (body, expected) in [
            (r#"{"device_id":"short"}"#, "`device_id` has 8 to 128"),
            (r#"{"device_id":12345678}"#, "`device_id` is invalid"),
            (r#"{}"#, "missing field `device_id`"),
            (r#"{"device_id":"12345678","lat":"x"}"#, "`lat` is invalid"),
            (r#"{"device_id":"12345678","listed":1}"#, "`listed` is inv"),
            (
                r#"{"device_id":"12345678","participant_name":""}"#,
                "`participant_name` has 1 to 32",
            ),
            (
                r#"{"device_id":"12345678","device_id":"12345678"}"#,
                "duplicate field `device_id`",
            ),
            ("[]", "JSON object"),
            ("\"12345678\"", "JSON object"),
            ("{", "JSON object"),
            (r#"{"device_id":"12345678"} x"#, "JSON object"),
        ] {
            let refusal = refusal::<NewParty>(body.as_bytes());
            assert!(refusal.contains(expected), "{body}: {refusal}");
        }
    }

    #[test]
    fn an_array_is_no_object() {
        assert!(serde_json::from_slice::<Click>(b"[1]").is_ok());

        assert!(refusal::<Click>(b"[1]").contains("JSON object"));
    }

    #[test]
    fn fields_of_a_part_are_named_as_those_of_the_whole() {
        #[derive(Deserialize)]
        #[expect(dead_code, reason = "read by serde alone")]
        struct Whole {
            name: String,
            #[serde(flatten, deserialize_with = "named")]
            part: Part,
        }
        #[derive(Deserialize)]
        #[expect(dead_code, reason = "read by serde alone")]
        struct Part {
            texts: Vec<String>,
        }
        for (body, expected) in [
            (r#"{"name":"a","texts":[1]}"#, "`texts` is invalid"),
            (r#"{"name":"a","texts":"hunter2"}"#, "`texts` is invalid"),
            (r#"{"name":1,"texts":[]}"#, "`name` is invalid"),
            (r#"{"name":"a"}"#, "missing field `texts`"),
        ] {
            let refusal = refusal::<Whole>(body.as_bytes());
            assert!(refusal.contains(expected), "{body}: {refusal}");
            assert!(!refusal.contains("hunter2"), "{refusal}");
        }
    }

    #[test]
    fn errors_never_quote_the_body() {
        for body in [
            r#"{"device_id":"hunter2 hunter2"}"#,
            r#"{"device_id":{"hunter2":1}}"#,
            r#"{"hunter2":1e999}"#,
            r#"{"hunter2":1,"hunter2":1}"#,
            r#"{"device_id":"12345678","lat":"hunter2"}"#,
            r#"{"device_id":"12345678","listed":"hunter2"}"#,
            "\"hunter2hunter2\"",
            "{\"device_id\":\"hunter2hunter2\u{0}\"}",
        ] {
            let refusal = refusal::<NewParty>(body.as_bytes());
            assert!(!refusal.contains("hunter"), "{body}: {refusal}");
        }
    }

    #[test]
    fn invalid_unicode_is_refused_by_its_field() {
        for value in [&b"\xff"[..], b"\xed\xa0\x80", b"\\ud800", b"\\udc00"] {
            let body = [&br#"{"message":""#[..], value, br#""}"#].concat();
            let refusal = refusal::<NewMessage>(&body);
            assert!(refusal.contains("`message`"), "{refusal}");
        }
    }

    #[test]
    fn query_errors_name_the_field() {
        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "read by serde alone")]
        struct Asked {
            lat: f64,
            after: Option<Cursor>,
            limit: Option<u32>,
        }
        for (query, expected) in [
            ("lat=x", "`lat`"),
            ("lat=%ff", "`lat`"),
            ("", "`lat`"),
            ("lat=1&lat=1", "`lat`"),
            ("lat=1&after=hunter2", "`after`: a cursor must"),
            ("lat=1&limit=-1", "`limit` is invalid: see"),
            ("lat=1&limit=99999999999", "`limit` is invalid: see"),
            ("lat=1&limit=", "`limit` is invalid: see"),
        ] {
            let uri = format!("/?{query}").parse().unwrap();
            let read = axum::extract::Query::<Asked>::try_from_uri(&uri);
            let refusal = HttpError::from(read.unwrap_err()).to_string();
            assert!(refusal.contains(expected), "{query}: {refusal}");
            assert!(!refusal.contains("hunter2"), "{refusal}");
        }
    }

    #[test]
    fn numbers_have_bounds_and_defaults() {
        assert_eq!(bounded("limit", None, 20, 1..=100).unwrap(), 20);
        assert_eq!(bounded("limit", Some(100), 20, 1..=100).unwrap(), 100);
        let error = bounded("limit", Some(0), 20, 1..=100).unwrap_err();
        assert!(error.to_string().contains("`limit`"));
        assert!(bounded("km", Some(f64::NAN), 1.0, 0.0..=2.0).is_err());
    }
}
