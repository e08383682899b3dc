//! Bodies of JSON, refused without a word of what they say.

use crate::problem::HttpError;
use crate::state::AppState;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use bytes::Bytes;
use protocol::{
    AddressError, CoordinatesError, DeviceIdError, MESSAGE_MAX_BYTES, MailAddress,
    ParticipantNameError, StepError,
};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::Path;

/// How serde_json says that a text is none: bytes that are not UTF-8, or half a pair of surrogates.
const NOT_TEXT: [&str; 3] = [
    "invalid unicode code point",
    "lone leading surrogate in hex escape",
    "unexpected end of hex escape",
];

/// A body of JSON.
///
/// Unlike axum's own, its errors name the field that is wrong and the rule it breaks, and never quote a value:
/// it may be a device's id, which is a secret.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<AppState> for Body<T> {
    type Rejection = HttpError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, HttpError> {
        if !is_json(request.headers()) {
            return Err(HttpError::MediaType);
        }
        parse(&whole(request, state).await?).map(Self)
    }
}

/// All of a body.
pub(crate) async fn whole(request: Request, state: &AppState) -> Result<Bytes, HttpError> {
    let bytes = Bytes::from_request(request, state).await;
    bytes.map_err(|rejection| match rejection.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => HttpError::TooLarge,
        _ => HttpError::Body("It ended before it was whole.".into()),
    })
}

/// Whether the body says of itself that it is JSON: `application/json`, or a kind of it.
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let essence = kind.and_then(|kind| kind.split(';').next()).unwrap_or("");
    let essence = essence.trim().to_ascii_lowercase();
    let Some(subtype) = essence.strip_prefix("application/") else {
        return false;
    };
    subtype == "json" || subtype.ends_with("+json")
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, HttpError> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize(&mut json);
    let value = read.map_err(|error| HttpError::Body(reason(error.path(), error.inner())))?;
    json.end()
        .map_err(|_| HttpError::Body("It is one JSON object and nothing after it.".into()))?;
    Ok(value)
}

/// What is wrong, by where it is wrong.
fn reason(path: &Path, error: &serde_json::Error) -> String {
    let field = path.iter().next().map(ToString::to_string);
    let known = field.and_then(|field| Some((rule(&field)?, field)));
    let text = error.to_string();
    match known {
        Some((_, field)) if NOT_TEXT.iter().any(|wrong| text.starts_with(wrong)) => {
            return format!("`{field}` is text in UTF-8, whose surrogates come in pairs");
        }
        _ if error.classify() != Category::Data => return "It is not valid JSON.".into(),
        Some((rule, _)) => return rule,
        None => {}
    }
    // The names of fields in these two are ours; every other text may quote what was sent.
    for (start, wrong) in [
        ("missing field `", "is missing"),
        ("duplicate field `", "is given more than once"),
    ] {
        let rest = text.strip_prefix(start);
        if let Some((field, _)) = rest.and_then(|rest| rest.split_once('`')) {
            return format!("`{field}` {wrong}");
        }
    }
    "It is a JSON object with this call's fields.".into()
}

/// What a field of any call's body must be.
fn rule(field: &str) -> Option<String> {
    Some(match field {
        "device_id" => DeviceIdError.to_string(),
        "participant_name" => ParticipantNameError.to_string(),
        "lat" => CoordinatesError::Lat.to_string(),
        "lng" => CoordinatesError::Lng.to_string(),
        "listed" => "`listed` is true or false".into(),
        "by" => StepError.to_string(),
        "message" => format!("`message` is text of 1 to {MESSAGE_MAX_BYTES} bytes of UTF-8"),
        "to" | "from" | "address" => not_an_address(field),
        _ => return None,
    })
}

/// What a field must be that is a mail address.
fn not_an_address(field: &str) -> String {
    format!("`{field}`: {AddressError}")
}

