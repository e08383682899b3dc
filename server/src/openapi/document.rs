//! `/api/openapi.json`: the API's description of itself (OpenAPI 3.1), generated from the code.

use crate::error::{HttpError, PROBLEM_JSON};
use crate::extract::key_reused;
use axum::Extension;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use bytes::Bytes;
use edge::{LinkError, MailError, PartyError};
use protocol::Problem;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    Components, ComponentsBuilder, InfoBuilder, License, OpenApi, OpenApiBuilder, Ref, RefOr,
    Response, ResponseBuilder, Server,
};

/// What the document says about the API as a whole.
const ABOUT: &str = "Every call can be made at any instance of any region. \
    Errors are problem details (RFC 9457); their `type` is stable. \
    Clients that prefer `text/html` receive them as pages. \
    Bodies have at most 4096 bytes, those with a `message`, a `change` or a new poll at most 32768; unknown fields are ignored. \
    A `device_id` is a secret: whoever knows it may act for the device.";
/// The responses that every call may have: their names, statuses and descriptions.
const FAILURES: [(&str, &str, &str); 2] = [
    ("ClientError", "4XX", "The request cannot be processed."),
    (
        "ServerError",
        "5XX",
        "The server cannot process the request now.",
    ),
];

/// The document, made once.
#[derive(Clone)]
pub(crate) struct Document(Bytes);

impl Document {
    /// Completes the description of all calls.
    ///
    /// # Errors
    /// None that a description can cause.
    pub(crate) fn of(calls: OpenApi) -> Result<Self, serde_json::Error> {
        let mut document = describe();
        document.merge(calls);
        for operation in document.paths.paths.values_mut().flat_map(operations) {
            for (name, status, _) in FAILURES {
                let failure = RefOr::Ref(Ref::from_response_name(name));
                operation.responses.responses.insert(status.into(), failure);
            }
        }
        let mut document = serde_json::to_value(document)?;
        if let Some(Value::Object(party)) = document.pointer_mut("/components/schemas/NewParty") {
            party.extend(both_or_neither());
        }
        serde_json::to_vec_pretty(&document).map(|json| Self(json.into()))
    }
}

/// Describes this API (OpenAPI 3.1).
#[utoipa::path(
    get, path = "/api/openapi.json", operation_id = "openapi", tag = "server",
    responses((
        status = 200, description = "This document.", body = serde_json::Value,
        content_type = "application/json", example = json!({ "openapi": "3.1.0" }),
    )),
)]
pub(super) async fn show(Extension(Document(json)): Extension<Document>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], json)
}

/// What utoipa cannot express about a new party: `lat` and `lng` are required together.
///
/// It is a condition, which client generators may ignore, and not a choice, which they would turn into two types.
fn both_or_neither() -> Map<String, Value> {
    let number =
        |field: &str| json!({ "required": [field], "properties": { field: { "type": "number" } } });
    let rules = [
        ("if", number("lat")),
        ("then", number("lng")),
        (
            "else",
            json!({ "properties": { "lng": { "type": "null" } } }),
        ),
    ];
    rules
        .into_iter()
        .map(|(keyword, rule)| (keyword.to_owned(), rule))
        .collect()
}

fn describe() -> OpenApi {
    let tags = [
        ("dispatch", "Which instance a visitor is sent to."),
        (
            "parties",
            "Small groups of people from any region, with a host.",
        ),
        (
            "mail",
            "Messages between addresses in any region or cluster.",
        ),
        (
            "draw",
            "A million players with new points each round, two of whom are drawn.",
        ),
        ("polls", "A question, a few options, and one vote a person."),
        (
            "world",
            "Every region's numbers, and the clicks that change them.",
        ),
        ("server", "The instance that answers."),
    ];
    let tags =
        tags.map(|(name, text)| TagBuilder::new().name(name).description(Some(text)).build());
    let mut licence = License::new("MIT OR Apache-2.0");
    licence.identifier = Some("MIT OR Apache-2.0".into());
    let info = InfoBuilder::new()
        .title("Murmuration")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(licence))
        .build();
    OpenApiBuilder::new()
        .info(info)
        .components(Some(components()))
        .servers(Some([Server::new("/")]))
        .tags(Some(tags))
        .build()
}

/// The shared parts: how callers authenticate, and the responses of failed calls.
fn components() -> Components {
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "The token that claiming an address returned. Pages of this site use their cookie instead.",
        ))
        .build();
    let cluster = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("PASETO v4.public")
        .description(Some(
            "A token that another cluster signed for this one call. See the documentation of federation.",
        ))
        .build();
    let mut components = ComponentsBuilder::new().schema_from::<Problem>();
    for (name, status, description) in FAILURES {
        components = components.response(name, failure(status, description));
    }
    components
        .security_scheme("mail_token", SecurityScheme::Http(token))
        .security_scheme("federation_token", SecurityScheme::Http(cluster))
        .build()
}

/// A response with problem details, and examples of its class of statuses.
fn failure(class: &str, description: &str) -> Response {
    let examples: [HttpError; 7] = [
        HttpError::bad_body("`device_id` has 8 to 128 visible ASCII characters"),
        key_reused(),
        PartyError::Unknown.into(),
        MailError::TooManyFrom(9).into(),
        HttpError::not_ready(),
        HttpError::redis_away(&LinkError::Away),
        HttpError::timed_out(),
    ];
    let schema = Ref::from_schema_name(Problem::name());
    let mut content = ContentBuilder::new().schema(Some(schema));
    for problem in examples.map(HttpError::into_problem) {
        if problem.status.to_string().starts_with(&class[..1]) {
            let example = ExampleBuilder::new()
                .summary(problem.title.clone())
                .value(serde_json::to_value(&problem).ok());
            content = content.examples_from_iter([(problem.kind, example.build())]);
        }
    }
    ResponseBuilder::new()
        .description(description)
        .content(PROBLEM_JSON, content.build())
        .build()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let all = [
        &mut item.get,
        &mut item.post,
        &mut item.put,
        &mut item.patch,
        &mut item.delete,
        &mut item.options,
    ];
    all.into_iter().flatten()
}
