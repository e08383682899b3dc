//! The API's description of itself (OpenAPI 3.1), generated from the code.

use super::routes;
use crate::problem::HttpError;
use crate::state::AppState;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use bytes::Bytes;
use protocol::Problem;
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    Components, ComponentsBuilder, InfoBuilder, License, OpenApi, OpenApiBuilder, Ref, RefOr,
    Response, Server,
};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

/// The media type of problem details (RFC 9457).
const PROBLEM_JSON: &str = "application/problem+json";
/// What the document says of the API as a whole.
const ABOUT: &str = "Every call can be made at any instance of any region. \
    Errors are problem details (RFC 9457); their `type` is stable. \
    Who prefers `text/html` gets them as pages. \
    Bodies have at most 4096 bytes, those with a `message` at most 32768; fields that a call does not know are \
    ignored. \
    A `device_id` is a secret: whoever knows it may act for the device.";

/// The document, made once.
static DOCUMENT: LazyLock<Option<Bytes>> = LazyLock::new(|| {
    let mut document = serde_json::to_value(describe()).ok()?;
    let party = document.pointer_mut("/components/schemas/NewParty")?;
    party.as_object_mut()?.extend(both_or_neither());
    serde_json::to_vec_pretty(&document).ok().map(Bytes::from)
});

/// What utoipa cannot say of a new party: `lat` and `lng` come together.
///
/// As a condition, which those who generate clients may ignore, and not as a choice, which they would make
/// two types of.
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

/// Describes this API (OpenAPI 3.1).
#[utoipa::path(
    get, path = "/api/openapi.json", operation_id = "openapi", tag = "server",
    responses((
        status = 200, description = "This document.", body = serde_json::Value,
        content_type = "application/json", example = json!({ "openapi": "3.1.0" }),
    )),
)]
pub(crate) async fn document() -> Result<impl IntoResponse, HttpError> {
    let json = DOCUMENT.clone().ok_or(HttpError::Internal)?;
    Ok(([(CONTENT_TYPE, "application/json")], json))
}

fn describe() -> OpenApi {
    let tags = [
        ("dispatch", "Where visitors are sent."),
        (
            "parties",
            "Small groups of people of any region, with a leader.",
        ),
        (
            "mail",
            "Messages between addresses of any region, and of other clusters.",
        ),
        (
            "draw",
            "Players whose points are made anew each round, of whom at most two are shown.",
        ),
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
    let base = OpenApiBuilder::new()
        .info(info)
        .components(Some(components()))
        .servers(Some([Server::new("/")]))
        .tags(Some(tags))
        .build();
    OpenApiRouter::<AppState>::with_openapi(base)
        .merge(routes::quick())
        .merge(routes::ordinary())
        .into_openapi()
}

/// What proves that a mail address is the caller's, or that the caller is another cluster.
fn components() -> Components {
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "The token with which an address was claimed. Pages of this site need none: their cookie counts.",
        ))
        .build();
    let cluster = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("PASETO v4.public")
        .description(Some(
            "What another cluster signed for this one call. The document on federation tells what is in it.",
        ))
        .build();
    ComponentsBuilder::new()
        .security_scheme("mail_token", SecurityScheme::Http(token))
        .security_scheme("federation_token", SecurityScheme::Http(cluster))
        .build()
}

/// Says of calls what else can go wrong in them: those errors, a fault of ours, and that it takes too long.
pub(crate) fn failing(
    calls: UtoipaMethodRouter<AppState>,
    errors: &[HttpError],
) -> UtoipaMethodRouter<AppState> {
    failing_at_once(failing_at_once(calls, errors), &[HttpError::TimedOut])
}

/// The same of calls that are answered at once, each with the problem that is answered then.
pub(crate) fn failing_at_once(
    (mut schemas, mut paths, router): UtoipaMethodRouter<AppState>,
    errors: &[HttpError],
) -> UtoipaMethodRouter<AppState> {
    schemas.push((Problem::name().into(), Problem::schema()));
    for operation in paths.paths.values_mut().flat_map(operations) {
        for error in errors.iter().chain(&[HttpError::Internal]) {
            add(operation, &error.problem());
        }
    }
    (schemas, paths, router)
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

/// Adds a problem to what a call may answer: an example of the response of its status.
fn add(operation: &mut Operation, problem: &Problem) {
    let responses = &mut operation.responses.responses;
    let of_status = responses
        .entry(problem.status.to_string())
        .or_insert_with(|| RefOr::T(fresh(problem)));
    let RefOr::T(response) = of_status else {
        return;
    };
    let example = ExampleBuilder::new()
        .summary(problem.title.clone())
        .value(serde_json::to_value(problem).ok())
        .build();
    if let Some(content) = response.content.get_mut(PROBLEM_JSON) {
        content
            .examples
            .insert(problem.kind.clone(), RefOr::T(example));
    }
    if !response.description.contains(&problem.title) {
        if !response.description.is_empty() {
            response.description.push_str(" Or: ");
        }
        response.description.push_str(&problem.title);
        response.description.push('.');
    }
}

/// A response of that problem's status, without an example yet.
fn fresh(problem: &Problem) -> Response {
    let mut response = Response::new("");
    let schema = Ref::from_schema_name(Problem::name());
    let content = ContentBuilder::new().schema(Some(schema)).build();
    response.content.insert(PROBLEM_JSON.into(), content);
    if problem.status == 401 {
        let scheme = HeaderBuilder::new().description(Some("`Bearer`")).build();
        response.headers.insert("WWW-Authenticate".into(), scheme);
    }
    if matches!(problem.status, 429 | 503) {
        let seconds = HeaderBuilder::new()
            .schema(u32::schema())
            .description(Some("Seconds to wait."))
            .build();
        response.headers.insert("Retry-After".into(), seconds);
    }
    response
}