/// The mail address in a field of that name.
pub(crate) fn address(field: &str, text: &str) -> Result<MailAddress, HttpError> {
    MailAddress::parse(text).map_err(|_| HttpError::Body(not_an_address(field)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use protocol::{NewMessage, NewParty};

    fn refusal(body: &str) -> String {
        parse::<NewParty>(body.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn the_wrong_field_is_named_with_its_rule() {
        for (body, expected) in [
            (r#"{"device_id":"short"}"#, "`device_id` has 8 to 128"),
            (r#"{"device_id":12345678}"#, "`device_id` has 8 to 128"),
            (r#"{"device_id":["12345678"]}"#, "`device_id` has 8 to 128"),
            (r#"{}"#, "`device_id` is missing"),
            (r#"{"device_id":"12345678","lat":"x"}"#, "`lat` is a number"),
            (r#"{"device_id":"12345678","lng":{}}"#, "`lng` is a number"),
            (r#"{"device_id":"12345678","listed":1}"#, "`listed` is true"),
            (
                r#"{"device_id":"12345678","participant_name":""}"#,
                "`participant_name` has 1 to 32",
            ),
            (
                r#"{"device_id":"12345678","device_id":"12345678"}"#,
                "`device_id` is given more than once",
            ),
            ("[]", "JSON object"),
            ("\"12345678\"", "JSON object"),
            ("{", "not valid JSON"),
            (r#"{"device_id":"12345678"} x"#, "nothing after it"),
        ] {
            let refusal = refusal(body);
            assert!(refusal.contains(expected), "{body}: {refusal}");
        }
    }

    #[test]
    fn no_refusal_quotes_what_was_sent() {
        for body in [
            r#"{"device_id":"hunter2 hunter2"}"#,
            r#"{"device_id":{"hunter2":1}}"#,
            r#"{"hunter2":"x"}"#,
            r#"{"hunter2":1e999}"#,
            r#"{"hunter2":1,"hunter2":1}"#,
            r#"{"device_id":"12345678","lat":"hunter2"}"#,
            r#"{"device_id":"12345678","listed":"hunter2"}"#,
            "\"hunter2hunter2\"",
            "{\"device_id\":\"hunter2hunter2\u{0}\"}",
        ] {
            let refusal = refusal(body);
            assert!(!refusal.contains("hunter"), "{body}: {refusal}");
        }
    }

    #[test]
    fn text_that_is_none_is_refused_by_its_field() {
        let refusal = |body: &[u8]| {
            let read = parse::<NewMessage>(body);
            read.unwrap_err().to_string()
        };
        let with = |field: &str, value: &[u8]| {
            let mut body = format!("{{\"{field}\":\"").into_bytes();
            body.extend(value);
            body.extend(b"\"}");
            body
        };

        for field in ["message", "to", "from"] {
            for value in [
                &b"\xff"[..],
                b"\xed\xa0\x80",
                b"\xc0\x80",
                b"\\ud800",
                b"\\ud800x",
                b"\\ud800\\u0041",
                b"\\udc00",
            ] {
                let refusal = refusal(&with(field, value));
                assert!(refusal.contains(&format!("`{field}` is text")), "{refusal}");
            }
            for value in [&b"\\x"[..], b"\n", b"\0"] {
                let refusal = refusal(&with(field, value));
                assert!(refusal.contains("not valid JSON"), "{refusal}");
            }
        }
        let number = refusal(br#"{"message":5}"#);
        assert!(
            number.contains("`message` is text of 1 to 4096"),
            "{number}"
        );
        let list = refusal(br#"{"to":["x"]}"#);
        assert!(list.contains("`to`: an address is"), "{list}");
    }

    #[test]
    fn json_is_what_says_so() {
        let says = |value| {
            is_json(&HeaderMap::from_iter([(
                CONTENT_TYPE,
                HeaderValue::from_static(value),
            )]))
        };

        assert!(says("application/json"));
        assert!(says("Application/JSON; charset=utf-8"));
        assert!(says("application/merge-patch+json"));
        assert!(!says("text/json"));
        assert!(!says("application/x-www-form-urlencoded"));
        assert!(!is_json(&HeaderMap::new()));
    }
}
