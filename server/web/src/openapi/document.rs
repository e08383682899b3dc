//! `/api/openapi.json`: the API's description of itself (OpenAPI 3.1), generated from the code.

use crate::documents::too_many_changes;
use crate::error::{HttpError, PROBLEM_JSON};
use crate::extract::key_reused;
use crate::site::Site;
use axum::Extension;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use bytes::Bytes;
use edge::{ChangeError, LinkError};
use protocol::Problem;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{
    Components, ComponentsBuilder, InfoBuilder, License, OpenApi, OpenApiBuilder, Ref, RefOr,
    Response, ResponseBuilder, Server,
};

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
    /// Completes what a site says of its API with the description of all calls, and has the site refine it.
    ///
    /// # Errors
    /// None that a description can cause.
    pub(crate) fn of(
        mut document: OpenApi,
        calls: OpenApi,
        refine: fn(&mut Value),
    ) -> Result<Self, serde_json::Error> {
        document.merge(calls);
        for operation in document.paths.paths.values_mut().flat_map(operations) {
            for (name, status, _) in FAILURES {
                let failure = RefOr::Ref(Ref::from_response_name(name));
                operation.responses.responses.insert(status.into(), failure);
            }
        }
        let mut document = serde_json::to_value(document)?;
        refine(&mut document);
        serde_json::to_vec_pretty(&document).map(|json| Self(json.into()))
    }
}

/// What a site says of its API besides its calls.
pub(crate) fn describe(site: &Site) -> OpenApi {
    let licence = site.licence.map(|expression| {
        let mut licence = License::new(expression);
        licence.identifier = Some(expression.into());
        licence
    });
    let info = InfoBuilder::new()
        .title(site.name)
        .version(site.version)
        .description(site.about)
        .license(licence)
        .build();
    OpenApiBuilder::new()
        .info(info)
        .components(Some(components()))
        .servers(Some([Server::new("/")]))
        .build()
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

/// The shared parts: the responses of failed calls.
fn components() -> Components {
    let mut components = ComponentsBuilder::new().schema_from::<Problem>();
    for (name, status, description) in FAILURES {
        components = components.response(name, failure(status, description));
    }
    components.build()
}

/// A response with problem details, and examples of its class of statuses.
fn failure(class: &str, description: &str) -> Response {
    let examples: [HttpError; 7] = [
        HttpError::bad_body("`device_id` has 8 to 128 visible ASCII characters"),
        key_reused(),
        ChangeError::Unknown.into(),
        too_many_changes(9),
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
